"""Pages about one piece beside its form: revisions, preview, corrections, withdrawal …"""

from collections.abc import Callable
from typing import Any, Concatenate, Literal

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from articles.models import Article

type Needs = Literal["view", "change", "publish"]


# A view of one piece. Further arguments come from its route.
type DeskPage = Callable[Concatenate[HttpRequest, Article, ...], HttpResponse]


def desk_page(
    model_admin: ModelAdmin, route: str, view: DeskPage, *, needs: Needs = "view"
) -> URLPattern:
    """`view` at /admin/articles/article/<pk>/<route>, for staff who may do to the piece what it
    `needs`: 403 for others, 404 where there is no such piece.

    Named articles_article_ and the name of the view.
    """

    def page(request: HttpRequest, article_id: int, **arguments: Any) -> HttpResponse:
        article = get_object_or_404(
            Article.objects.select_related("section", "source", "lead_image"), pk=article_id
        )
        if not may(model_admin, request, article, needs):
            raise PermissionDenied
        return view(request, article, **arguments)

    name = f"articles_article_{view.__name__}"
    wrapped: Callable[..., HttpResponse] = model_admin.admin_site.admin_view(page)
    return path(f"<int:article_id>/{route}", wrapped, name=name)


def may(model_admin: ModelAdmin, request: HttpRequest, article: Article, needs: Needs) -> bool:
    if not model_admin.has_view_permission(request, article):
        return False
    if needs == "publish":
        return request.user.has_perm("articles.publish_article")
    return needs == "view" or model_admin.has_change_permission(request, article)


def draw(
    request: HttpRequest,
    template: str,
    article: Article,
    title: str,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """The page `template`, which extends admin/articles/desk_page.html."""
    from django.contrib import admin  # noqa: PLC0415  (the site is not made before the apps are)

    return TemplateResponse(
        request,
        template,
        admin.site.each_context(request)
        | {
            "opts": Article._meta,
            "article": article,
            "original": article,
            "title": title,
            "may_publish": request.user.has_perm("articles.publish_article"),
        }
        | context,
        status=status,
    )
