"""Decisions about many pieces at once: each is shown first, with what it will leave as it is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.advice import advice_on
from articles.admin.life import NoteForm, SendBackForm, WithdrawalForm
from articles.admin.times import spelled
from articles.models import Article, Section
from newsroom.admin.selection import ReadsSelection
from newsroom.primary_keys import is_key

MOST = 200  # are decided on in one go, for nobody else can write meanwhile
NAMED = 5  # of those that were left as they were


class SectionForm(forms.Form):
    section = forms.ModelChoiceField(Section.objects.all(), label=gettext_lazy("New section"))


@dataclass(frozen=True)
class Decision:
    """`obstacle` says why a piece is left as it is, or nothing; `outcome` what becomes of it;
    `advice` what its editor may want to change before."""

    name: str
    title: Any
    button: Any
    form: type[forms.Form]
    verb: Callable[..., bool]
    obstacle: Callable[[Article], str]
    outcome: Callable[[Article], str]
    advice: Callable[[Article], list[str]] | None = None

    @property
    def address(self) -> str:
        return reverse(f"admin:articles_article_{self.name}")


def _in_its_state(article: Article) -> str:
    if article.is_scheduled:
        return _("It is scheduled.")
    return _("It is in the state “%(state)s”.") % {"state": article.get_status_display()}


def _keeps_from_publishing(article: Article) -> str:
    if article.is_withdrawn:
        return _("It was withdrawn. Bring it back on its own page.")
    return _in_its_state(article) if article.is_published else ""


def _keeps_from_sending_back(article: Article) -> str:
    return "" if article.is_in_review or article.is_scheduled else _in_its_state(article)


def _keeps_from_withdrawal(article: Article) -> str:
    return "" if article.is_published else _in_its_state(article)


def _when_published(article: Article) -> str:
    moments = [each for each in (article.published_at, article.embargo_until) if each]
    return (
        _("Readers see it from %(moment)s on.") % {"moment": spelled(max(moments))}
        if moments
        else ""
    )


DECISIONS = {
    each.name: each
    for each in (
        Decision(
            "publish",
            gettext_lazy("Publish these pieces"),
            gettext_lazy("Publish"),
            NoteForm,
            Article.publish,
            _keeps_from_publishing,
            _when_published,
            advice_on,
        ),
        Decision(
            "send_back",
            gettext_lazy("Send these pieces back"),
            gettext_lazy("Send back"),
            SendBackForm,
            Article.send_back,
            _keeps_from_sending_back,
            lambda article: "",
        ),
        Decision(
            "move",
            gettext_lazy("Move these pieces to another section"),
            gettext_lazy("Move"),
            SectionForm,
            Article.move_to,
            lambda article: "",
            lambda article: str(article.section),
        ),
        Decision(
            "withdraw",
            gettext_lazy("Withdraw these pieces"),
            gettext_lazy("Withdraw"),
            WithdrawalForm,
            Article.withdraw,
            _keeps_from_withdrawal,
            lambda article: _("Nobody has seen it yet.") if article.is_scheduled else "",
        ),
    )
}


class DecidesOnMany(ReadsSelection, admin.ModelAdmin):
    """For the ModelAdmin of pieces: the actions of its list, for those who may publish."""

    actions = ["publish_many", "send_many_back", "move_many", "withdraw_many"]

    def get_urls(self) -> list[URLPattern]:
        pages = [
            path(
                f"many/{decision.name.replace('_', '-')}/",
                self.admin_site.admin_view(self._view(decision)),
                name=f"articles_article_{decision.name}",
            )
            for decision in DECISIONS.values()
        ]
        return [*pages, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """An action that is not offered is refused, where Django would only ask for another."""
        asked = set(request.POST.getlist("action")) & set(self.actions)
        if asked and not self.has_publish_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        return super().changelist_view(request, extra_context)

    @admin.action(description=gettext_lazy("Publish …"), permissions=["publish"])
    def publish_many(self, request: HttpRequest, articles: Any) -> HttpResponse | None:
        return ask(request, DECISIONS["publish"], articles)

    @admin.action(description=gettext_lazy("Send back …"), permissions=["publish"])
    def send_many_back(self, request: HttpRequest, articles: Any) -> HttpResponse | None:
        return ask(request, DECISIONS["send_back"], articles)

    @admin.action(description=gettext_lazy("Move to another section …"), permissions=["publish"])
    def move_many(self, request: HttpRequest, articles: Any) -> HttpResponse | None:
        return ask(request, DECISIONS["move"], articles)

    @admin.action(description=gettext_lazy("Withdraw …"), permissions=["publish"])
    def withdraw_many(self, request: HttpRequest, articles: Any) -> HttpResponse | None:
        return ask(request, DECISIONS["withdraw"], articles)

    def _view(self, decision: Decision) -> Callable[[HttpRequest], HttpResponse]:
        def decide_on_many(request: HttpRequest) -> HttpResponse:
            if not self.has_publish_permission(request):  # type: ignore[attr-defined]
                raise PermissionDenied
            if request.method != "POST":
                return HttpResponseRedirect(reverse("admin:articles_article_changelist"))
            return decide(request, decision)

        return decide_on_many


def ask(
    request: HttpRequest, decision: Decision, articles: QuerySet[Article]
) -> HttpResponse | None:
    """The page on which the decision is confirmed; None, with a message, for too many pieces."""
    keys = list(articles.order_by().values_list("pk", flat=True)[: MOST + 1])
    if len(keys) > MOST:
        messages.error(
            request,
            _(
                "At most %(most)d pieces can be decided on at once, and more are selected. "
                "Nothing was done. Narrow the list, or select fewer."
            )
            % {"most": MOST},
        )
        return None
    back = urlsplit(request.get_full_path()).query
    return _draw(request, decision, keys, decision.form(), back)


def decide(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Do it, in one transaction. What is in another state by now is left as it is and named."""
    keys = _keys(request.POST.getlist("piece"))
    back = request.POST.get("back", "")
    form = decision.form(request.POST)
    if len(keys) > MOST or not form.is_valid():
        if len(keys) > MOST:
            form.add_error(None, _("At most %d pieces can be decided on at once.") % MOST)
        return _draw(request, decision, keys[:MOST], form, back, status=422)
    done, left = 0, []
    with transaction.atomic():
        for article in sorted(_rows(keys), key=lambda article: article.pk):
            why = decision.obstacle(article) or _carry_out(request, decision, article, form)
            if why:
                left.append((article, why))
            else:
                done += 1
    _tell(request, done, left)
    return HttpResponseRedirect(_list_address(back))


def _carry_out(request: HttpRequest, decision: Decision, article: Article, form: forms.Form) -> str:
    """Why it could not be done, or nothing."""
    by = cast(User, request.user)
    try:
        with transaction.atomic():
            is_done = decision.verb(article, **form.cleaned_data, by=by)
    except ValidationError as error:
        return " ".join(error.messages)
    return "" if is_done else _("There was nothing to change.")


def _tell(request: HttpRequest, done: int, left: list[tuple[Article, str]]) -> None:
    if done:
        messages.success(request, ngettext("%d piece: done.", "%d pieces: done.", done) % done)
    if left:
        named = "; ".join(f"“{article}”: {why}" for article, why in left[:NAMED])
        number = len(left)
        messages.warning(
            request,
            ngettext(
                "%(number)d piece was left as it was. %(named)s",
                "%(number)d pieces were left as they were. %(named)s",
                number,
            )
            % {"number": number, "named": named + (" …" if number > NAMED else "")},
        )


def _keys(posted: Iterable[str]) -> list[int]:
    return sorted({int(key) for key in posted if is_key(key)})


def _rows(keys: list[int], *, with_body: bool = False) -> list[Article]:
    unread = {"body", "body_html", "desk_notes"} - ({"body"} if with_body else set())
    return list(
        Article.objects.filter(pk__in=keys)
        .select_related("section")
        .defer(*unread)
        .order_by("-updated_at", "-pk")
    )


def _list_address(back: str) -> str:
    rows = reverse("admin:articles_article_changelist")
    return f"{rows}?{back}" if back else rows


def _advice(decision: Decision, article: Article) -> list[str]:
    return decision.advice(article) if decision.advice else []


def _draw(
    request: HttpRequest,
    decision: Decision,
    keys: list[int],
    form: forms.Form,
    back: str,
    *,
    status: int = 200,
) -> HttpResponse:
    articles = _rows(keys, with_body=decision.advice is not None)
    judged = [(article, decision.obstacle(article)) for article in articles]
    will = [article for article, why in judged if not why]
    context = admin.site.each_context(request) | {
        "title": decision.title,
        "opts": Article._meta,
        "decision": decision,
        "will": [(each, decision.outcome(each), _advice(decision, each)) for each in will],
        "wont": [(article, why) for article, why in judged if why],
        "form": form,
        "back": back,
        "list_address": _list_address(back),
    }
    return TemplateResponse(request, "admin/articles/bulk/confirm.html", context, status=status)
