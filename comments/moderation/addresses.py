"""Where a reply leads to: its links, and the addresses that stand in its text without one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

from comments.invisible import without_invisible

# Top-level domains that are no English words: without a path, cafe.Then is no address.
COMMON_ENDINGS = frozenset(
    re.findall(
        r"\w+",
        "biz br bz ca cc ch cn com cz de edu eu fi fr gov gr hu info int io ir jp kr lt lv mobi mx "
        "net ng nl nz org pl pt ro rs ru sk su tk tv tw ua uk vn xyz za рф みんな 中国",
    )
)
DOTS = str.maketrans("\u3002\uff0e\uff61", "...")  # as IDNA reads them
ASCII_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)+")
LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
HOST = rf"(?:{LABEL}\.){{1,8}}{LABEL}"
TAG = re.compile(r"(<[^<>]*>)")
HREF = re.compile(r"\bhref=(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))")
# In a text, from its first letter to a space or a sign that no address has.
IN_TEXT = re.compile(
    rf"(?<![\w@.-])(?:(?P<scheme>h(?:tt|xx)ps?://)(?:[^\s/@]{{1,80}}@)?)?"
    rf"(?P<host>{HOST})(?P<port>:\d{{1,5}})?(?P<path>[/?#][^\s<>\"]*)?",
    re.IGNORECASE,
)
# In an address: its host, and those that it hands over, as https://t.example/?to=https://…
IN_ADDRESS = re.compile(
    rf"(?:^|//|=|@)(?P<host>{HOST})(?=(?P<path>[/?#:][^&\s]{{0,200}})?)", re.IGNORECASE
)
# example[.]com and example (dot) com
HIDDEN_DOT = re.compile(r"\s?[\[({]\s?(?:\.|dot|punkt|ドット)\s?[\])}]\s?", re.IGNORECASE)
LONGEST_ADDRESS = 2000


@dataclass(frozen=True, slots=True)
class Address:
    """An address of the web as it is compared: the host as DNS has it, then the path."""

    host: str
    path: str = ""
    span: tuple[int, int] | None = None


@dataclass(frozen=True)
class Links:
    """What `html`, clean as replies are, links to, and what it says outside of its links."""

    targets: tuple[str, ...]
    outside: str

    @classmethod
    def of(cls, html: str) -> "Links":
        targets, outside, inside = [], [], False
        for part in TAG.split(html):
            if not part.startswith("<"):
                outside.append("" if inside else part)
            elif part.startswith("</a"):
                inside = False
            elif part.startswith(("<a ", "<a\n", "<a\t")) and (found := HREF.search(part)):
                inside = True
                targets.append(unescape(next(filter(None, found.groups()), "")))
            elif not inside and re.match(r"</?(?:p|br|blockquote)\b", part):
                outside.append("\n")
        return cls(tuple(targets), unescape("".join(outside)))


def in_text(text: str) -> Iterator[Address]:
    """Addresses in a text that people read, with or without a scheme: example.com/path."""
    for found in IN_TEXT.finditer(text.replace("\uff0e", ".")):
        host = found["host"].casefold()
        endings = {address.host.rpartition(".")[2] for address in _read_as(found)}
        if (
            found["scheme"]
            or found["path"]
            or host.startswith("www.")
            or host.rpartition(".")[2] in COMMON_ENDINGS
            or endings & COMMON_ENDINGS
        ):
            yield Address(as_dns(host), found["path"] or "", found.span())


def hosts_in_text(text: str) -> Iterator[Address]:
    """Whatever in a text may be a host, also after words and with its dots in brackets."""
    text = text.translate(DOTS)
    for found in IN_TEXT.finditer(text):
        yield from _read_as(found)
        for each in hosts_in_address(found["path"] or ""):
            yield Address(each.host, each.path, found.span())
    bare = HIDDEN_DOT.sub(".", text)
    if bare != text:
        for found in IN_TEXT.finditer(bare):
            for address in _read_as(found):
                yield Address(address.host, address.path)


def _read_as(found: re.Match[str]) -> Iterator[Address]:
    """The host as it stands; and what of it is ASCII, where a text without spaces goes on."""
    path = found["path"] or ""
    yield Address(as_dns(found["host"]), path, found.span())
    if not found["host"].isascii():
        for part in ASCII_HOST.finditer(found["host"]):
            start = found.start("host") + part.start()
            yield Address(part[0].lower(), path, (start, start + len(part[0])))


def hosts_in_address(address: str) -> Iterator[Address]:
    """The host of an address, and those of addresses within it."""
    address = without_invisible(unquote(address[:LONGEST_ADDRESS])).translate(DOTS)
    for found in IN_ADDRESS.finditer(address):
        yield Address(as_dns(found["host"]), found["path"] or "")


@lru_cache(2000)
def as_dns(host: str) -> str:
    """The host in small ASCII letters: bücher.example as xn--bcher-kva.example."""
    if host.isascii():
        return host.strip(".").lower()
    host = without_invisible(host).translate(DOTS).strip(".")
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host.casefold()


class DomainList:
    """Hosts, one a line, and all that are below them; with a path, what begins by it alone."""

    def __init__(self, lines: str) -> None:
        self._paths: dict[str, set[str]] = {}
        for line in lines.splitlines():
            entry = re.sub(r"^(?:[a-z]+:)?//", "", line.strip().casefold()).lstrip("*.@")
            host, slash, path = entry.partition("/")
            if host := as_dns(host.partition(":")[0]):
                self._paths.setdefault(host, set()).add(slash + path if path else "")

    def __bool__(self) -> bool:
        return bool(self._paths)

    def entry_for(self, address: Address) -> str | None:
        """The entry that names this address, or None."""
        labels = address.host.split(".")
        for start in range(len(labels)):
            host = ".".join(labels[start:])
            for path in self._paths.get(host, ()):
                if address.path.casefold().startswith(path):
                    return host + path
        return None


@lru_cache(maxsize=8)
def domain_list(lines: str) -> DomainList:
    """The list in `lines`, made once in a process."""
    return DomainList(lines)
