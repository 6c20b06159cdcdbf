from collections.abc import Callable, Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.admin import corrections, life, preview, related, revision_closing, revisions
from articles.admin.advice import give_advice
from articles.admin.article_form import FORMS_OWN, ArticleForm, BylineInline
from articles.admin.article_list import DeskList
from articles.admin.body import BodyWidget
from articles.admin.bulk import DecidesOnMany
from articles.admin.picture_field import ChoosesLeadPicture
from articles.admin.state_history import history_of
from articles.admin.times import SiteTimes, spelled
from articles.admin.wire.origin import wire_of
from articles.admin.working_copies import KeepsWhatIsTyped
from articles.body_html import BodyField
from articles.models import Article
from articles.seen import seen_by_nobody


def publish_now(article: Article, *, by: User, note: str) -> bool:
    """Not at the time that it was scheduled for."""
    return article.is_scheduled and article.publish(by=by, at=timezone.now(), note=note)


# The buttons of the form, beside those that only save. What needs a reason: life.py.
VERBS: dict[str, Callable[..., bool]] = {
    "_submit": Article.submit_for_review,
    "_send_back": Article.send_back,
    "_publish": Article.publish,
    "_publish_now": publish_now,
}


# Moments, where they are not to be typed.
AS_TEXT = {"published_at": "dated", "embargo_until": "embargo"}
# Whether readers may reply is decided by those who may publish.
REPLIES_AS_TEXT = {("replies", "replies_close_at"): ("replies", "closing")}


@admin.register(Article)
class ArticleAdmin(
    DecidesOnMany,
    DeskList,
    ChoosesLeadPicture,
    KeepsWhatIsTyped,
    SiteTimes,
    admin.ModelAdmin,
):
    form = ArticleForm
    formfield_overrides = {BodyField: {"widget": BodyWidget}}
    inlines = [BylineInline]
    readonly_fields = ["state", "dated", "embargo", "closing", "history"]
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
        (_("Replies"), {"fields": [("replies", "replies_close_at")]}),
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

    @admin.display(description=_("history"))
    def history(self, article: Article) -> str:
        return history_of(article)

    @admin.display(description=_("publication time"))
    def dated(self, article: Article) -> str:
        return spelled(article.published_at) if article.published_at else "–"

    @admin.display(description=_("embargo until"))
    def embargo(self, article: Article) -> str:
        return spelled(article.embargo_until) if article.embargo_until else "–"

    @admin.display(description=_("replies close at"))
    def closing(self, article: Article) -> str:
        return spelled(article.replies_close_at) if article.replies_close_at else "–"

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
        pages: list[URLPattern] = [*preview.urls(self), *life.urls(self), *corrections.urls(self)]
        pages += [*related.urls(self), *revisions.urls(self), *revision_closing.urls(self)]
        return [*pages, *super().get_urls()]

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Article | None:
        """Locked while it is written: else a decision made meanwhile would be written over."""
        article: Article | None = super().get_object(request, object_id, from_field)
        if article is None or request.method != "POST":
            return article
        return Article.objects.select_for_update().get(pk=article.pk)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Where somebody took the address, or a moment passed, between the check and the saving,
        nothing was saved; checked once more, the form says so."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except (IntegrityError, ValidationError):
            return super().changeform_view(request, *args, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Whoever can only look needs no fields of the form's own, nor any to type a time in."""
        fieldsets = super().get_fieldsets(request, obj)
        shown: dict[Any, Any] = AS_TEXT if self.has_fixed_times(request, obj) else {}
        if not self.has_publish_permission(request):
            shown = shown | REPLIES_AS_TEXT
        left_out: set[str] = set()
        if obj is not None and not self.has_change_permission(request, obj):
            left_out = FORMS_OWN
        return [
            (
                name,
                {
                    **options,
                    "fields": [shown.get(f, f) for f in options["fields"] if f not in left_out],
                },
            )
            for name, options in fieldsets
        ]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        if obj and (obj.is_public or obj.is_gone) and "slug" in form.base_fields:
            form.base_fields["slug"].help_text = _(
                "Readers know the piece at this address. After a change, the old one leads to "
                "the new for good."
            )
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        fields = list(super().get_readonly_fields(request, obj))
        if not self.has_publish_permission(request):
            fields += ["replies", "replies_close_at"]
        return [*fields, *AS_TEXT] if self.has_fixed_times(request, obj) else fields

    def has_fixed_times(self, request: HttpRequest, obj: Article | None) -> bool:
        """The time of a withdrawn piece tells that readers have seen it."""
        return not self.has_publish_permission(request) or bool(obj and obj.is_withdrawn)

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Article | None = None
    ) -> dict[str, Sequence[str]]:
        """Once it is saved, a piece keeps its address unless somebody types another."""
        return {} if obj else {"slug": ["headline"]}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article: Article = context.get("original") or Article()
        may_publish = self.has_publish_permission(request)
        is_unseen = article.is_in_review or article.is_scheduled
        context |= {
            "may_publish": may_publish,
            "from_wire": wire_of(article),
            "show_submit": article.is_draft,
            "show_send_back": may_publish and is_unseen,
            "show_publish": may_publish and (article.is_draft or article.is_in_review),
            "show_publish_now": may_publish and article.is_scheduled,
            "show_withdraw": may_publish and article.is_published,
            "show_bring_back": may_publish and article.is_withdrawn,
        }
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
        with seen_by_nobody(obj):
            super().save_model(request, obj, form, change)
        obj.published_at = moment

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The verb whose button was pressed follows the saving, in the same transaction."""
        article, moment = form.instance, form.instance.published_at
        with seen_by_nobody(article):
            super().save_related(request, form, formsets, change)
        by, note = cast(User, request.user), form.cleaned_data["note"]
        is_minor = form.cleaned_data["is_minor"]
        if article.is_published:
            article.record(by=by, note=note, is_minor=is_minor)
            if article.publish(by=by, at=moment, note=note):
                life.tell(request, article)
        for button, verb in VERBS.items():
            if button not in request.POST:
                continue
            if verb is not Article.submit_for_review and not self.has_publish_permission(request):
                raise PermissionDenied
            if verb is Article.send_back and not note:
                continue  # its page asks for one
            if verb(article, by=by, note=note):
                life.tell(request, article)
        with seen_by_nobody(article):
            article.record(by=by, note=note, is_minor=is_minor)
        give_advice(request, article)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        if "_send_back" in request.POST and (obj.is_in_review or obj.is_scheduled):
            messages.info(request, _("Your changes are saved."))
            return redirect("admin:articles_article_send_back", obj.pk)
        return super().response_change(request, obj)
