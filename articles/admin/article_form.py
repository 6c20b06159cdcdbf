from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict, ErrorList
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from articles.admin.collisions import (
    Collision,
    Values,
    find_collision,
    left_alone,
    saved_values,
    take_over,
    typed_values,
)
from articles.models import Article, Byline

# Fields of the form that are none of the piece.
FORMS_OWN = {"opened", "note", "is_minor"}


class ArticleForm(forms.ModelForm):
    """Refuses, once, to save over what somebody else has saved since the form was opened.

    `opened` is the version of the piece that it showed. After the refusal `collision` tells what
    happened, and the form holds the newer text in the fields that nobody had touched in it.
    """

    # What a working copy holds: the form is filled in with it, and nothing is checked yet.
    taken_up: QueryDict | None = None

    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        help_text=_("Why it is submitted, sent back or published; kept in the history."),
    )

    is_minor = forms.BooleanField(
        label=_("Minor change"),
        required=False,
        help_text=_("Typing errors and the like: readers aren't told that the piece changed."),
    )

    class Meta:
        widgets = {"standfirst": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if self.taken_up is not None:
            kwargs["data"] = self.taken_up
        super().__init__(*args, **kwargs)
        if self.taken_up is not None:
            self._errors = ErrorDict()
        self.collision: Collision | None = None
        self.theirs: Values = {}
        self.yours: Values = {}
        if self.instance.pk:
            self.initial["opened"] = str(self.instance.version)
        if "replies" in self.fields:
            self.fields["replies"].show_hidden_initial = True

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if self.instance.pk:
            self._leave_replies_alone(data or {})
            self.collision = find_collision(self.instance, self.data.get("opened", ""))
        if self.collision:
            self._take_theirs(self.collision)
            raise ValidationError(
                _(
                    "Somebody has saved this piece since you opened it. Nothing you typed is lost, "
                    "and nothing of it is saved yet: both texts stand side by side below. Saving "
                    "again replaces theirs where you changed something."
                )
            )
        return data

    def _leave_replies_alone(self, data: dict[str, Any]) -> None:
        """No version of the piece holds whether it takes replies. So what was not touched here
        stays as it is now, where somebody has closed them meanwhile."""
        if "replies" in data and "replies" not in self.changed_data:
            data["replies"] = self.instance.replies
        shown = self.data.get("replies_close_at_2", "")
        if "replies_close_at" in data and _written(data["replies_close_at"]) == shown:
            data["replies_close_at"] = self.instance.replies_close_at

    def _take_theirs(self, collision: Collision) -> None:
        self.theirs, self.yours = saved_values(self.instance), typed_values(self)
        again = cast(QueryDict, self.data).copy()
        take_over(again, self, left_alone(collision, self.theirs, self.yours))
        again["opened"] = str(self.instance.version)
        self.data = again

    def clean_published_at(self) -> Any:
        if "published_at" not in self.changed_data:
            return self.instance.published_at  # which the form shows to the second only
        moment = self.cleaned_data["published_at"]
        is_newer = self.data.get("opened", "") != self.initial.get("opened", "")
        if self.instance.is_published and moment is None and not is_newer:
            raise ValidationError(_("A published piece needs a publication time."))
        return moment


def _written(moment: datetime | None) -> str:
    """As the hidden part of the field has it."""
    return moment.isoformat() if moment else ""


class BylineFormSet(forms.BaseInlineFormSet):
    """The rows of the byline; `unchecked` where they only show what a working copy holds."""

    def __init__(self, *args: Any, unchecked: bool = False, **kwargs: Any) -> None:
        self.unchecked = unchecked
        super().__init__(*args, **kwargs)

    def full_clean(self) -> None:
        if self.unchecked:
            self._errors: list[Any] = []
            self._non_form_errors = ErrorList()
        else:
            super().full_clean()

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form: Any = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        if self.unchecked:
            form._errors = ErrorDict()
        return form


class BylineInline(admin.StackedInline):
    model = Byline
    formset = BylineFormSet
    fields = [("author", "position")]
    extra = 1
    verbose_name_plural = _("byline")


def typed_authors(data: QueryDict, prefix: str) -> list[str]:
    """The keys of the authors named in the rows that were sent, the smallest position first."""
    rows = [row for row in _rows(data, prefix) if row["author"] and not row["DELETE"]]
    return [row["author"] for row in sorted(rows, key=_position)]


def fit_rows(
    data: QueryDict, prefix: str, article: Article | None, *, theirs: bool = False
) -> QueryDict:
    """The rows that were sent, as a formset for the byline that the piece has now can read them.

    Rows of the byline that weren't sent are marked for deletion; with `theirs` they stay as they
    are, and nothing that was sent is in the answer.
    """
    sent = [] if theirs else _rows(data, prefix)
    fitted = QueryDict(mutable=True)
    saved = list(article.bylines.all()) if article and article.pk else []
    rows = []
    mine = _taken_from(sent, saved)
    for byline in saved:
        row = {"author": str(byline.author_id), "position": str(byline.position), "DELETE": ""}
        if not theirs:
            row |= mine.get(byline.pk, {"DELETE": "on"})
        rows.append(row | {"id": str(byline.pk)})
    rows += [row | {"id": ""} for row in sent if row["author"] and not row["DELETE"]]
    rows.append({"author": "", "position": "0", "DELETE": "", "id": ""})
    for number, row in enumerate(rows):
        for name, value in row.items():
            if value or name != "DELETE":
                fitted[f"{prefix}-{number}-{name}"] = value
    fitted[f"{prefix}-TOTAL_FORMS"] = str(len(rows))
    fitted[f"{prefix}-INITIAL_FORMS"] = str(len(saved))
    fitted[f"{prefix}-MIN_NUM_FORMS"], fitted[f"{prefix}-MAX_NUM_FORMS"] = "0", "1000"
    return fitted


def _taken_from(sent: list[dict[str, str]], saved: list[Byline]) -> dict[int, dict[str, str]]:
    """The rows sent for these bylines, by their own keys or else by their authors."""
    taken: dict[int, dict[str, str]] = {}
    for name, attribute in (("id", "pk"), ("author", "author_id")):
        for byline in saved:
            key = str(getattr(byline, attribute))
            row = next((row for row in sent if row[name] == key), None)
            if row and byline.pk not in taken:
                taken[byline.pk] = row
                sent.remove(row)
    return taken


def _rows(data: QueryDict, prefix: str) -> list[dict[str, str]]:
    total = data.get(f"{prefix}-TOTAL_FORMS", "")
    count = min(int(total), 1000) if total.isascii() and total.isdigit() and len(total) < 9 else 0
    names = ("author", "position", "id", "DELETE")
    return [
        {name: data.get(f"{prefix}-{number}-{name}", "") for name in names}
        for number in range(count)
    ]


def _position(row: dict[str, str]) -> int:
    position = row["position"]
    return int(position) if position.isascii() and position.isdigit() and len(position) < 9 else 0
