from collections.abc import Callable, Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.admin.body import BodyWidget
from articles.body_html import BodyField
from articles.models import Article, Byline

# The buttons of the form, beside those that only save.
VERBS: dict[str, Callable[..., bool]] = {
    "_submit": Article.submit_for_review,
    "_send_back": Article.send_back,
    "_publish": Article.publish,
    "_withdraw": Article.withdraw,
}


FORMS_OWN = {"opened", "note"}


class ArticleForm(forms.ModelForm):
    """Refuses, once, to save over what somebody else has saved since the form was opened."""

    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        help_text=_("Why it is submitted, sent back, published or withdrawn; kept in the history."),
    )

    class Meta:
        widgets = {"standfirst": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["opened"] = self.instance.updated_at.isoformat()

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        opened = self.initial.get("opened", "")
        if self.instance.pk and self.data.get("opened", opened) != opened:
            again = cast(QueryDict, self.data).copy()
            again["opened"] = opened
            self.data = again
            raise ValidationError(
                _(
                    "Somebody has saved this piece since you opened it. Yours is below and is "
                    "not saved. Compare the two in another window; saving again replaces theirs."
                )
            )
        return data

    def clean_published_at(self) -> Any:
        if "published_at" not in self.changed_data:
            return self.instance.published_at  # which the form shows to the second only
        moment = self.cleaned_data["published_at"]
        if self.instance.is_published and moment is None:
            raise ValidationError(_("A published piece needs a publication time."))
        return moment


class BylineInline(admin.StackedInline):
    model = Byline
    fields = [("author", "position")]
    extra = 1
    verbose_name_plural = _("byline")


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
            _("Where it stands"),
            {"fields": [("section", "language"), "topics", "dateline", ("source", "source_url")]},
        ),
        (
            _("Publication"),
            {
                "fields": ["state", "published_at", "note", "history"],
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
            fields.append("published_at")
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
        """A new time for a piece that is out is a decision of its own, on record."""
        moment = obj.published_at
        if obj.is_published:
            obj.published_at = form.initial["published_at"]
        super().save_model(request, obj, form, change)
        if obj.is_published:
            obj.publish(by=cast(User, request.user), at=moment)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The verb whose button was pressed follows the saving, in the same transaction."""
        super().save_related(request, form, formsets, change)
        article, note = form.instance, form.cleaned_data["note"]
        for button, verb in VERBS.items():
            if button not in request.POST:
                continue
            if verb is not Article.submit_for_review and not self.has_publish_permission(request):
                raise PermissionDenied
            done = verb(article, by=cast(User, request.user), note=note)
            if done and article.is_scheduled:
                messages.info(request, _("Readers see it from the publication time on."))
