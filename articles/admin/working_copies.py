"""What is typed into the form of a piece is kept before it is saved, and others are told of it.

Every form that is opened is a window, a WorkingCopy. Its script sends what was typed every few
seconds (desk-autosave.js); a refused saving keeps it too. It is offered when its author comes
back.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import modelform_factory
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from js_asset import Script

from articles.admin.article_form import ArticleForm, BylineInline, fit_rows, typed_authors
from articles.admin.autosave import autosave_view
from articles.admin.collisions import (
    NAMES,
    Collision,
    Value,
    bylines_value,
    differences,
    find_collision,
    revision_values,
    saved_values,
    typed_values,
)
from articles.admin.presence import others_in
from articles.models import Article, Author, WorkingCopy
from articles.models.working_copy import as_window, fields_of

BYLINES = "bylines"
COPY = "admin:articles_working_copy"


class KeepsWhatIsTyped(admin.ModelAdmin):
    """The admin of pieces: a form that comes back with everything in it."""

    class Media:
        css = {"all": ["css/changes.css", "css/admin-desk.css"]}
        js = [Script("js/desk-autosave.js", type="module")]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        if request.method == "GET" and "copy" in request.GET:
            copy = _taken_up(request)
            if copy is None:
                return HttpResponseRedirect(request.path)
            if not self.may_write(request, copy.article):
                return HttpResponseRedirect(reverse(COPY, args=[copy.window]))
            if copy.address != request.get_full_path():
                return HttpResponseRedirect(copy.address)
            request.taken_up = copy  # type: ignore[attr-defined]
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except PermissionDenied:
            answer = self._no_longer_yours(request, object_id)
            if answer is None:
                raise
            return answer

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        copy: WorkingCopy | None = getattr(request, "taken_up", None)
        if copy is None:
            return form
        return type(form)(form.__name__, (form,), {"taken_up": copy.as_posted()})

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: Any, prefix: str
    ) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if not isinstance(inline, BylineInline):
            return kwargs
        copy: WorkingCopy | None = getattr(request, "taken_up", None)
        if copy:
            data = fit_rows(copy.as_posted(), prefix, obj)
            return kwargs | {"data": data, "unchecked": True}
        if request.method == "POST" and obj.pk:
            collision = find_collision(obj, request.POST.get("opened", ""))
            if collision:
                theirs = _left_byline_alone(collision, typed_authors(request.POST, prefix))
                return kwargs | {"data": fit_rows(request.POST, prefix, obj, theirs=theirs)}
        return kwargs

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article = context.get("original")
        copy = self._window(request, article) if self.may_write(request, article) else None
        if copy:
            context |= {"working_copy": copy, "autosave": reverse("admin:articles_autosave")}
            own_windows = [copy.window, copy.instead_of]
            context["unsaved"] = _unsaved(request, own_windows).filter(article=article)
            context |= self._taken_up_context(request, article)
            context["is_redrawn"] = request.method == "POST"
        context["others"] = others_in(article, cast(User, request.user), copy) if article else []
        form = context["adminform"].form
        if isinstance(form, ArticleForm) and form.collision:
            form.yours[BYLINES] = _typed_byline(typed_authors(request.POST, BYLINES))
            context["collision"] = form.collision.told(cast(User, request.user))
            context["differences"] = differences(form.collision, form.theirs, form.yours)
        return super().render_change_form(request, context, *args, **kwargs)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        found = _unsaved(request) if self.has_change_permission(request) else []
        context = {"unsaved": found, "autosave": reverse("admin:articles_autosave")}
        return super().changelist_view(request, context | (extra_context or {}))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """In the transaction that saves: what was typed is needed no more."""
        super().save_related(request, form, formsets, change)
        window = request.POST.get("window", "")
        WorkingCopy.objects.forget(window, by=cast(User, request.user))

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self._page_of_copy)
        notice = self.admin_site.admin_view(self._notice)
        return [
            path("autosave/", autosave_view(self), name="articles_autosave"),
            path("unsaved/", notice, name="articles_unsaved"),
            path("unsaved/<slug:window>/", page, name="articles_working_copy"),
            *super().get_urls(),
        ]

    def may_write(self, request: HttpRequest, article: Article | None) -> bool:
        if article is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, article)

    def _window(self, request: HttpRequest, article: Article | None) -> WorkingCopy:
        """The window that this form is drawn for: a new one, or one whose saving was refused."""
        by = cast(User, request.user)
        if request.method != "POST":
            taken_up: WorkingCopy | None = getattr(request, "taken_up", None)
            copy = WorkingCopy.objects.begin(article, by=by, instead_of=taken_up)
            if taken_up:
                copy.based_on = taken_up.based_on
                copy.save(update_fields=["based_on"])
            return copy
        window = as_window(request.POST.get("window", ""))
        found = WorkingCopy.objects.filter(window=window, by=by, article=article).first()
        copy = found or WorkingCopy.objects.begin(article, by=by)
        copy.see(reports=False)
        try:
            copy.keep(fields_of(request.POST.lists()))
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        return copy

    def _taken_up_context(self, request: HttpRequest, article: Article | None) -> dict[str, Any]:
        taken_up: WorkingCopy | None = getattr(request, "taken_up", None)
        collision = None
        if taken_up and article:
            collision = find_collision(article, taken_up.as_posted().get("opened", ""))
        told = collision.told(cast(User, request.user)) if collision else []
        return {"taken_up": taken_up, "newer": " ".join(told)}

    def _no_longer_yours(self, request: HttpRequest, object_id: str | None) -> HttpResponse | None:
        """For whoever wrote in a piece that was published meanwhile, and may change it no more."""
        if request.method != "POST" or not super().has_change_permission(request):
            return None
        article: Article | None = super().get_object(request, object_id or "")
        if article is None or self.has_change_permission(request, article):
            return None
        return _draw(
            request,
            self,
            "admin/articles/no_longer_yours.html",
            _("What you typed was not saved"),
            status=403,
            original=article,
            typed=request.POST,
            **_compared(self, request, article, request.POST),
        )

    def _page_of_copy(self, request: HttpRequest, window: str) -> HttpResponse:
        """One copy beside what is saved, with the ways to take it up and to throw it away."""
        copy = get_object_or_404(_unsaved(request), window=window)
        if request.method == "POST":
            copy.delete()
            messages.success(request, _("What you had typed was thrown away."))
            return HttpResponseRedirect(copy.address.partition("?")[0])
        return _draw(
            request,
            self,
            "admin/articles/working_copy.html",
            _("Typed and not saved"),
            original=copy.article,
            copy=copy,
            typed=copy.as_posted(),
            may_write=self.may_write(request, copy.article),
            **_compared(self, request, copy.article, copy.as_posted()),
        )

    def _notice(self, request: HttpRequest) -> HttpResponse:
        """The notice of the form or the list alone, for scripts that have brought a text here."""
        found = _unsaved(request, map(as_window, request.GET.getlist("window")))
        piece = request.GET.get("piece", "")
        if piece == "new":
            found = found.filter(article=None)
        elif piece.isascii() and piece.isdigit() and len(piece) < 18:
            found = found.filter(article=int(piece))
        return TemplateResponse(request, "admin/articles/_unsaved.html", {"unsaved": found})


def _taken_up(request: HttpRequest) -> WorkingCopy | None:
    """The copy that `?copy=` names, or the one that went on with it. None: told that it is gone."""
    key, mine = as_window(request.GET["copy"]), _unsaved(request)
    copy: WorkingCopy | None = None
    if key:
        copy = mine.filter(window=key).first() or mine.filter(instead_of=key).first()
    if copy is None:
        messages.info(request, _("This text has been saved or thrown away since."))
    return copy


def _unsaved(request: HttpRequest, but: Iterable[str] = ()) -> Any:
    """What whoever asks typed and did not save, in other windows than these."""
    by = cast(User, request.user)
    copies = WorkingCopy.objects.filter(by=by).unsaved().select_related("article")
    return copies.defer("article__body", "article__body_html").exclude(window__in=list(but))


def _left_byline_alone(collision: Collision, authors: list[str]) -> bool:
    if collision.before is None:
        return False
    before = revision_values(collision.before)[BYLINES]
    return [str(key) for key in before.key] == authors


def _typed_byline(authors: list[str]) -> Value:
    keys = [int(key) for key in authors if key.isascii() and key.isdigit() and len(key) < 18]
    there = Author.objects.in_bulk(keys)
    return bylines_value(there[key] for key in keys if key in there)


def _compared(
    model_admin: KeepsWhatIsTyped, request: HttpRequest, article: Article | None, typed: QueryDict
) -> dict[str, Any]:
    """Template context: in what the saved piece and what was typed differ."""
    editable = [name for name in NAMES if name != BYLINES]
    callback = partial(model_admin.formfield_for_dbfield, request=request)
    form_class = modelform_factory(
        Article, form=ArticleForm, fields=editable, formfield_callback=callback
    )
    now = Article.objects.get(pk=article.pk) if article else Article()
    form = form_class(typed, instance=now)
    form.full_clean()
    yours = typed_values(form)
    yours[BYLINES] = _typed_byline(typed_authors(typed, BYLINES))
    if article is None:
        nothing = Collision(None, [])
        return {"differences": differences(nothing, dict.fromkeys(yours, Value("", "")), yours)}
    collision = find_collision(article, typed.get("opened", ""))
    shown = collision or Collision(article.revisions.filter(number=article.version).first(), [])
    found = differences(shown, saved_values(article), yours)
    told = collision.told(cast(User, request.user)) if collision else []
    return {"collision": told, "differences": found}


def _draw(
    request: HttpRequest,
    model_admin: KeepsWhatIsTyped,
    template: str,
    title: str,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    common = model_admin.admin_site.each_context(request)
    own = {"opts": Article._meta, "title": title}
    return TemplateResponse(request, template, common | own | context, status=status)
