"""The field of a form in which a picture is chosen, and the scripts of the library."""

from typing import Any

from django import forms
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from js_asset import ImportMap, Media, Script

from articles.models import Article, Image

CSS = {"all": ["css/admin-pictures.css"]}

# Modules import each other by these names: the files have a hash in theirs.
chooser_media = Media(
    importmap=ImportMap(
        {
            "newsroom/picture-chooser": "js/picture-chooser.js",
            "newsroom/picture-upload": "js/picture-upload.js",
        }
    ),
    css=CSS,
)
library_media = chooser_media + Media(
    js=[
        Script("js/picture-library.js", type="module"),
        Script("js/picture-focus.js", type="module"),
    ]
)


class PictureInput(forms.NumberInput):
    """Shows the picture, and a button that opens the library. Without scripts: its number."""

    template_name = "admin/articles/image/picture_input.html"

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> str:
        """Among the admin's templates, where Django does not look for those of widgets."""
        return render_to_string(template_name, context)

    @property
    def media(self) -> Any:
        return chooser_media + Media(js=[Script("js/picture-field.js", type="module")])

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        number = str(value or "")
        is_number = number.isdecimal() and len(number) < 19
        context["image"] = Image.objects.filter(pk=number).first() if is_number else None
        context["library"] = reverse("admin:articles_image_changelist")
        context["library_url"] = reverse("admin:articles_image_library")
        return context


class PictureField(forms.ModelChoiceField):
    widget = PictureInput
    default_error_messages = {
        "invalid_choice": _("There is no such picture in the library, or it is withdrawn."),
    }


# What picture-field.js sends: the texts were offered in the form, and left as they came.
OFFERED = "lead_texts_offered"


class ChoosesLeadPicture:
    """For the ModelAdmin of pieces: the lead picture is chosen from the library.

    Its texts begin with those of the picture. Without scripts, they do so when it is saved.
    """

    def save_model(
        self, request: HttpRequest, obj: Article, form: forms.ModelForm, change: bool
    ) -> None:
        if obj.lead_image and "lead_image" in form.changed_data and OFFERED not in request.POST:
            if not obj.lead_is_decorative:
                obj.lead_alt = obj.lead_alt or obj.lead_image.alt
            obj.lead_caption = obj.lead_caption or obj.lead_image.caption
            obj.lead_credit = obj.lead_credit or obj.lead_image.credit
        super().save_model(request, obj, form, change)  # type: ignore[misc]

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name != "lead_image":
            return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        # One that was withdrawn since may stay: the piece stands without it meanwhile.
        match = request.resolver_match
        piece = str(match.kwargs.get("object_id", "")) if match else ""
        pieces = Article.objects.filter(pk__in=[piece] if piece.isdecimal() else [])
        return PictureField(
            queryset=Image.objects.filter(
                Q(withdrawn_at=None) | Q(pk__in=pieces.values("lead_image"))
            ),
            required=False,
            label=capfirst(db_field.verbose_name),
            help_text=db_field.help_text,
        )
