from typing import Any

from django import forms
from django.urls import reverse
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import ImportMap, Media, Script

from articles.admin.picture_field import chooser_media

# What the editor offers: what a body may contain, in the names of its parts.
EDITOR = {
    "extensions": {
        "Bold": True,
        "Italic": True,
        "Heading": {"levels": [2, 3]},
        "BulletList": True,
        "OrderedList": True,
        "ListItem": True,
        "Blockquote": True,
        "QuoteSource": True,
        "Picture": True,
        "Caption": True,
        "Credit": True,
        "Table": True,
        "TableRow": True,
        "TableHeader": True,
        "TableCell": True,
        "LinkCard": True,
        "Recording": True,
        "HorizontalRule": True,
        "HardBreak": True,
        "Link": {
            "autolink": False,
            "enableTarget": False,
            "protocols": ["http", "https", "mailto"],
        },
        "Pasting": True,
        "Prompts": True,
        "NoSpellCheck": False,
    }
}

# Modules that bring parts of the editor, or take the place of those of the package.
PARTS = ["toolbar", "lists", "quotation", "picture", "cards", "recordings", "table", "pasting"]
SHARED = ["dialog", "blocks"]


class BodyWidget(AdminProseEditorWidget):  # type: ignore[misc]
    """The rich text editor, offering what a body may contain. Without scripts: the HTML itself."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, config=EDITOR, preset="configurable")

    def get_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().get_config()
        return config | {"js_modules": [f"newsroom/editor-{part}" for part in PARTS]}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        library = reverse("admin:articles_image_library")
        context["widget"]["attrs"]["data-library-url"] = library
        return context

    @property
    def media(self) -> forms.Media:
        modules = {f"newsroom/editor-{name}": f"js/editor-{name}.js" for name in PARTS + SHARED}
        own = Media(
            importmap=ImportMap(modules),
            css={"all": ["css/admin-editor.css"]},
            js=[
                Script("js/admin-editor.js", type="module"),
                Script("js/desk-counts.js", type="module"),
            ],
        )
        media: forms.Media = super().media + chooser_media + own
        return media
