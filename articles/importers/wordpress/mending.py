"""An export as a reader of XML can take it: what sites and their plugins break, mended on the way.

Text comes in piece by piece and goes out so, with all its line ends, so that lines keep their
numbers. Nothing is held but the piece, save where an end has to be looked for.
"""

import re
from collections import deque
from collections.abc import Callable
from html.entities import html5

from django.utils.translation import gettext as _

from articles.importers.errors import Place, Refused

# Where something may be wrong, outside of CDATA; and where items begin and end.
NOTABLE = re.compile(
    r"""<!\[CDATA\[ | <!-- | <\? | <!(?=[A-Za-z]) | <item(?=[\s>]) | </item(?=[\s>])
    | </rss(?=[\s>]) | <(?![A-Za-z_/!]) | \]\]> | &""",
    re.VERBOSE,
)
REFERENCE = re.compile(r"&(?:\#([0-9]{1,7})|\#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}));")
OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
OPENER = re.compile(r"<([A-Za-z_][\w:.-]*)(?:\s[^<>]*)?>\s*\Z")
ROOT = re.compile(r"<rss(?=[\s>])[^<>]*>")
EXPORT = re.compile(r"""https?://(?:www\.)?wordpress\.(?:org|com)/export/""")
DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)\b", re.IGNORECASE)
# Where an export may begin: the rest of what is before it is blank, notices of PHP, or comments.
BEFORE = re.compile(r"<\?xml[^<>]*\?>|<!--.*?-->|<\?[^<>]*\?>", re.DOTALL)

LONGEST_HEAD = 1024 * 1024
LONGEST_TAG = 4096
LONGEST_SEARCH = 4 * 1024 * 1024  # for the end of a field with CDATA within CDATA


class Mender:
    """`tell` gets a sentence and the line, whenever something was mended."""

    def __init__(self, name: str, tell: Callable[[str, int], None]) -> None:
        self.name, self.tell = name, tell
        self.line = 1  # of the first character of what is held
        self.held = ""
        self.state: Callable[[str, bool], tuple[str, str]] = self._before
        self.starts: deque[int] = deque()  # the lines of <item>, and of </item>
        self.ends: deque[int] = deque()
        self.ahead = ""  # what went out last, in which a tag before a CDATA section stands
        self.field = ""  # in which the CDATA section stands that is open
        self.nested = 0  # sections within it that nothing has closed

    def feed(self, text: str, *, is_last: bool = False) -> str:
        """The mended text, as far as it is plain what it means. Raises Refused."""
        held = self.held + self._without_controls(text)
        mended: list[str] = []
        while True:
            state = self.state
            out, rest = state(held, is_last)
            if out:
                mended.append(out)
                self.ahead = (self.ahead + out)[-LONGEST_TAG:] if len(out) < LONGEST_TAG else out
            held = rest
            if not held or self.state == state:
                break
        self.held = held
        return "".join(mended)

    def _pass(self, text: str) -> str:
        self.line += text.count("\n")
        return text

    def _dropped(self, text: str) -> str:
        """Its line ends, which keep the lines numbered."""
        lines = text.count("\n")
        self.line += lines
        return "\n" * lines

    def _without_controls(self, text: str) -> str:
        found = FORBIDDEN.search(text)
        if not found:
            return text
        lines = self.line + self.held.count("\n")
        position = 0
        while found:
            lines += text.count("\n", position, found.start())
            position = found.start()
            self.tell(_("Control characters, which XML forbids, were taken out."), lines)
            end = text.find("\n", position)
            found = FORBIDDEN.search(text, end) if end >= 0 else None
        return FORBIDDEN.sub("", text)

    # --- Before the export, and after it -------------------------------------------------------

    def _before(self, text: str, is_last: bool) -> tuple[str, str]:
        root = ROOT.search(text)
        doctype = DOCTYPE.search(text, 0, root.start() if root else len(text))
        if doctype:
            line = self.line + text.count("\n", 0, doctype.start())
            why = _("It has a document type (DOCTYPE), which no export has and none is read with.")
            raise Refused(why, Place(self.name, line))
        if not root:
            if is_last or len(text) > LONGEST_HEAD:
                why = _("This is no export of WordPress (WXR): it has no <rss>.")
                raise Refused(why, Place(self.name, self.line))
            return "", text
        if not EXPORT.search(root[0]):
            line = self.line + text.count("\n", 0, root.start())
            why = _("This is an RSS feed, but no export of WordPress (WXR).")
            raise Refused(why, Place(self.name, line))
        head = text[: root.start()]
        if BEFORE.sub("", head).strip("\ufeff \t\r\n"):
            self.tell(_("What stood before the export was left out."), self.line)
        elif head.startswith("\ufeff") or head.lstrip("\ufeff") != head.lstrip("\ufeff \t\r\n"):
            self.tell(_("Blank lines or a byte order mark before the export: left out."), 1)
        self.state = self._outside
        return self._dropped(head), text[root.start() :]

    def _after(self, text: str, is_last: bool) -> tuple[str, str]:
        if text.strip():
            self.tell(_("What stood behind the end of the export was left out."), self.line)
            self.state = self._nowhere
        return self._dropped(text), ""

    def _nowhere(self, text: str, is_last: bool) -> tuple[str, str]:
        return self._dropped(text), ""

    # --- Elements and text ---------------------------------------------------------------------

    def _outside(self, text: str, is_last: bool) -> tuple[str, str]:
        end = len(text) if is_last else _safe_end(text)
        out: list[str] = []
        position = 0
        for found in NOTABLE.finditer(text, 0, end):
            start = found.start()
            if start < position:
                continue  # within what was mended
            out.append(self._pass(text[position:start]))
            position = found.end()
            match found[0]:
                case "<![CDATA[":
                    self._open((self.ahead + "".join(out))[-LONGEST_TAG:])
                    out.append(found[0])
                    return "".join(out), text[position:]
                case "<!--" | "<?":
                    self.state = self._comment if found[0] == "<!--" else self._instruction
                    return "".join(out), text[position:]
                case "<item":
                    self.starts.append(self.line)
                    out.append(found[0])
                case "</item":
                    self.ends.append(self.line)
                    out.append(found[0])
                case "</rss":
                    close = text.find(">", position)
                    if close >= 0:
                        out.append("</rss>")
                        self.state = self._after
                        return "".join(out), text[close + 1 :]
                    out.append(found[0])
                case "&":
                    mended, position = self._reference(text, start)
                    out.append(mended)
                case _:
                    out.append(self._mark(text, found[0], start))
        out.append(self._pass(text[position:end]) if position < end else "")
        return "".join(out), text[max(position, end) :]

    def _mark(self, text: str, mark: str, start: int) -> str:
        if mark == "<!":
            if DOCTYPE.match(text, start):
                why = _("It declares entities or a document type, which no export does.")
                raise Refused(why, Place(self.name, self.line))
            return mark
        if mark == "]]>":
            self.tell(_("The end of a CDATA section stood alone: read as text."), self.line)
            return "]]&gt;"
        self.tell(_("A “<” that begins no tag was read as text."), self.line)
        return "&lt;"

    def _reference(self, text: str, start: int) -> tuple[str, int]:
        """What stands for the “&” there, and where it goes on."""
        found = REFERENCE.match(text, start)
        name = found[3] if found else None
        if found is None or (name and name not in OF_XML and f"{name};" not in html5):
            self.tell(_("A bare “&” was read as text."), self.line)
            return "&amp;", start + 1
        if name in OF_XML:
            return found[0], found.end()
        if name:
            self.tell(_("Entities of HTML such as &nbsp; were read as what they mean."), self.line)
            characters = html5[f"{name};"]
        else:
            number = int(found[1]) if found[1] else int(found[2], 16)
            characters = chr(number) if number <= 0x10FFFF else "\0"
            if not FORBIDDEN.search(characters):
                return found[0], found.end()
            self.tell(_("Control characters, which XML forbids, were taken out."), self.line)
            return "", found.end()
        return "".join(f"&#{ord(each)};" for each in characters), found.end()

    def _comment(self, text: str, is_last: bool) -> tuple[str, str]:
        return self._skipped(text, "-->", is_last)

    def _instruction(self, text: str, is_last: bool) -> tuple[str, str]:
        return self._skipped(text, "?>", is_last)

    def _skipped(self, text: str, mark: str, is_last: bool) -> tuple[str, str]:
        end = text.find(mark)
        if end >= 0:
            self.state = self._outside
            return self._dropped(text[: end + len(mark)]), text[end + len(mark) :]
        kept = 0 if is_last else len(mark) - 1
        return self._dropped(text[: len(text) - kept]), text[len(text) - kept :]

    # --- CDATA ---------------------------------------------------------------------------------

    def _open(self, before: str) -> None:
        opener = OPENER.search(before[before.rfind("<") :]) if "<" in before else None
        # A section right behind another is still within the same field.
        self.field = opener[1] if opener else self.field
        self.nested = 0
        self.state = self._cdata

    def _cdata(self, text: str, is_last: bool) -> tuple[str, str]:
        out: list[str] = []
        position, close = 0, -1
        while (end := text.find("]]>", position)) >= 0:
            self.nested += text.count("<![CDATA[", position, end)
            behind = end + 3
            if len(text) - behind < LONGEST_TAG and not is_last:
                close = text.find(f"</{self.field}", behind)
                if close < 0:
                    self.nested -= text.count("<![CDATA[", position, end)
                    return "".join(out), text[position:]
            if close < behind:
                close = text.find(f"</{self.field}", behind)
            is_to_come = not is_last and len(text) - behind < LONGEST_SEARCH
            if close < 0 and is_to_come and not text.startswith("<![CDATA[", behind):
                self.nested -= text.count("<![CDATA[", position, end)
                return "".join(out), text[position:]
            if self._is_end(text, behind, close):
                out.append(self._pass(text[position:behind]))
                self.state = self._outside
                return "".join(out), text[behind:]
            out.append(self._pass(text[position:end]))
            self.tell(_("CDATA within CDATA was read as text."), self.line)
            out.append("]]]]><![CDATA[>")
            self.nested = max(0, self.nested - 1)
            position = behind
        kept = 0 if is_last else min(12, len(text) - position)  # may be the half of a mark
        if kept == len(text) - position:
            return "".join(out), text[position:]
        passed = text[position : len(text) - kept]
        self.nested += passed.count("<![CDATA[")
        out.append(self._pass(passed))
        return "".join(out), text[len(text) - kept :]

    def _is_end(self, text: str, behind: int, close: int) -> bool:
        """Whether the “]]>” before `behind` ends the section. It does right before the end of its
        field or another section; else where something else than one ends the field."""
        if close < 0 or text.startswith("<![CDATA[", behind):
            return True
        between = text[behind:close]
        if not between.strip():
            return True
        if not between.rstrip().endswith("]]>"):
            return True
        return not self.nested and "<![CDATA[" in between


def _safe_end(text: str) -> int:
    """Up to where no tag, reference or mark is cut in halves."""
    end = len(text)
    start = text.rfind("<", max(0, end - LONGEST_TAG))
    if start >= 0 and text.find(">", start) < 0:
        end = start
    for mark, length in (("&", 40), ("]", 3)):
        start = text.rfind(mark, max(0, end - length), end)
        if start >= 0 and text.find(";" if mark == "&" else ">", start, end) < 0:
            end = start
    return end
