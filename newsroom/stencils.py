"""Templates that are drawn once, with holes, and filled in again and again.

What a template decides (its words in a language, which of its parts are there) is the same for
hundreds of replies. So it is drawn once for each way it comes out, and afterwards only what differs
is put in, which takes a hundredth of the time. What comes out the same as a whole is kept().

    stencil = Stencil("comments/_reply.html")
    html = [stencil.fill({"name": each.name}, is_edited=each.is_edited) for each in replies]
"""

from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language

MOST = 2048  # ways that templates come out, which are kept; and as many pieces of HTML


class Html:
    """HTML that needs no escaping: clean since it was stored, or put together of what is."""

    __slots__ = ("parts",)

    def __init__(self, *parts: str) -> None:
        self.parts = parts

    def __html__(self) -> str:
        return "".join(self.parts)


class Stencil:
    """A template, in the language in force when this is made."""

    def __init__(self, template: str) -> None:
        self.template, self.language = template, get_language()
        self.shape = _shape.__wrapped__ if settings.DEBUG else _shape

    def fill(self, values: Mapping[str, Any], **fixed: Hashable) -> str:
        """The HTML with `values` where the template prints them, escaped unless they are HTML.

        It is drawn once for each set of names in `values` and for each `fixed`: so all that it may
        ask of a value is whether it is there, and of `fixed` there should be few. It asks the
        database nothing.
        """
        shape = self.shape(self.template, self.language, tuple(values), tuple(fixed.items()))
        html = {name: _html(value) for name, value in values.items()}
        parts = shape.parts.copy()
        parts[1::2] = [html[name] for name in shape.names]
        return "".join(parts)


def filled(template: str, values: Mapping[str, Any], **fixed: Hashable) -> str:
    """Stencil.fill() for what stands on a page once, as templates print it."""
    return format_html("{}", Html(Stencil(template).fill(values, **fixed)))


def kept(template: str, context: Callable[..., dict[str, Any]], *values: Hashable) -> str:
    """The HTML of a template with what `context` makes of the values: drawn once for each.

    It shows nothing but these, in the language in force and on the clock in force, and asks the
    database nothing. For what many pages show alike, or one shows again when another part changed.
    """
    draw = _kept.__wrapped__ if settings.DEBUG else _kept
    zone = timezone.get_current_timezone_name()
    html: str = draw(template, context, values, get_language(), zone)
    return html


@lru_cache(maxsize=MOST)
def _kept(
    template: str, context: Callable[..., dict[str, Any]], values: tuple[Hashable, ...], *_: object
) -> str:
    return render_to_string(template, context(*values))


class Shape(NamedTuple):
    """A way that a template comes out: every second part is empty, for the value of that name."""

    parts: list[str]
    names: list[str]


@lru_cache(maxsize=MOST)
def _shape(
    template: str,
    language: str | None,
    holes: tuple[str, ...],
    fixed: tuple[tuple[str, Hashable], ...],
) -> Shape:
    html = get_template(template).render(dict(fixed) | {name: _hole(name) for name in holes})
    parts = html.rstrip("\n").split(EDGE)
    return Shape(["" if place % 2 else part for place, part in enumerate(parts)], parts[1::2])


EDGE = "-hole-of-a-stencil-"


def _hole(name: str) -> str:
    """No template changes or escapes it, and addresses may have it in them."""
    return f"{EDGE}{name}{EDGE}"


def _html(value: Any) -> str:
    html: str = value.__html__() if hasattr(value, "__html__") else escape(str(value))
    return html
