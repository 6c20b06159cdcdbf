"""What nobody took is not kept for ever: the agency's rights in its text are not the newsroom's."""

from datetime import timedelta
from itertools import batched

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from articles.models import WireItem, WireVersion

AT_ONCE = 200


def forget_due() -> int:
    """Erase the texts and original bytes of what nobody took within WIRE_DAYS; how many items.

    Their identifiers and the numbers of their versions stay, so that a repeat is known as one.
    """
    before = timezone.now() - timedelta(days=settings.WIRE_DAYS)
    due = list(WireItem.objects.due_to_be_forgotten(before).values_list("pk", flat=True))
    for chunk in batched(due, AT_ONCE):
        _forget(list(chunk), before=before)
    return len(due)


def _forget(pks: list[int], **when: object) -> None:
    with transaction.atomic():
        rows = WireItem.objects.select_for_update().filter(pk__in=pks)
        due = [each.pk for each in rows.due_to_be_forgotten(**when)]  # type: ignore[arg-type]
        WireItem.objects.filter(pk__in=due).update(
            state=WireItem.State.FORGOTTEN, newest=None, search_text="", group=""
        )
        WireVersion.objects.filter(item__in=due).delete()
