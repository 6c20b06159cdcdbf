"""What readers would get of a piece, at two widths, and the links that show it to others."""

from datetime import timedelta
from typing import cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, reverse
from django.utils.csp import CSP
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from articles.admin.desk_page import desk_page, draw
from articles.content import content_of
from articles.models import Article, PreviewLink, Revision, WorkingCopy
from articles.preview_links import address_of
from articles.preview_page import draw_preview, kept_out
from articles.revision_page import piece_of, piece_typed, piece_with
from newsroom.security_headers import set_policy

LASTS = {
    1: _("1 hour"),
    24: _("1 day"),
    3 * 24: _("3 days"),
    7 * 24: _("7 days"),
    14 * 24: _("14 days"),
    30 * 24: _("30 days"),
}


class LinkForm(forms.Form):
    """Makes a link to one revision of a piece: the one that was being looked at."""

    revision = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    hours = forms.TypedChoiceField(
        label=_("Good for"), choices=list(LASTS.items()), coerce=int, initial=3 * 24
    )


def urls(model_admin: ModelAdmin) -> list[URLPattern]:
    def preview(request: HttpRequest, article: Article) -> HttpResponse:
        """The page with the frames and the links."""
        return _page(model_admin, request, article)

    def preview_links(request: HttpRequest, article: Article) -> HttpResponse:
        """Make a link. The page comes back with what is wrong, where something is."""
        form = LinkForm(request.POST)
        if form.is_valid() and _made(form, article, cast(User, request.user)):
            messages.success(request, _("The link is made: copy its address from the list."))
            return HttpResponseRedirect(_address(article, "#links"))
        return _page(model_admin, request, article, form)

    def preview_revocation(request: HttpRequest, article: Article, link_id: int) -> HttpResponse:
        """End a link. Whoever made it may, and whoever may change the piece."""
        link = get_object_or_404(PreviewLink, pk=link_id, revision__article=article)
        if link.made_by_id != request.user.pk and not model_admin.has_change_permission(
            request, article
        ):
            raise PermissionDenied
        if link.revoke(by=cast(User, request.user)):
            messages.success(request, _("The link is revoked: its address shows nothing any more."))
        return HttpResponseRedirect(_address(article, "#links"))

    return [
        desk_page(model_admin, "preview/", require_safe(preview)),
        desk_page(model_admin, "preview/page/", preview_page),
        desk_page(model_admin, "preview/links/", require_POST(preview_links), needs="change"),
        desk_page(
            model_admin,
            "preview/links/<int:link_id>/revocation/",
            require_POST(preview_revocation),
        ),
    ]


@require_safe
def preview_page(request: HttpRequest, article: Article) -> HttpResponse:
    """What stands in the frames. This answer, and no other, may be framed: by this site."""
    copy, revision = _asked_for(request, article)
    if copy:
        piece = piece_typed(article, copy.fields)
    elif revision:
        piece = piece_of(revision)
    else:
        piece = piece_with(article, content_of(article))
    response = draw_preview(request, piece, is_framed=True)
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    set_policy(
        response,
        {
            "script-src": [CSP.NONE],
            "form-action": [CSP.NONE],
            "frame-ancestors": [CSP.SELF],
        },
    )
    return response


def _asked_for(
    request: HttpRequest, article: Article
) -> tuple[WorkingCopy | None, Revision | None]:
    """What the address asks for: ?copy=<window>, what was typed and not saved in one of one's own;
    ?revision=<number>; else, and where nothing is typed there by now, the newest.

    Raises Http404 for a version that there is not, or no more.
    """
    typed = WorkingCopy.objects.unsaved().filter(article=article, by=cast(User, request.user))
    copy = typed.filter(window=request.GET.get("copy", "")).first()
    if copy:
        return copy, None
    number = request.GET.get("revision", str(article.version))
    if not number.isdecimal() or len(number) > 9:
        raise Http404
    revision = article.revisions.select_related("by").filter(number=number).first()
    if "revision" in request.GET and (revision is None or revision.erased_at):
        raise Http404
    if revision:
        revision.article = article
    return None, revision


def _made(form: LinkForm, article: Article, by: User) -> bool:
    revision = article.revisions.filter(number=form.cleaned_data["revision"]).first()
    try:
        if revision is None:
            raise ValidationError(_("There is no such version."))
        PreviewLink.objects.make(revision, by=by, lasts=timedelta(hours=form.cleaned_data["hours"]))
    except ValidationError as error:
        form.add_error(None, error)
    return form.is_valid()


def _page(
    model_admin: ModelAdmin, request: HttpRequest, article: Article, form: LinkForm | None = None
) -> HttpResponse:
    copy, revision = _asked_for(request, article)
    may_change = model_admin.has_change_permission(request, article)
    if form is None:
        form = LinkForm(initial={"revision": revision.number if revision else None})
    links = list(PreviewLink.objects.with_revisions().filter(revision__article=article))
    asked = {name: request.GET[name] for name in ("copy", "revision") if name in request.GET}
    response = draw(
        request,
        "admin/articles/preview/page.html",
        article,
        str(_("Preview")),
        status=422 if form.errors else 200,
        copy=copy,
        revision=revision,
        is_newest=revision is not None and revision.number == article.version,
        frame=_address(article, "page/", asked),
        form=form if may_change and revision and not copy else None,
        links=[
            {
                "link": link,
                "address": settings.SITE_URL + address_of(link) if link.is_open else "",
                "may_revoke": link.is_open and (may_change or link.made_by == request.user),
            }
            for link in links
        ],
    )
    set_policy(response, {"frame-src": [CSP.SELF]}, base=settings.ADMIN_CSP)
    kept_out(response)
    # Without a referrer, browsers don't tell either where its forms are sent from.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _address(article: Article, rest: str = "", query: dict[str, str] | None = None) -> str:
    page = reverse("admin:articles_article_preview", args=[article.pk])
    return f"{page}{rest}" + (f"?{urlencode(query)}" if query else "")
