"""What a new version of a taken wire does to its piece.

A text that the desk has not touched is replaced, as a revision; one that it edited waits for a
person, who compares the three. A kill, and a version that is withheld, take the piece from readers
at once; neither ever changes its text.
"""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.importers.wire.document import Signal
from articles.models import Article, Correction, PubStatus, WireEvent, WireItem, WireVersion
from articles.wire import killing
from articles.wire.lines import LABELS, lines_of_wire

Kind = WireEvent.Kind
MOST_OF_A_CORRECTION = 1000


def follow(item: WireItem, version: WireVersion) -> None:
    """Let the piece of a taken `item`, which is locked, follow its newest version."""
    article = Article.objects.select_for_update().get(wire_item=item)
    if version.pub_status == PubStatus.CANCELED:
        killing.kill(item, article, version)
        return
    if item.was_killed:
        _wait_for_person(item)  # what came back from a kill, nobody but a person lets out again
        return
    if version.pub_status == PubStatus.WITHHELD:
        killing.withhold(item, article, version)
    can_hold = _embargo_can_hold(article, version)
    if can_hold:
        _hold(item, article, version)
    if is_touched(item, article) or not version.body or not can_hold or version.embargo_is_unclear:
        _wait_for_person(item)
    else:
        _replace(item, article, version)
    if version.pub_status == PubStatus.USABLE:
        killing.free(item, article)


def is_touched(item: WireItem, article: Article) -> bool:
    """Whether the desk has changed what the wire gave: its text, or one of its lines."""
    taken = article.revisions.filter(number=item.taken_revision).first()
    if taken is None or taken.erased_at:
        return True
    return any(taken.content.get(name) != getattr(article, name) for name in ("body", *LABELS))


def _embargo_can_hold(article: Article, version: WireVersion) -> bool:
    """Readers who have seen a piece can't be made to wait for it: somebody must withdraw it."""
    is_held = version.embargo_is_unclear or (
        version.embargo_until is not None and version.embargo_until > timezone.now()
    )
    return not (is_held and article.is_public)


def _hold(item: WireItem, article: Article, version: WireVersion) -> None:
    """What nobody has seen yet waits for a later embargo, whoever wrote its text; and for a person,
    where the embargo cannot be read."""
    by = item.stream.set_up_by
    if version.embargo_is_unclear:
        article.send_back(by=by, note=_("The wire speaks of one and does not say until when."))
        return
    until, held = version.embargo_until, article.embargo_until
    if until is not None and not article.is_public and (held is None or until > held):
        article.embargo_until = until
        article.save(update_fields=["embargo_until", "updated_at"])
        article.record(
            by=by, note=_("Version %d of the wire has a later embargo.") % version.number
        )


def _replace(item: WireItem, article: Article, version: WireVersion) -> None:
    by = item.stream.set_up_by
    for name, value in lines_of_wire(version).items():
        if value or name != "headline":
            setattr(article, name, value)
    article.body = version.body
    if not article.is_public:
        article.embargo_until = version.embargo_until
    article.save()
    article.topics.add(*version.topics.all())
    advisory = version.advisory.replace("\n", " ")
    note = _("Version %(number)d of the wire. %(advisory)s") % {
        "number": version.number,
        "advisory": advisory,
    }
    revision = article.record(by=by, note=note.strip()[:500])
    item.taken_version, item.taken_revision, item.needs_person = version, revision.number, False
    item.save(update_fields=["taken_version", "taken_revision", "needs_person"])
    WireEvent.objects.create(item=item, kind=Kind.UPDATED, version=version.number, by=by)
    if version.signal == Signal.CORRECTION.value:
        _tell_readers(item, article, version)


def _tell_readers(item: WireItem, article: Article, version: WireVersion) -> None:
    """In the agency's words for readers. An advisory line is for desks: it is none of those."""
    words = " ".join(version.correction.split())[:MOST_OF_A_CORRECTION]
    if not article.is_public:
        return
    words = words or _("The agency has corrected this text.")
    by = item.stream.set_up_by
    try:
        article.correct(by=by, kind=Correction.Kind.CORRECTION, text=words)
    except ValidationError:
        _wait_for_person(item)
        return
    WireEvent.objects.create(item=item, kind=Kind.CORRECTED, version=version.number, by=by)


def _wait_for_person(item: WireItem) -> None:
    item.needs_person = True
    item.save(update_fields=["needs_person"])
