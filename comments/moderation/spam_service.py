"""Asks a service that speaks Akismet's protocol (comment-check 1.1) whether a reply is spam.

It is told the text, the name and the website, and nothing else of the reader: no address, no
network, no browser. Only the worker asks, while the reply is held.
"""

from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request

from django.conf import settings

from newsroom.outgoing import opener

if TYPE_CHECKING:
    from comments.models import Comment

SECONDS = 5  # that the service is waited for
LONGEST_ANSWER = 64  # bytes; it says true or false


class SpamServiceFailed(Exception):
    """The service gave no verdict: it can be asked again later."""


def is_configured() -> bool:
    return bool(settings.AKISMET_URL)


def ask_later(comment: "Comment") -> None:
    """Have the worker ask about a held reply, where a service is configured."""
    if is_configured() and comment.is_held:
        from comments.tasks import ask_spam_service  # noqa: PLC0415 - tasks import the models

        ask_spam_service.enqueue(comment.pk)


def is_spam(comment: "Comment") -> bool:
    """What the service says of it. Raises SpamServiceFailed."""
    told = {
        "api_key": settings.AKISMET_KEY,
        "blog": settings.SITE_URL,
        "comment_type": "comment",
        "comment_author": comment.name,
        "comment_author_url": comment.website,
        "comment_content": comment.body,
        "permalink": settings.SITE_URL + comment.article.get_absolute_url(),
        "blog_lang": comment.article.language,
        "blog_charset": "UTF-8",
    }
    answer = _ask(Request(settings.AKISMET_URL, urlencode(told).encode(), method="POST"))
    if answer not in (b"true", b"false"):
        raise SpamServiceFailed("it gave no verdict")
    return answer == b"true"


def _ask(request: Request) -> bytes:
    request.add_header("User-Agent", "Newsroom")
    try:
        with opener().open(request, timeout=SECONDS) as response:
            answer: bytes = response.read(LONGEST_ANSWER)
    except HTTPError as error:
        error.close()
        raise SpamServiceFailed(f"it answered {error.code}") from None
    except (OSError, HTTPException) as error:
        # Its words may hold the address of the service, and with it the key.
        raise SpamServiceFailed(type(getattr(error, "reason", error)).__name__) from None
    return answer.strip()
