from typing import Any

from django import forms
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import Script

from articles.body_html import EDITOR


class BodyWidget(AdminProseEditorWidget):  # type: ignore[misc]
    """The rich text editor, offering what a body may contain. Without scripts: the HTML itself."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, config=EDITOR, preset="configurable")

    @property
    def media(self) -> forms.Media:
        media: forms.Media = super().media
        return media + forms.Media(
            css={"all": ["css/admin-editor.css"]},
            js=[Script("js/admin-editor.js", type="module")],
        )
