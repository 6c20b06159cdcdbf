"""The versions of a piece: who saved what and when, any two beside each other, one restored."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import cast

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from articles.admin.collisions import NAMES, Value, Values, label_of, revision_values
from articles.admin.desk_page import desk_page, draw, may
from articles.changes import Row, Stretch, compare, stretches
from articles.content import gone_from
from articles.models import Article, Revision, RevisionDecision

REVISIONS_PER_PAGE = 20
KEPT = frozenset(["state", "slug", "published_at", "embargo_until"])  # by restoring
TEMPLATES = "admin/articles/revisions"


@dataclass(frozen=True)
class Line:
    """Of the list: a version, and in what it differs from the one before."""

    revision: Revision
    before: Revision | None

    @property
    def changed(self) -> list[str | Promise]:
        """The names of the fields; none where one of the two was erased."""
        if self.before is None or self.revision.erased_at or self.before.erased_at:
            return []
        old, new = revision_values(self.before), revision_values(self.revision)
        return [label_of(name) for name in NAMES if old[name].key != new[name].key]

    @property
    def status_before(self) -> str:
        """The state it had, where that changed."""
        is_other = self.before and self.before.status != self.revision.status
        return str(Article.Status(self.before.status).label) if self.before and is_other else ""

    @property
    def is_compared(self) -> bool:
        return self.before is not None and not self.before.erased_at


@dataclass(frozen=True)
class FieldChange:
    name: str
    label: str | Promise
    rows: list[Row]

    @property
    def stretches(self) -> list[Stretch]:
        return stretches(self.rows)

    @property
    def is_changed(self) -> bool:
        return any(row.is_changed for row in self.rows)


def urls(model_admin: ModelAdmin) -> list[URLPattern]:
    def compare_revisions(request: HttpRequest, article: Article) -> HttpResponse:
        """Any two beside each other: the newest and the one before it, where none are named."""
        to = number_of(request.GET.get("to"), article.version)
        before = number_of(request.GET.get("from"), max(to - 1, 0))
        new = _revision(article, to)
        old = _revision(article, before) if before else None
        decisions = RevisionDecision.objects.filter(
            revision__in=[each for each in (old, new) if each]
        )
        changes = list(_changes(old, new))
        return draw(
            request,
            f"{TEMPLATES}/compare.html",
            article,
            _("Compare versions"),
            heads=[old, new],
            old=old,
            new=new,
            changed=[each for each in changes if each.is_changed],
            unchanged=[each for each in changes if not each.is_changed and each.rows],
            decisions=decisions.select_related("revision", "by"),
            may_change=may(model_admin, request, article, "change"),
            may_erase=request.user.has_perm("articles.erase_revision"),
        )

    def revisions(request: HttpRequest, article: Article) -> HttpResponse:
        """All versions, the newest first, and what somebody typed and did not save."""
        return _list(request, article, may_change=may(model_admin, request, article, "change"))

    return [
        desk_page(model_admin, "revisions/", require_safe(revisions)),
        desk_page(model_admin, "revisions/compare/", require_safe(compare_revisions)),
        desk_page(model_admin, "revisions/<int:number>/restore/", restore_revision, needs="change"),
    ]


def _list(request: HttpRequest, article: Article, *, may_change: bool) -> HttpResponse:
    page = Paginator(article.revisions.all(), REVISIONS_PER_PAGE).get_page(request.GET.get("page"))
    start = page.start_index() - 1 if page.paginator.count else 0
    # One more than the page shows: what the oldest of them is compared with.
    listed = list(article.revisions.select_related("by")[start : start + REVISIONS_PER_PAGE + 1])
    lines = [Line(*pair) for pair in zip_longest(listed, listed[1:])][:REVISIONS_PER_PAGE]
    return draw(
        request,
        f"{TEMPLATES}/list.html",
        article,
        _("Versions"),
        page=page,
        lines=lines,
        may_change=may_change,
        unsaved=article.working_copies.unsaved().select_related("by", "article"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def restore_revision(request: HttpRequest, article: Article, number: int) -> HttpResponse:
    """Asks first, with what it will change, then makes the piece again what the version holds."""
    revision = _revision(article, number)
    error = ""
    if request.method == "POST":
        onto = number_of(request.POST.get("version"), 0)
        by = cast(User, request.user)
        try:
            missing = article.restore_revision(number, by=by, onto=onto)
        except ValidationError as refused:
            error = " ".join(refused.messages)
            article.refresh_from_db()
        else:
            _tell(request, number, missing)
            return redirect("admin:articles_article_revisions", article.pk)
    now = article.revisions.filter(number=article.version).select_related("by").first()
    changes = (
        [] if revision.erased_at else [each for each in _changes(now, revision) if each.is_changed]
    )
    return draw(
        request,
        f"{TEMPLATES}/restore.html",
        article,
        _("Restore version %d") % number,
        status=409 if error else 200,
        error=error,
        revision=revision,
        now=now,
        changed=[each for each in changes if each.name not in KEPT],
        missing=gone_from(revision.content) if revision.content else [],
        at_work=article.working_copies.open().select_related("by"),
    )


def _tell(request: HttpRequest, number: int, missing: list[str]) -> None:
    messages.success(request, _("The piece is again what version %d held.") % number)
    if missing:
        gone = _("No longer there, and so left out: %s.") % ", ".join(missing)
        messages.warning(request, gone)


def number_of(typed: str | None, default: int) -> int:
    """The number of a revision in an address or a form. Raises Http404 for what is none."""
    if not typed:
        return default
    if not (typed.isascii() and typed.isdigit() and len(typed) < 9):
        raise Http404
    return int(typed)


def _revision(article: Article, number: int) -> Revision:
    listed = article.revisions.select_related("by", "closed_by", "erased_by")
    return get_object_or_404(listed, number=number)


def _changes(old: Revision | None, new: Revision) -> Iterator[FieldChange]:
    """Every field of the two, beside each other."""
    before, after = _values(old), _values(new)
    for name in ("state", *NAMES):
        label = _("state") if name == "state" else str(label_of(name))
        value, was = after[name], before[name]
        is_html = value.is_html or was.is_html
        yield FieldChange(name, label, compare(was.text, value.text, is_html=is_html))


def _values(revision: Revision | None) -> Values:
    if revision is None or revision.erased_at:
        return dict.fromkeys(("state", *NAMES), Value("", ""))
    state = str(Article.Status(revision.status).label)
    return revision_values(revision) | {"state": Value(state, state)}
