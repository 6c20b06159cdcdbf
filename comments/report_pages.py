"""The page on which a reader reports a reply, and the one on which they learn the outcome.

Neither reads or sets a cookie; the session plays no part. What is answered is the same for all:
nobody learns from it who is known, whose reports count, or who has reported the reply before.
"""

from django.core import signing
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from comments.models import Comment, Report
from comments.models.report import ReportQuerySet
from comments.network import network_of
from comments.report_address import Expired, report_of, report_url
from comments.report_forms import ReportForm
from comments.reporting import NothingToReport, ReportedEnough, TooManyReports
from comments.status_address import proved_senders
from newsroom.language import speaking
from newsroom.private_pages import private
from newsroom.same_origin import Sender, sender
from newsroom.see_other import SeeOther

CONFIRMATION = "comments.reports.confirmation"


@csrf_exempt  # SameOriginMiddleware refuses what other sites send, as with a reply
@sensitive_post_parameters("words", "proof", "confirmed")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def report(request: HttpRequest, number: int) -> HttpResponse:
    """Ask what is wrong, and take the report: 303 to where its outcome will be told, or 422.

    404 for what readers don't see, the same whether there is such a reply or not.
    """
    comment = Comment.objects.filter(pk=number).select_related("article").first()
    if comment is None or not comment.article.is_public:
        return _gone(request)
    try:
        with speaking(comment.article.language):
            if request.method == "POST":
                return _take(request, comment)
            return _draw(request, comment, ReportForm())
    except NothingToReport:
        return _gone(request)


@sensitive_variables("form", "confirmed")
def _take(request: HttpRequest, comment: Comment) -> HttpResponse:
    confirmed = _confirmed(request, comment)
    form = ReportForm(confirmed or request.POST)
    if not form.is_valid():
        return _draw(request, comment, form, status=422)
    if sender(request) is Sender.UNKNOWN and not confirmed:
        return _ask(request, comment, form)
    given = form.cleaned_data
    try:
        taken = comment.report(
            reason=given["reason"],
            words=given["words"],
            by=next(proved_senders(given["proof"]), None),
            network=network_of(request),
        )
    except TooManyReports as refusal:
        form.add_error(None, str(refusal))
        return _draw(request, comment, form, status=429, retry=refusal.wait)
    except ReportedEnough as refusal:
        form.add_error(None, str(refusal))
        return _draw(request, comment, form, status=422)
    except OperationalError:
        # The database is locked or full, and reading may still work.
        form.add_error(None, _("We can't take this just now. Please send it again later."))
        return _draw(request, comment, form, status=503, retry=30)
    return SeeOther(report_url(taken), headers={"Referrer-Policy": "no-referrer"})


def _draw(
    request: HttpRequest, comment: Comment, form: ReportForm, *, status: int = 200, retry: int = 0
) -> HttpResponse:
    """The page of the form. Raises NothingToReport for what readers don't see."""
    if not comment.is_approved:
        raise NothingToReport
    context = {"comment": comment, "form": form}
    response = render(request, "comments/reports/report.html", context, status=status)
    if retry:
        response.headers["Retry-After"] = str(retry)
    return response


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "comments/reports/gone.html", status=404)


def _ask(request: HttpRequest, comment: Comment, form: ReportForm) -> HttpResponse:
    """Old and text browsers don't say which site a form was sent from: see confirmation.py."""
    if not comment.is_approved:
        raise NothingToReport
    fields = {name: form.data.get(name, "") for name in form.fields}
    confirmed = signing.dumps([comment.pk, fields], salt=CONFIRMATION, compress=True)
    reason = Report.Reason(form.cleaned_data["reason"]).label
    context = {"comment": comment, "form": form, "confirmed": confirmed, "reason": reason}
    return render(request, "comments/reports/confirm.html", context)


def _confirmed(request: HttpRequest, comment: Comment) -> dict[str, str] | None:
    """The report of this reply that is confirmed, as it was sent; None where none is."""
    try:
        number, fields = signing.loads(request.POST.get("confirmed", ""), salt=CONFIRMATION)
    except signing.BadSignature:
        return None
    return fields if number == comment.pk else None


@private
@require_safe
def status(request: HttpRequest, token: str) -> HttpResponse:
    """What became of the reply. Nothing of who reported it, or why: a network may be shared."""
    try:
        told = report_of(token)
    except Report.DoesNotExist:
        raise Http404 from None
    except Expired:
        return render(request, "comments/reports/expired.html", status=410)
    with speaking(told.comment.article.language):
        context = {"comment": told.comment, "report": told, "kept": ReportQuerySet.KEPT.days}
        return render(request, "comments/reports/status.html", context)
