"""The signed address at which whoever has reported a reply sees what became of it."""

from django.core import signing
from django.urls import reverse

from comments.models import Report

SIGNER = signing.Signer(salt="comments.reports", sep=".")


class Expired(Exception):
    """The report was kept long enough, and is no more."""


def report_url(report: Report) -> str:
    return reverse("comments:report_status", args=[SIGNER.sign(str(report.pk))])


def report_of(token: str) -> Report:
    """The report a token was made for. Raises Expired, or Report.DoesNotExist for other strings."""
    try:
        number = SIGNER.unsign(token)
    except signing.BadSignature:
        raise Report.DoesNotExist from None
    report = Report.objects.select_related("comment__article", "decision").filter(pk=number).first()
    if report is None:
        raise Expired
    return report
