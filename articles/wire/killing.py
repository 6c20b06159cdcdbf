"""What an agency takes back: killed for good, or withheld until it is usable again."""

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles.models import Article, WireEvent, WireItem, WireVersion

Kind = WireEvent.Kind


def kill(item: WireItem, article: Article, version: WireVersion) -> None:
    """Withdraw the piece at once, and tell the desk. Its text stays for the desk to read, whatever
    the kill came with: most have none."""
    by = item.stream.set_up_by
    note = " ".join(version.advisory.split())[:500]
    article.withdraw(by=by, reason=_("The agency has withdrawn this piece."), note=note)
    item.was_killed, item.needs_person = True, True
    item.save(update_fields=["was_killed", "needs_person"])
    WireEvent.objects.create(
        item=item, kind=Kind.KILLED, version=version.number, by=by, note=note[:300]
    )
    tell_desk(item)


def withhold(item: WireItem, article: Article, version: WireVersion) -> None:
    """Take the piece from readers until a version comes that may be used."""
    by = item.stream.set_up_by
    if article.withdraw(by=by, reason=_("The agency withholds this piece for now.")):
        item.withheld_at = article.withdrawn_at
        item.save(update_fields=["withheld_at"])
    WireEvent.objects.create(item=item, kind=Kind.WITHHELD, version=version.number, by=by)


def free(item: WireItem, article: Article) -> None:
    """Undo withhold(), unless the desk has decided on the piece since."""
    if item.withheld_at is None:
        return
    is_ours = article.is_withdrawn and article.withdrawn_at == item.withheld_at
    item.withheld_at = None
    item.save(update_fields=["withheld_at"])
    if is_ours and not item.needs_person and not item.embargo_is_unclear:
        by = item.stream.set_up_by
        article.bring_back(by=by, note=_("The agency allows it again."))
        WireEvent.objects.create(item=item, kind=Kind.FREED, version=item.version, by=by)
    elif is_ours:
        item.needs_person = True
        item.save(update_fields=["needs_person"])


def tell_desk(item: WireItem) -> None:
    """By a mail to each who can act, when the transaction has committed: the queue is in the
    database."""
    from articles.tasks import mail_kill  # noqa: PLC0415 - tasks import the models

    for user in told():
        mail_kill.enqueue(item.pk, user.pk)


def told() -> QuerySet[User]:
    """Those of the desk who may withdraw and publish, and have an address."""
    able = User.objects.with_perm(
        "articles.publish_article", backend="django.contrib.auth.backends.ModelBackend"
    )
    return able.filter(is_active=True, is_staff=True).exclude(email="").order_by("pk")
