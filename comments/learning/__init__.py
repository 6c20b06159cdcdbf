"""What moderators will likely decide of what waits, learned from what they decided before.

`examples` are past decisions of people; `words` and `facts` what is read of a reply; `vectors`
hashes them; `training` learns from them, and `record` measures how far that is right, on decisions
it hadn't seen; `stored` keeps it without pickle; `predicting` reads what waits; `acting` decides by
itself, where the rules of the site say so and the record supports it.

scikit-learn is an optional install (`pip install .[learn]`). Without it nothing is learned, and all
else works: only `vectors`, `stored`, `training` and `predicting` import it, in the worker.
"""

from importlib.util import find_spec

RULE = "learned"  # stands in the log


def is_installed() -> bool:
    return find_spec("sklearn") is not None
