from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from articles.models import Byline

# Fields of the form that are none of the piece.
FORMS_OWN = {"opened", "note", "is_minor"}


class ArticleForm(forms.ModelForm):
    """Refuses, once, to save over what somebody else has saved since the form was opened."""

    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        help_text=_("Why it is submitted, sent back, published or withdrawn; kept in the history."),
    )

    is_minor = forms.BooleanField(
        label=_("Minor change"),
        required=False,
        help_text=_("Typing errors and the like: readers aren't told that the piece changed."),
    )

    class Meta:
        widgets = {"standfirst": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["opened"] = self.instance.updated_at.isoformat()

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        opened = self.initial.get("opened", "")
        if self.instance.pk and self.data.get("opened", opened) != opened:
            again = cast(QueryDict, self.data).copy()
            again["opened"] = opened
            self.data = again
            raise ValidationError(
                _(
                    "Somebody has saved this piece since you opened it. Yours is below and is "
                    "not saved. Compare the two in another window; saving again replaces theirs."
                )
            )
        return data

    def clean_published_at(self) -> Any:
        if "published_at" not in self.changed_data:
            return self.instance.published_at  # which the form shows to the second only
        moment = self.cleaned_data["published_at"]
        if self.instance.is_published and moment is None:
            raise ValidationError(_("A published piece needs a publication time."))
        return moment


class BylineInline(admin.StackedInline):
    model = Byline
    fields = [("author", "position")]
    extra = 1
    verbose_name_plural = _("byline")
