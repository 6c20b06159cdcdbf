from typing import Any

from django.db import models


class CountedField(models.PositiveIntegerField):
    """A number of rows elsewhere, written by `QuerySet.update()` alone.

    Saving a piece leaves it as it is in the database, and reads it anew: what somebody has loaded
    before is no reason to write an older number over it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"default": 0, "editable": False})

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        return super().pre_save(model_instance, add) if add else models.F(self.attname)
