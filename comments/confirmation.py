"""The page on which readers with old and text browsers confirm that they meant to reply.

Such browsers don't say which site a form was sent from. Another site could at most make them
send a reply they did not write, as anybody could send it themselves: no session is involved. So
a signature over the reply itself is enough, and it works with cookies off, where a CSRF token
does not.
"""

from collections.abc import Mapping
from hashlib import sha256

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.models import Article
from comments.forms import ReplyForm

SIGNER = signing.TimestampSigner(salt="comments.confirmation")
VALID = 60 * 60  # seconds
FIELDS = ("comment", "author", "email", "url", "subject", "parent", "drawn", "key")


def page(request: HttpRequest, article: Article, form: ReplyForm) -> HttpResponse:
    fields = [(name, form.data.get(name, "")) for name in FIELDS]
    return render(
        request,
        "comments/confirm.html",
        {
            "article": article,
            "form": form,
            "fields": fields,
            "token": SIGNER.sign(_digest(form.data)),
        },
    )


def is_given(data: Mapping[str, str]) -> bool:
    """Whether the reply in `data` was confirmed, unchanged, within the last hour."""
    try:
        return SIGNER.unsign(data.get("confirmed", ""), max_age=VALID) == _digest(data)
    except signing.BadSignature:
        return False


def _digest(data: Mapping[str, str]) -> str:
    lines = (data.get(name, "").replace("\r\n", "\n") for name in FIELDS)
    return sha256("\0".join(lines).encode()).hexdigest()
