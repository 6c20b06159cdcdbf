import logging
from datetime import datetime
from itertools import batched

from django.conf import settings
from django.tasks import task

from articles import renditions, share_images, websub
from articles.content import content_of
from articles.models import Article, Image, SearchEntry, WireStream
from articles.models.search_entry import AT_ONCE
from articles.wire import forgetting, kill_mail, looking
from articles.wire import pictures as wire_pictures
from newsroom.retrying import ATTEMPTS, later
from newsroom.staff import MailNotSent

# Of a walk through all pieces: how many are looked at, and how many pictures made, at a time, so
# that other work is not kept waiting.
LOOKED_AT, MADE = 500, 20

log = logging.getLogger(__name__)


@task
def make_renditions(image_id: int, attempt: int = 1) -> None:
    """Make the files of a picture, or try again later: after 1, 2, 4 … 64 minutes."""
    image = Image.objects.filter(pk=image_id).first()
    if image is None:
        return
    try:
        renditions.make(image)
    except OSError:
        if attempt == ATTEMPTS:
            raise
        make_renditions.using(run_after=later(attempt)).enqueue(image_id, attempt + 1)


@task
def make_share_image(article_id: int, attempt: int = 1) -> None:
    """Make the share picture of a piece or remove it, or try again later, as above."""
    try:
        share_images.make(article_id)
    except OSError:
        if attempt == ATTEMPTS:
            raise
        make_share_image.using(run_after=later(attempt)).enqueue(article_id, attempt + 1)


@task(priority=-10)
def make_share_images(section: int | None = None, lead: int | None = None, after: int = 0) -> None:
    """The same for all published pieces, those of a section, or those that a picture leads: for
    some of them now, and for the others in further tasks."""
    due, further = share_images.outdated(after=after, most=LOOKED_AT, section=section, lead=lead)
    for article in due[:MADE]:
        make_share_image.call(article)
    if len(due) > MADE:
        further = due[MADE - 1]
    if further is not None:
        make_share_images.enqueue(section=section, lead=lead, after=further)


@task
def tell_hub(lists: websub.Lists, attempt: int = 1) -> None:
    """Tell the hub that the feeds of these lists changed, or try again later, as above."""
    if not settings.WEBSUB_HUB:
        return
    try:
        websub.publish(websub.feeds_of(lists))
    except websub.HubFailed as error:
        log.warning("The hub was not told of a change: %s.", error)
        if error.permanent or attempt == ATTEMPTS:
            raise
        tell_hub.using(run_after=later(attempt)).enqueue(lists, attempt + 1)


@task
def tell_hub_when_public(article_id: int, moment: str) -> None:
    """The same for a piece whose `moment` has come, unless it was given another meanwhile."""
    article = Article.objects.published().filter(pk=article_id).first()
    if article and article.public_from == datetime.fromisoformat(moment):
        tell_hub.enqueue(websub.lists_of(content_of(article)))


@task
def look_at_wires() -> None:
    """Look at each wire whose time has come, in a task of its own."""
    for stream in WireStream.objects.due():
        look_at_wire.enqueue(stream.pk)


@task
def look_at_wire(stream_id: int, is_asked: bool = False) -> None:
    """Read what came in by a wire; `is_asked`: somebody at the desk wants it now."""
    streams = WireStream.objects.all() if is_asked else WireStream.objects.due()
    if stream := streams.filter(pk=stream_id).first():
        looking.look_at(stream)


@task
def take_wire_pictures(item_id: int, attempt: int = 1) -> None:
    """Bring the pictures of a wire into the library and its piece, or try again later, as above."""
    try:
        wire_pictures.take_in_all(item_id)
    except wire_pictures.NotAllThere:
        if attempt == ATTEMPTS:
            raise
        take_wire_pictures.using(run_after=later(attempt)).enqueue(item_id, attempt + 1)


@task
def forget_wires() -> None:
    forgetting.forget_due()


@task(queue_name="mail")
def mail_kill(item_id: int, user_id: int, attempt: int = 1) -> None:
    """Tell somebody of the desk that an agency has killed a wire, or try again later, as above."""
    try:
        kill_mail.send(item_id, user_id)
    except MailNotSent:
        if attempt == ATTEMPTS:
            raise
        mail_kill.using(run_after=later(attempt)).enqueue(item_id, user_id, attempt + 1)


@task
def index_pieces(pks: list[int]) -> None:
    """Let search know what they say now."""
    for chunk in batched(pks, AT_ONCE):
        SearchEntry.objects.follow_several(Article.objects.filter(pk__in=chunk))
