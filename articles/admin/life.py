"""Decisions about one piece that are confirmed on a page of their own, with the reason."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from articles.admin.desk_page import desk_page, draw
from articles.admin.times import spelled
from articles.models import Article


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Note for the desk"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept in the history of the piece. Readers never see it."),
    )


class SendBackForm(NoteForm):
    note = forms.CharField(
        label=_("What is missing"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Whoever wrote the piece finds it in its history. Readers never see it."),
    )


class WithdrawalForm(NoteForm):
    reason = forms.CharField(
        label=_("Reason for readers"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Stands at the address of the piece and in the feed. Don't repeat here what was wrong."
        ),
    )

    field_order = ["reason", "note"]


def urls(model_admin: ModelAdmin) -> list[URLPattern]:
    views = {"withdrawal/": withdrawal, "return/": bring_back, "sending-back/": send_back}
    return [desk_page(model_admin, route, view, needs="publish") for route, view in views.items()]


@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal(request: HttpRequest, article: Article) -> HttpResponse:
    """Take a piece from the site. Readers are given a reason where they have seen it."""
    form = WithdrawalForm if article.is_public else NoteForm
    return _decide(
        request,
        article,
        form,
        fits=article.is_published,
        verb=Article.withdraw,
        page=(_("Withdraw this piece"), "withdrawal.html"),
        done=_("The piece is withdrawn."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def bring_back(request: HttpRequest, article: Article) -> HttpResponse:
    return _decide(
        request,
        article,
        NoteForm,
        fits=article.is_withdrawn,
        verb=Article.bring_back,
        page=(_("Bring this piece back"), "bring_back.html"),
        done=_("The piece is back."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: HttpRequest, article: Article) -> HttpResponse:
    return _decide(
        request,
        article,
        SendBackForm,
        fits=article.is_in_review or article.is_scheduled,
        verb=Article.send_back,
        page=(_("Send this piece back"), "send_back.html"),
        done=_("The piece is a draft again."),
    )


def _decide(
    request: HttpRequest,
    article: Article,
    form_class: type[NoteForm],
    *,
    fits: bool,
    verb: Callable[..., bool],
    page: tuple[Any, str],
    done: Any,
) -> HttpResponse:
    """Ask, or do it. Where somebody else was first, nothing is done, and that is said."""
    form = form_class(request.POST if request.method == "POST" else None)
    if fits and not form.is_valid():
        title, template = page
        return draw(
            request,
            f"admin/articles/life/{template}",
            article,
            str(title),
            status=422 if form.is_bound else 200,
            form=form,
        )
    if fits and verb(article, by=cast(User, request.user), **form.cleaned_data):
        tell(request, article, done)
    else:
        messages.warning(
            request,
            _("Nothing was done: the piece is in another state (%(state)s) by now.")
            % {"state": article.get_status_display()},
        )
    return redirect("admin:articles_article_change", article.pk)


def tell(request: HttpRequest, article: Article, *before: Any) -> None:
    """What readers see of the piece from now on."""
    said = [str(each) for each in before]
    if article.is_scheduled and article.public_from:
        said.append(_("Readers see it from %s on.") % spelled(article.public_from))
    elif article.is_public and article.published_at:
        said.append(_("Readers see it now, dated %s.") % spelled(article.published_at))
    if said:
        messages.success(request, " ".join(said))
