"""The form in which somebody says which part of the log they want to see."""

from collections.abc import Iterator
from datetime import date
from typing import Any, cast
from urllib.parse import unquote

from django import forms
from django.contrib.auth.models import User
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article
from comments.decision_log import LogChoice
from comments.models import Decision
from comments.models.decision import Kind, Status
from comments.moderation.rule_names import OF_DECISIONS, OF_FINDINGS
from newsroom.primary_keys import is_key

KEYS = ("article", "reply", "batch")  # that links of other pages say
SENSIBLE = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))]


class NumberField(forms.CharField):
    """A primary key, from a link; None where there is none."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if text and not is_key(text):
            raise forms.ValidationError(_("That is no number of anything."))
        return int(text) if text else None


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, person: Any) -> str:
        return str(person.get_username())


class DayField(forms.DateField):
    def __init__(self, **options: Any) -> None:
        # Browsers send days like that, whatever they show.
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], validators=SENSIBLE, **options)


def _or_all(choices: Any) -> list[tuple[str, Any]]:
    return [("", _("all")), *choices]


class LogForm(forms.Form):
    """Reads the address of the log; `choice` is what it asks for, once it is valid."""

    by = PersonField(
        label=gettext_lazy("Person"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("all"),
    )
    rule = forms.ChoiceField(
        label=gettext_lazy("Rule"),
        required=False,
        choices=lambda: _or_all([*OF_FINDINGS.items(), *OF_DECISIONS.items()]),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("About"), required=False, choices=lambda: _or_all(Kind.choices)
    )
    from_status = forms.ChoiceField(
        label=gettext_lazy("From"), required=False, choices=lambda: _or_all(Status.choices)
    )
    to_status = forms.ChoiceField(
        label=gettext_lazy("To"), required=False, choices=lambda: _or_all(Status.choices)
    )
    since = DayField(label=gettext_lazy("Since"), required=False)
    until = DayField(label=gettext_lazy("Until"), required=False)
    article, reply, batch = (NumberField(required=False) for _key in KEYS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["by"]).queryset = _deciders()

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("That is before the first day."))
        if not self.errors:
            person = data["by"]
            self.choice = LogChoice(**data | {"by": person.pk if person else None})
        return data


class FilterForm(LogForm):
    """Sent by POST: what somebody types for a piece is looked up, and stands in no address."""

    piece = forms.CharField(
        label=gettext_lazy("Piece (address or number)"), required=False, max_length=300
    )

    field_order = ["by", "rule", "kind", "from_status", "to_status", "since", "until", "piece"]

    def clean_piece(self) -> int | None:
        text: str = self.cleaned_data["piece"].strip()
        if not text:
            return None
        path = unquote(text).replace("\0", "").partition("?")[0].partition("#")[0].rstrip("/")
        meant = {"pk": int(text)} if is_key(text) else {"slug": path.rpartition("/")[2]}
        found: int | None = Article.objects.filter(**meant).values_list("pk", flat=True).first()
        if found is None:
            raise forms.ValidationError(_("There is no such piece."))
        return found

    def clean(self) -> dict[str, Any]:
        piece = self.cleaned_data.pop("piece", None)
        self.cleaned_data["article"] = piece
        return super().clean()


def form_of(choice: LogChoice) -> FilterForm:
    """With what is chosen now."""
    said = {name: getattr(choice, name) or "" for name in LogForm.base_fields}
    return FilterForm(initial=said | {"piece": choice.article or ""})


def errors_of(form: forms.Form) -> Iterator[str]:
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else None
        yield from (f"{label or name}: {error}" for error in errors)


def _deciders() -> QuerySet[User]:
    """Who has ever decided."""
    decisions = Decision.objects.filter(by=OuterRef("pk"))
    return User.objects.filter(Exists(decisions)).order_by("username")
