"""Which wires readers see without a person having read them: those that an editor said so of."""

from articles.models import WireEvent, WireItem, WireStream
from articles.wire import taking


def let_out(item: WireItem) -> bool:
    """Take a new wire and publish it, as its stream is set up. An embargo holds all the same."""
    if not (item.is_new and item.is_usable and _is_meant(item)):
        return False
    by = item.stream.set_up_by
    article = taking.take(item, by=by)
    article.publish(by=by, note="")
    WireEvent.objects.create(item=item, kind=WireEvent.Kind.PUBLISHED, version=item.version, by=by)
    return True


def _is_meant(item: WireItem) -> bool:
    stream, newest = item.stream, item.newest
    if newest is None or not newest.body or not newest.headline:
        return False  # nothing to be read, or a picture alone
    if stream.auto_publish == WireStream.AutoPublish.TOPICS:
        return newest.topics.filter(pk__in=stream.auto_topics.values("pk")).exists()
    return stream.auto_publish == WireStream.AutoPublish.ALL
