"""The pieces that an editor shows with a piece, before those that are found by its topics."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles.admin.article_search import search
from articles.admin.desk_page import desk_page, draw
from articles.admin.front_pool import Choices, label
from articles.models import Article, Pin
from articles.related import beside

NEWEST, FOUND = 30, 30
LONGEST_SEARCH = 100


class RelatedForm(forms.Form):
    """A place for each pin. `read` tells which stood there when the form was opened."""

    q = forms.CharField(
        label=gettext_lazy("More pieces to choose from:"),
        required=False,
        max_length=LONGEST_SEARCH,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    read = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, article: Article) -> None:
        self.article = article
        self.pinned = list(Pin.objects.filter(article=article).values_list("piece", flat=True))
        initial: dict[str, Any] = {"read": self.fingerprint}
        initial |= {f"place-{place}": pk for place, pk in enumerate(self.pinned)}
        super().__init__(data, initial=initial)
        words = data.get("q", "") if data is not None else ""
        self.words = words.replace("\0", "")[:LONGEST_SEARCH]
        self.found: list[Article] = []
        choices = self._choices()
        for place in range(Pin.MOST):
            name = _("Place %(number)d") % {"number": place + 1}
            self.fields[f"place-{place}"] = forms.ChoiceField(
                label=name, required=False, choices=choices
            )

    @property
    def fingerprint(self) -> str:
        return ".".join(map(str, self.pinned))

    @property
    def places(self) -> list[forms.BoundField]:
        return [self[f"place-{place}"] for place in range(Pin.MOST)]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("read") != self.fingerprint:
            again = cast(QueryDict, self.data).copy()
            again["read"] = self.fingerprint
            self.data = again
            raise ValidationError(
                _(
                    "Somebody has changed this since you opened the page. Nothing was saved; "
                    "saving again replaces theirs."
                )
            )
        return data

    def save(self, *, by: User) -> bool:
        """Raises ValidationError for what can't be pinned together."""
        chosen = [self.cleaned_data[place.name] for place in self.places]
        return Pin.objects.pin(self.article.pk, [int(pk) for pk in chosen if pk], by=by)

    def _choices(self) -> Choices:
        """What a search finds, what is pinned or found by the topics already, and the newest."""
        published = Article.objects.filter(status=Article.Status.PUBLISHED)
        published = published.exclude(pk=self.article.pk).order_by("-published_at", "-pk")
        shown: list[Article] = []
        if self.words:
            self.found = self._listed(search(published, self.words)[:FOUND])
        if self.article.is_public:
            shown = self._listed(Article.objects.filter(pk__in=self._shown()))
        groups = {
            _("Found"): self.found,
            _("Pinned"): self._listed(Article.objects.filter(pk__in=self.pinned)),
            _("Related by topic"): shown,
            _("Newest"): self._listed(published[:NEWEST]),
        }
        choices: Choices = [("", _("By topic, on its own"))]
        seen: set[int] = set()
        for name, pieces in groups.items():
            new = [(str(each.pk), label(each)) for each in pieces if each.pk not in seen]
            seen.update(each.pk for each in pieces)
            if new:
                choices.append((name, new))
        return choices

    def _shown(self) -> list[int]:
        return [each.pk for each in beside(self.article).related]

    @staticmethod
    def _listed(pieces: Any) -> list[Article]:
        fields = ("headline", "status", "published_at", "embargo_until", "section__name")
        return list(pieces.select_related("section").only(*fields))


def urls(model_admin: ModelAdmin) -> list[URLPattern]:
    return [desk_page(model_admin, "related/", related, needs="publish")]


@require_http_methods(["GET", "HEAD", "POST"])
def related(request: HttpRequest, article: Article) -> HttpResponse:
    """Which pieces are pinned to this one; POST pins others, or searches for more to choose."""
    form = RelatedForm(request.POST if request.method == "POST" else None, article)
    is_search = "_search" in request.POST
    if request.method == "POST" and not is_search and form.is_valid():
        try:
            changed = form.save(by=cast(User, request.user))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            done = _("The related pieces are saved.") if changed else _("Nothing has changed.")
            messages.success(request, done)
            return redirect("admin:articles_article_related", article.pk)
    refused = request.method == "POST" and not is_search
    return draw(
        request,
        "admin/articles/related.html",
        article,
        _("Related pieces"),
        status=422 if refused else 200,
        form=form,
        is_search=is_search,
    )
