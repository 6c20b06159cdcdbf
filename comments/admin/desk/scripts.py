"""The scripts of the queue's page. Without them it works by forms, and is loaded anew each time."""

from js_asset import ImportMap, Media, Script

PARTS = ("server", "cards", "deciding", "changes", "keys", "pulse")

# Modules import each other by these names: the files have a hash in theirs.
queue_media = Media(
    importmap=ImportMap({f"newsroom/queue-{part}": f"js/queue-{part}.js" for part in PARTS}),
    css={"all": ["css/queue.css", "css/queue-work.css"]},
    js=[Script("js/queue.js", type="module")],
)
