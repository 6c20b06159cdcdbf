"""Records that are written once: who decided what, and why."""

from typing import Any, NoReturn

from django.db import models


class RecordsAreFinal(Exception):
    """A record of a decision can be neither changed nor deleted."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise RecordsAreFinal

    def delete(self) -> NoReturn:
        raise RecordsAreFinal

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RecordsAreFinal

    def bulk_create(self, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("update_conflicts"):
            raise RecordsAreFinal
        return super().bulk_create(*args, **kwargs)


class AppendOnly(models.Model):
    """A model whose rows can be added and read, nothing else. Raises RecordsAreFinal.

    Give it `base_manager_name = "objects"`: related managers' add() and set() go through the
    base manager.
    """

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RecordsAreFinal
        # An object with the key of an existing row would be written over it otherwise.
        super().save(*args, **kwargs | {"force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RecordsAreFinal
