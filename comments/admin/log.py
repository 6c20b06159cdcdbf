"""The log of what was decided: /admin/comments/log/, and as a table for spreadsheets."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from articles.keyset import Page
from articles.models import Article
from comments.admin.listed_elsewhere import ListedElsewhere
from comments.admin.log_form import FilterForm, LogForm, errors_of, form_of
from comments.decision_log import LogChoice
from comments.models import Decision
from newsroom import spreadsheets
from newsroom.admin.read_only import ReadOnly
from newsroom.admin_site import site
from newsroom.private_pages import private

DECISIONS = 50  # a page


@permission_required("comments.view_decision", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
@private
def log(request: HttpRequest) -> HttpResponse:
    """Every decision, newest first. What is chosen in its form comes by POST, and leads to an
    address that can be kept."""
    if request.method == "POST":
        form = FilterForm(request.POST)
        if form.is_valid():
            return HttpResponseRedirect(_address(form.choice))
        return _draw(request, LogChoice(), form, status=422)
    asked = LogForm(request.GET)
    if not asked.is_valid():
        return _draw(request, LogChoice(), asked, status=400)
    return _draw(request, asked.choice, form_of(asked.choice))


@permission_required("comments.view_decision", raise_exception=True)
@require_safe
@private
def table(request: HttpRequest) -> HttpResponseBase:
    """What the page with the same query shows, all of it, as a file."""
    asked = LogForm(request.GET)
    if not asked.is_valid():
        return _draw(request, LogChoice(), asked, status=400)
    rows = asked.choice.rows(timezone.get_current_timezone())
    day = timezone.localdate()
    return spreadsheets.download(rows, name=f"decisions-{day.isoformat()}")


def _draw(
    request: HttpRequest, choice: LogChoice, form: LogForm, *, status: int = 200
) -> HttpResponse:
    """Nothing is listed where it isn't clear what was asked for."""
    if status == 200:
        decisions, page = choice.page(request.GET, DECISIONS)
    else:
        decisions, page = [], Page([], has_newer=False, has_older=False)
    query = choice.as_query()
    context = admin.site.each_context(request) | {
        "title": _("Log of decisions"),
        "form": form if isinstance(form, FilterForm) else form_of(choice),
        "errors": list(errors_of(form)) if form.is_bound else [],
        "choice": choice,
        "article": Article.objects.filter(pk=choice.article or 0).only("headline").first(),
        "decisions": decisions,
        "newer": _further(page.newer, query),
        "older": _further(page.older, query),
        "first": _address(choice) if page.has_newer else "",
        "query": query,
        "is_refused": status != 200,
    }
    return TemplateResponse(request, "admin/comments/log/page.html", context, status=status)


def _further(place: str, query: str) -> str:
    return "&".join(part for part in (place, query) if part) if place else ""


def _address(choice: LogChoice) -> str:
    query = choice.as_query()
    return reverse("admin:comments_log") + (f"?{query}" if query else "")


site.add_page("comments/log/", log, name="comments_log")
site.add_page("comments/log/decisions.csv", table, name="comments_log_table")


@admin.register(Decision)
class DecisionAdmin(ReadOnly, ListedElsewhere):
    """One decision; the list of all is the log."""

    list_page = "comments_log"
    fields = ["comment", "kind", "from_status", "to_status", "by", "rule", "why", "said", "at"]
    readonly_fields = ["why", "said"]

    @admin.display(description=gettext_lazy("reason"))
    def why(self, decision: Decision) -> str:
        return decision.reason

    @admin.display(description=gettext_lazy("note"))
    def said(self, decision: Decision) -> str:
        return decision.note
