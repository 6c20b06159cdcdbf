"""The scripts of the queue's page. Without them it works by forms, and is loaded anew each time."""

from js_asset import ImportMap, Media, Script

PARTS = ("server", "cards", "deciding", "changes", "keys", "pulse")

queue_style = Media(css={"all": ["css/queue.css", "css/queue-work.css"]})
# Modules import each other by these names: the files have a hash in theirs.
queue_media = queue_style + Media(
    importmap=ImportMap({f"newsroom/queue-{part}": f"js/queue-{part}.js" for part in PARTS}),
    js=[Script("js/queue.js", type="module")],
)
