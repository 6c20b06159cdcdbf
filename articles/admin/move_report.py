"""What a site that moved in brought with it: /admin/articles/movereport/, a page for each run."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.importers.wordpress.tallies import REASONS, lines, parts, tallies
from articles.models import MoveReport
from newsroom import spreadsheets
from newsroom.admin.read_only import ReadOnly

LINES = 100  # of each part that the page shows; the table for spreadsheets has all


@admin.register(MoveReport)
class MoveReportAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["former_site", "began_at", "ended_at", "by", "brought", "left_out"]
    list_select_related = ["site", "by"]

    def get_urls(self) -> list[URLPattern]:
        table = self.admin_site.admin_view(self.table)
        route = "<int:report_id>/lines.csv"
        return [path(route, table, name="articles_movereport_table"), *super().get_urls()]

    @admin.display(description=gettext_lazy("former site"), ordering="site__name")
    def former_site(self, report: MoveReport) -> str:
        return str(report.site or "—")

    @admin.display(description=gettext_lazy("brought"))
    def brought(self, report: MoveReport) -> int:
        return sum(tally.brought for tally in tallies(report))

    @admin.display(description=gettext_lazy("left out"))
    def left_out(self, report: MoveReport) -> int:
        return sum(tally.left_out for tally in tallies(report))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The report itself: it is looked at, and printed, never changed."""
        report = self._report(request, object_id)
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": _("Report of a move"),
            "opts": self.opts,
            "original": report,
            "report": report,
            "tallies": tallies(report),
            "parts": parts(report, first=LINES),
            "most_reasons": f":{REASONS}",
        }
        return TemplateResponse(request, "admin/articles/movereport/report.html", context)

    def table(self, request: HttpRequest, report_id: int) -> HttpResponseBase:
        """All that was left out or changed, a row for each line."""
        report = self._report(request, str(report_id))
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return spreadsheets.download(_rows(report), name=f"move-{report.pk}")

    def _report(self, request: HttpRequest, number: str) -> MoveReport:
        if not self.has_view_permission(request):
            raise PermissionDenied
        reports = MoveReport.objects.select_related("site", "by")
        is_key = number.isascii() and number.isdigit() and len(number) < 19
        return get_object_or_404(reports, pk=int(number) if is_key else 0)


def _rows(report: MoveReport) -> Iterator[tuple[str, ...]]:
    yield ("outcome", "kind", "item", "why", "place")
    for note in lines(report):
        yield (note.outcome, note.kind, note.item, note.why, note.place)
