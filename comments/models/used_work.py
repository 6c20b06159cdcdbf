from datetime import datetime

from django.db import models
from django.utils import timezone


class UsedWorkQuerySet(models.QuerySet["UsedWork"]):
    def use(self, digest: str, *, until: datetime) -> bool:
        """Whether this solution counts: the first time that it comes."""
        return self.get_or_create(digest=digest, defaults={"until": until})[1]

    def due_for_erasure(self) -> "UsedWorkQuerySet":
        """Those whose challenge has run out count no more, used or not."""
        return self.filter(until__lt=timezone.now())


class UsedWork(models.Model):
    """A solution of a challenge that came with a reply, kept until the challenge runs out."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    until = models.DateTimeField(db_index=True, editable=False)

    objects = UsedWorkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Solution {self.pk}"
