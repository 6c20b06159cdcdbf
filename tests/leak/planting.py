"""Puts a text into every answer, where a careless program might: the search has to find it."""

import logging
from collections.abc import Callable

from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)


def in_the_body(response: HttpResponse, text: str) -> None:
    response.content += f"<p>by {text}.</p>".encode()


def in_a_header(response: HttpResponse, text: str) -> None:
    response.headers["X-Sender"] = text


def in_a_redirect(response: HttpResponse, text: str) -> None:
    response.status_code = 302
    response.headers["Location"] = f"/?sender={text}"


def in_a_cookie(response: HttpResponse, text: str) -> None:
    response.set_cookie("sender", text)


def in_the_log(response: HttpResponse, text: str) -> None:
    logger.debug("A reply of %s came in.", text)


def in_a_traceback(response: HttpResponse, text: str) -> None:
    try:
        raise ValueError(text)
    except ValueError:
        logger.exception("A reply could not be taken.")


def in_a_mail(response: HttpResponse, text: str) -> None:
    EmailMessage("A reply", f"It is by {text}, who …", to=["moderator@example.org"]).send()


def in_the_subject_of_a_mail(response: HttpResponse, text: str) -> None:
    EmailMessage(f"A reply by {text}", "Please read it.", to=["moderator@example.org"]).send()


PLACES: dict[str, Callable[[HttpResponse, str], None]] = {
    place.__name__: place
    for place in (
        in_the_body,
        in_a_header,
        in_a_redirect,
        in_a_cookie,
        in_the_log,
        in_a_traceback,
        in_a_mail,
        in_the_subject_of_a_mail,
    )
}

# A text of several lines is refused there.
ONE_LINE = {"in_a_header", "in_a_redirect", "in_a_cookie", "in_the_subject_of_a_mail"}


class PlantingMiddleware:
    """Plants `text` at `place`."""

    place = "in_the_body"
    text = ""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        PLACES[self.place](response, self.text)
        return response
