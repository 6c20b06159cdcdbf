from collections.abc import Callable, Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.admin.article_form import FORMS_OWN, ArticleForm, BylineInline
from articles.admin.body import BodyWidget
from articles.body_html import BodyField
from articles.models import Article

# The buttons of the form, beside those that only save.
VERBS: dict[str, Callable[..., bool]] = {
    "_submit": Article.submit_for_review,
    "_send_back": Article.send_back,
    "_publish": Article.publish,
    "_withdraw": Article.withdraw,
}


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    form = ArticleForm
    list_display = ["headline", "state", "section", "published_at", "updated_at"]
    list_display_links = ["headline"]
    list_filter = ["status", "section"]
    list_select_related = ["section"]
    search_fields = ["headline", "slug"]
    ordering = ["-updated_at"]
    formfield_overrides = {BodyField: {"widget": BodyWidget}}
    inlines = [BylineInline]
    readonly_fields = ["state", "history"]
    view_on_site = False  # its own link stands among the buttons once there is something to see
    fieldsets = [
        (None, {"fields": ["headline", "slug", "standfirst", "body", "opened"]}),
        (
            _("Lead picture"),
            {
                "fields": [
                    "lead_image",
                    ("lead_alt", "lead_is_decorative"),
                    ("lead_caption", "lead_credit"),
                ]
            },
        ),
        (
            _("Where it stands"),
            {"fields": ["section", "topics", "dateline", ("language", "text_direction")]},
        ),
        (
            _("Where it comes from"),
            {"fields": [("source", "source_url"), ("credit_line", "indexing")]},
        ),
        (_("For the desk"), {"fields": ["desk_notes"]}),
        (
            _("Publication"),
            {
                "fields": ["state", "published_at", "embargo_until", "is_minor", "note", "history"],
                "description": _(
                    "A piece without a time is dated at the moment it is published; "
                    "one with a time to come stays unseen until then."
                ),
            },
        ),
    ]

    @admin.display(description=_("state"), ordering="status")
    def state(self, article: Article) -> str:
        label = _("scheduled") if article.is_scheduled else article.get_status_display()
        return format_html('<span class="state state-{}">{}</span>', article.status, label)

    @admin.display(description=_("history"))
    def history(self, article: Article) -> str:
        changes = article.state_changes.select_related("by") if article.pk else []
        return render_to_string("admin/articles/_history.html", {"changes": changes})

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.publish_article")

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Those who may not publish can change what is not out yet, nothing that is."""
        if not super().has_change_permission(request, obj):
            return False
        return (
            obj is None
            or self.has_publish_permission(request)
            or obj.status in {Article.Status.DRAFT, Article.Status.IN_REVIEW}
        )

    def get_urls(self) -> list[URLPattern]:
        """With the pages about one piece: see desk_page.py."""
        pages: list[URLPattern] = []
        return [*pages, *super().get_urls()]

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Article | None:
        """Locked while it is written: else a decision made meanwhile would be written over."""
        article: Article | None = super().get_object(request, object_id, from_field)
        if article is None or request.method != "POST":
            return article
        return Article.objects.select_for_update().get(pk=article.pk)

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Whoever can only look needs no fields of the form's own."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [
            (name, {**options, "fields": [f for f in options["fields"] if f not in FORMS_OWN]})
            for name, options in fieldsets
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        fields = list(super().get_readonly_fields(request, obj))
        if not self.has_publish_permission(request):
            fields += ["published_at", "embargo_until"]
        if obj and obj.published_at and obj.status != Article.Status.DRAFT:
            fields.append("slug")  # its address is known
        if obj and obj.is_withdrawn:
            fields.append("published_at")  # it tells that readers have seen it
        return fields

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Article | None = None
    ) -> dict[str, Sequence[str]]:
        return {} if "slug" in self.get_readonly_fields(request, obj) else {"slug": ["headline"]}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article = context.get("original")
        may_publish = self.has_publish_permission(request)
        context["show_submit"] = article is None or article.status == Article.Status.DRAFT
        context["show_send_back"] = (
            may_publish and article is not None and article.status == Article.Status.IN_REVIEW
        )
        context["show_publish"] = may_publish and (article is None or not article.is_published)
        context["show_withdraw"] = may_publish and article is not None and article.is_published
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: Article, form: forms.ModelForm, change: bool
    ) -> None:
        """A new time for a piece that is out is a decision of its own, which follows below."""
        moment = obj.published_at
        if not change:
            obj.begun_by = cast(User, request.user)
        if obj.is_published:
            obj.published_at = form.initial["published_at"]
        super().save_model(request, obj, form, change)
        obj.published_at = moment

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The verb whose button was pressed follows the saving, in the same transaction."""
        article, moment = form.instance, form.instance.published_at
        super().save_related(request, form, formsets, change)
        by, note = cast(User, request.user), form.cleaned_data["note"]
        if article.is_published:
            article.publish(by=by, at=moment)
        for button, verb in VERBS.items():
            if button not in request.POST:
                continue
            if verb is not Article.submit_for_review and not self.has_publish_permission(request):
                raise PermissionDenied
            done = verb(article, by=by, note=note)
            if done and article.is_scheduled:
                messages.info(request, _("Readers see it from the publication time on."))
        article.record(by=by, is_minor=form.cleaned_data["is_minor"])
