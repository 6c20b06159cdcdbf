"""The page of one wire: all that came in of it, what became of it, and the desk's deeds."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles.admin.wire.embargo_form import EmbargoForm
from articles.admin.wire.item_comparison import comparison_page, has_text
from articles.admin.wire.item_shown import Shown, original_name
from articles.models import Article, WireItem, WireVersion
from articles.wire import taking
from articles.wire.embargo import decide_embargo
from newsroom.see_other import SeeOther

type Deed = tuple[Callable[..., Any], str | Promise]

# The buttons of the page, with what is said when they have done it.
DEEDS: dict[str, Deed] = {
    "_take": (taking.take, _("Taken: it is a draft now.")),
    "_leave": (taking.leave, _("Left: it is out of the way, and can be put back.")),
    "_put_back": (taking.put_back, _("Put back among those that nobody has decided on.")),
    "_keep_ours": (taking.keep_ours, _("Our text stays as it is; the new wire is seen.")),
}
# Nothing in it can run, whatever a browser takes it for.
NO_PAGE = "sandbox; default-src 'none'"


class ItemPage(admin.ModelAdmin):
    """For the admin of wires: nobody adds, changes or deletes one. Whoever may see it reads it;
    whoever may take wires (`articles.take_wireitem`) decides what becomes of it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: WireItem | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: WireItem | None = None) -> bool:
        return False

    def has_take_permission(self, request: HttpRequest, obj: WireItem | None = None) -> bool:
        return self.has_view_permission(request, obj) and request.user.has_perm(
            "articles.take_wireitem"
        )

    def may_compare(self, request: HttpRequest, item: WireItem) -> bool:
        """Whoever may take wires, and change the piece that was made of this one."""
        pieces = self.admin_site.get_model_admin(Article)
        return (
            item.article is not None
            and self.has_take_permission(request, item)
            and pieces.has_change_permission(request, item.article)
        )

    def may_decide_embargo(self, request: HttpRequest, item: WireItem) -> bool:
        """Whoever decides when pieces are seen."""
        return self.has_take_permission(request, item) and request.user.has_perm(
            "articles.publish_article"
        )

    def get_urls(self) -> list[URLPattern]:
        own: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("decision/", require_POST(self.decision_view), "decision"),
            ("embargo/", require_POST(self.embargo_view), "embargo"),
            ("compare/", self.compare_view, "compare"),
            ("original/<int:number>/", require_safe(self.original_view), "original"),
        ]
        pages = [
            path(
                f"<int:item_id>/{route}",
                self.admin_site.admin_view(view),
                name=f"articles_wireitem_{name}",
            )
            for route, view, name in own
        ]
        return [*pages, *super().get_urls()]

    # --- Reading ------------------------------------------------------------------------------

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Named like the form that other models have here; there is nothing to fill in."""
        key = unquote(object_id)
        if not (key.isascii() and key.isdigit() and len(key) < 19):
            raise Http404
        item = self._item(request, int(key))
        return require_safe(self._page)(request, item, **(extra_context or {}))

    def original_view(self, request: HttpRequest, item_id: int, number: int) -> HttpResponse:
        """The bytes that came in, to be kept as a file and never to be shown."""
        item = self._item(request, item_id)
        version: WireVersion = get_object_or_404(item.versions.only("original"), number=number)
        response = HttpResponse(
            bytes(version.original),
            content_type="application/octet-stream",
            headers={
                "Content-Security-Policy": NO_PAGE,
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "private, no-store",
            },
        )
        name = content_disposition_header(as_attachment=True, filename=original_name(version))
        response["Content-Disposition"] = name
        return response

    # --- Deeds --------------------------------------------------------------------------------

    def decision_view(self, request: HttpRequest, item_id: int) -> HttpResponse:
        """Take it, leave it, or put it back: 303, or 409 with the reason why not."""
        item = self._item(request, item_id)
        if not self.has_take_permission(request, item):
            raise PermissionDenied
        chosen = [deed for button, deed in DEEDS.items() if button in request.POST]
        if len(chosen) != 1:
            return self._page(request, item, refused=[_("Nothing was chosen.")], status=422)
        verb, done = chosen[0]
        if verb is taking.keep_ours:
            if not self.may_compare(request, item):
                raise PermissionDenied
            if request.POST.get("wire_version") != str(item.version):
                newer = [_("A newer version came in.")]
                return self._page(request, item, refused=newer, status=409)
        try:
            verb(item, by=cast(User, request.user))
        except ValidationError as error:
            item = self._item(request, item_id)
            return self._page(request, item, refused=error.messages, status=409)
        messages.success(request, str(done))
        if verb is taking.take:
            return SeeOther(reverse("admin:articles_article_change", args=[item.article_id]))
        return self._back_to(item)

    def embargo_view(self, request: HttpRequest, item_id: int) -> HttpResponse:
        """A person has read what the agency means: 303, 422, or 409 where nothing is unclear."""
        item = self._item(request, item_id)
        if not self.may_decide_embargo(request, item):
            raise PermissionDenied
        form = EmbargoForm(request.POST)
        if not form.is_valid():
            return self._page(request, item, embargo_form=form, status=422)
        try:
            decide_embargo(item, by=cast(User, request.user), until=form.cleaned_data["until"])
        except ValidationError as error:
            item = self._item(request, item_id)
            return self._page(request, item, refused=error.messages, status=409)
        messages.success(request, _("The embargo is decided."))
        return self._back_to(item)

    def compare_view(self, request: HttpRequest, item_id: int) -> HttpResponse:
        """The old wire, our text and the new wire beside each other: see item_comparison.py."""
        item = self._item(request, item_id)
        if not self.may_compare(request, item):
            raise PermissionDenied
        page = require_http_methods(["GET", "HEAD", "POST"])(comparison_page)
        return page(request, item, self.admin_site.each_context(request))

    # --- The page -----------------------------------------------------------------------------

    def _item(self, request: HttpRequest, key: int) -> WireItem:
        """Raises PermissionDenied before it says whether there is one."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        items = WireItem.objects.select_related("stream__source", "newest", "article").defer(
            *("search_text", "newest__original", "article__body", "article__body_html"),
        )
        return get_object_or_404(items, pk=key)

    def _back_to(self, item: WireItem) -> SeeOther:
        return SeeOther(reverse("admin:articles_wireitem_change", args=[item.pk]))

    def _page(
        self,
        request: HttpRequest,
        item: WireItem,
        *,
        embargo_form: EmbargoForm | None = None,
        status: int = 200,
        **context: Any,
    ) -> HttpResponse:
        around = self.admin_site.each_context(request) | {
            "opts": WireItem._meta,
            "item": item,
            "title": item.headline,
        }
        if item.newest is None:
            events = {"events": item.events.select_related("by")}
            page = "admin/articles/wire/forgotten.html"
            return TemplateResponse(request, page, around | events | context, status=status)
        asks = item.embargo_is_unclear and self.may_decide_embargo(request, item)
        return TemplateResponse(
            request,
            "admin/articles/wire/item.html",
            around
            | {
                "shown": Shown.of(item, request.GET.get("version")),
                "may_take": self.has_take_permission(request, item),
                "may_put_back": item.is_left or is_untouched(item),
                "may_compare": item.needs_person and self.may_compare(request, item),
                "has_text": has_text(item),
                "embargo_form": (embargo_form or EmbargoForm()) if asks else None,
            }
            | context,
            status=status,
        )


def is_untouched(item: WireItem) -> bool:
    """Whether nobody has worked on the piece since it was taken, so that taking can be undone."""
    article = item.article
    return article is not None and article.is_draft and article.version == item.taken_revision
