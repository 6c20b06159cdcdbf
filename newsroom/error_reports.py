from collections.abc import Iterable
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class NothingTyped(SafeExceptionReporterFilter):
    """Leaves what people typed, and every variable, out of Django's error reports.

    A debug page, a mailed report or an error tracker built on them would show readers' addresses
    otherwise: an error can happen before a view names what is sensitive, and in any function
    below it.
    """

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        names: Iterable[str] = () if request is None else request.POST
        return dict.fromkeys(names, self.cleansed_substitute)

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: FrameType
    ) -> Any:
        return [(name, self.cleansed_substitute) for name in tb_frame.f_locals]
