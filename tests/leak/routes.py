"""Every URL pattern of the site, read from the resolver."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from django.urls import URLPattern, URLResolver, get_resolver, resolve

type Arguments = Mapping[str, object]

NAMED_GROUP = re.compile(r"\(\?P<(\w+)>[^()]*\)")
CONVERTED = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Route:
    """A pattern as Django writes it in `ResolverMatch.route`."""

    pattern: str

    @property
    def takes_arguments(self) -> bool:
        return CONVERTED.search(self.pattern) is not None

    def url(self, arguments: Arguments) -> str:
        """The URL of this pattern with these arguments. Asserts that it leads here."""

        def value(match: re.Match[str]) -> str:
            return quote(str(arguments[match[1]]), safe="/:@")

        path = CONVERTED.sub(value, NAMED_GROUP.sub(value, self.pattern))
        url = "/" + path.removesuffix("$")
        assert resolve(url).route == self.pattern, f"{url} leads to {resolve(url).route}"
        return url


def routes() -> list[Route]:
    return [Route(pattern) for pattern in _patterns(get_resolver(), "")]


def _patterns(resolver: URLResolver, before: str) -> Iterator[str]:
    for each in resolver.url_patterns:
        pattern = str(each.pattern)
        joined = before + pattern.removeprefix("^") if before else pattern
        if isinstance(each, URLPattern):
            yield joined
        else:
            yield from _patterns(each, joined)
