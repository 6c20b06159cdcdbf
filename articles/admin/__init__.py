from articles.admin import (
    article,
    former_slug,
    front,
    image,
    move_report,
    page,
    taxonomy,
)
from articles.admin.wire import desk as wire_desk
from articles.admin.wire import streams as wire_streams

__all__ = [
    "article",
    "former_slug",
    "front",
    "image",
    "move_report",
    "page",
    "taxonomy",
    "wire_desk",
    "wire_streams",
]
