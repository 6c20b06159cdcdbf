"""Shortcodes of WordPress ([caption], [gallery] …) as the HTML that they stand for."""

import re
from collections.abc import Callable
from html import escape, unescape
from typing import NamedTuple

from django.utils.translation import gettext as _

# A code with what it encloses, if it does. Names are letters, so that [1] and [sic] in a text are
# only codes where they are known, or look like ones that a plugin has left: with values.
CODE = re.compile(
    r"(?P<open>\[?)\[(?P<name>[a-zA-Z][\w-]{1,40})(?P<values>(?=[\s\]/])[^\[\]]*?)(?P<void>/?)\]"
    r"(?P<close>\]?)"
)
VALUE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s'"]+))|"([^"]*)"|(\S+)""")
IMG = re.compile(r"(?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?", re.IGNORECASE)
NUMBER = re.compile(r"\d{1,15}")
FILES = (
    "src",
    "mp3",
    "m4a",
    "ogg",
    "wav",
    "flac",
    "mp4",
    "m4v",
    "webm",
    "ogv",
    "flv",
    "wma",
    "wmv",
)
DEEPEST = 4  # codes within each other

type Values = dict[str, str]


class Known(NamedTuple):
    """How a code is drawn from its values and what it encloses."""

    draw: Callable[[Values, str], str]
    encloses: bool


class Shortcodes:
    """`gallery_of` gives the numbers of the pictures of a gallery that names none; `tell` hears, in
    sentences, what was left out."""

    def __init__(self, gallery_of: Callable[[], list[int]], tell: Callable[[str], None]) -> None:
        self.gallery_of, self.tell = gallery_of, tell
        self.known = {
            "caption": Known(self._caption, True),
            "wp_caption": Known(self._caption, True),
            "gallery": Known(self._gallery, False),
            "playlist": Known(self._playlist, False),
            "audio": Known(self._player("audio"), True),
            "video": Known(self._player("video"), True),
            "embed": Known(self._embed, True),
        }

    def drawn(self, text: str, depth: int = 0) -> str:
        """The text with its codes drawn. Of those that nobody knows the words stay that they
        enclose, and [[code]] stays as [code], as a text about codes has it."""
        out: list[str] = []
        position = 0
        while found := CODE.search(text, position):
            out.append(text[position : found.start()])
            position = found.end()
            name = found["name"].lower()
            if found["open"] and found["close"]:
                out.append(found[0][1:-1])
                continue
            out.append(found["open"])
            if known := self.known.get(name):
                inside = ""
                end = text.find(f"[/{found['name']}]", position) if known.encloses else -1
                if end >= 0 and not found["void"]:
                    inside, position = text[position:end], end + len(name) + 3
                if depth < DEEPEST:
                    inside = self.drawn(inside, depth + 1)
                out.append(known.draw(values_of(found["values"]), inside))
            elif "=" in found["values"] or f"[/{found['name']}]" in text:
                self.tell(_("The shortcode [%s] was taken out; what it encloses stays.") % name)
                text = text[:position] + text[position:].replace(f"[/{found['name']}]", "")
            else:
                out.append(found[0][len(found["open"]) :])
                continue
            out.append(found["close"])
        out.append(text[position:])
        return "".join(out)

    def _caption(self, values: Values, inside: str) -> str:
        """The caption stands behind the picture, or in old texts in a value."""
        img = IMG.search(inside)
        if img is None:
            return inside
        words = inside[img.end() :].strip() or unescape(values.get("caption", ""))
        number = NUMBER.search(values.get("id", ""))
        marked = f' data-number="{number[0]}"' if number else ""
        return f"\n\n<figure{marked}>{img[0]}<figcaption>{words}</figcaption></figure>\n\n"

    def _gallery(self, values: Values, inside: str) -> str:
        listed = NUMBER.findall(values.get("ids", "") or values.get("include", ""))
        left_out = set(NUMBER.findall(values.get("exclude", "")))
        numbers = listed or [str(each) for each in self.gallery_of() if str(each) not in left_out]
        figures = [f'<figure data-number="{number}"><img></figure>' for number in numbers]
        return "\n\n{}\n\n".format("".join(figures))

    def _playlist(self, values: Values, inside: str) -> str:
        self.tell(_("A playlist was left out: its recordings have to be put in one by one."))
        return ""

    def _player(self, tag: str) -> Callable[[Values, str], str]:
        def draw(values: Values, inside: str) -> str:
            address = next((values[name] for name in FILES if values.get(name)), "")
            address = address or values.get("", "") or inside.strip()
            poster = f' poster="{escape(values["poster"])}"' if values.get("poster") else ""
            return f'\n\n<{tag} src="{escape(address)}"{poster}></{tag}>\n\n' if address else ""

        return draw

    def _embed(self, values: Values, inside: str) -> str:
        address = values.get("src", "") or unescape(inside).strip()
        return f"\n\n{address}\n\n"


def values_of(written: str) -> Values:
    """By their names in small letters; the first without a name by the empty one."""
    values: Values = {}
    for name, double, single, bare, quoted, word in VALUE.findall(written):
        values.setdefault(name.lower(), unescape(double or single or bare or quoted or word))
    return values
