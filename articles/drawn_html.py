"""The body as readers get it, made from the clean body once, when it is written."""

from typing import Any

from django.db import models


def draw(html: str) -> str:
    """The clean `html` of a body with pictures in all their sizes."""
    return html


class DrawnBodyField(models.TextField):
    """The body of the same row as readers get it. Stands after it, so that it is clean by then."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"editable": False, "default": ""})

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        html = draw(model_instance.body)  # type: ignore[attr-defined]
        setattr(model_instance, self.attname, html)
        return html
