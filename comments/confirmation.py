"""The page on which readers with old and text browsers confirm that they meant to reply.

Such browsers don't say which site a form was sent from. Another site could at most make them
send a reply they did not write, as anybody could send it themselves: no session is involved. So
a signature is proof enough, and it works with cookies off, where a CSRF token does not.

The reply travels inside the signed value. As fields of its own it would not come back the same:
text browsers change the line ends of hidden fields.
"""

from collections.abc import Mapping

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.models import Article
from comments.forms import ReplyForm

SALT = "comments.confirmation"


def page(request: HttpRequest, article: Article, form: ReplyForm) -> HttpResponse:
    """Ask whether the reply in `form` is to be sent. Nothing is stored."""
    reply = {name: form.data.get(name, "") for name in form.fields}
    confirmed = signing.dumps(reply, salt=SALT, compress=True)
    return render(
        request,
        "comments/confirm.html",
        {"article": article, "form": form, "confirmed": confirmed},
    )


def confirmed_reply(data: Mapping[str, str]) -> dict[str, str] | None:
    """The fields of the reply that `data` confirms, as they were sent; None if it confirms none."""
    try:
        reply: dict[str, str] = signing.loads(data.get("confirmed", ""), salt=SALT)
    except signing.BadSignature:
        return None
    return reply
