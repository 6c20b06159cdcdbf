from typing import Any

from django import forms


class ReaderForm(forms.Form):
    """A form of the public pages: each field's name is its id, as browsers know it."""

    error_css_class = "has-error"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "%s", "label_suffix": ""} | kwargs)

    def empty(self, field: str) -> None:
        """Draw `field` without what was sent in it."""
        self.data = {name: self.data[name] for name in self.data} | {field: ""}
