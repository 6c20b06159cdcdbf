"""Where the time of a page goes that is dearer than it may be: functions by their own time."""

from tests.running import Running

FUNCTIONS = 10
# In the newsroom's own state, in one process and one thread, as a server has it when it is warm.
PROFILE = """
import cProfile, pstats
from pathlib import Path
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
handler, factory = WSGIHandler(), RequestFactory(SERVER_NAME="localhost")
def draw():
    answer = handler(factory.get({path!r}).environ, lambda status, headers, error=None: None)
    assert answer.status_code == 200, answer.status_code
    b"".join(answer)
    answer.close()
for _ in range(3):
    draw()
profile = cProfile.Profile()
profile.enable()
for _ in range(20):
    draw()
profile.disable()
found = pstats.Stats(profile).stats
whole = sum(each[2] for each in found.values())
for (file, line, name), each in sorted(found.items(), key=lambda item: -item[1][2])[:{most}]:
    place = "" if file == "~" else "/".join(Path(file).parts[-2:]) + " "
    print(f"{{100 * each[2] / whole:.0f}} % `{{place}}{{name}}`")
"""


def where_time_goes(newsroom: Running, path: str) -> str:
    """The ten functions with most time of their own, and their shares of the whole; the profiler's
    own price makes many small functions look dearer than they are."""
    lines = newsroom.run(PROFILE.format(path=path, most=FUNCTIONS)).splitlines()
    return "profile: " + ", ".join(lines)
