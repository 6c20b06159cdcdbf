"""How recordings stand in the HTML of a body: as audio and video elements (body_html.py)."""

import re

from articles.html_tree import Element

NAME = re.compile(r"[0-9a-f]{32}\.(?:flac|m4a|mp3|mp4|ogg|ogv|wav|webm)")
_PLAYER = re.compile(rf'<(?:audio|video)[^>]* src="/media/({NAME.pattern})"')
_POSTER = re.compile(r'<video[^>]* poster="([^"]*)"')


def names_in(html: str) -> set[str]:
    """The names of the files that the clean `html` of a body plays."""
    return set(_PLAYER.findall(html))


def posters_in(html: str) -> list[str]:
    """The addresses of the pictures that stand there until a film is played."""
    return _POSTER.findall(html)


def for_holder(body: Element, preview: str) -> None:
    """Give the players within `body` addresses for whoever holds the token of a preview link."""
    for player in body.all("audio", "video"):
        for name in ("src", "poster"):
            if name in player.attributes:
                player.attributes[name] += f"?preview={preview}"
