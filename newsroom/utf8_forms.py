import codecs
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


class Utf8FormsMiddleware:
    """Refuses forms that name another charset than UTF-8, which every page here is in.

    Django would read them in that charset. Some give what is no text, others fail.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Django has set an encoding only where the charset is one that Python knows.
        if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
            raise BadRequest("The form is not in UTF-8.")
        return self.get_response(request)
