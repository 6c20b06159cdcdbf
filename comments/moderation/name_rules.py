"""A rule for the name under which somebody replies."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from comments.moderation.characters import UNPARTED
from comments.moderation.findings import Finding, Severity, Submission
from comments.moderation.folding import LEET
from comments.moderation.look_alikes import script, skeleton

# What nobody but the newsroom is called, alone or as a word of a name.
RESERVED = (
    "Editor\nEditors\nEditorial\nEditor-in-chief\nModerator\nModerators\nModeration\nAdmin\n"
    "Administrator\nNewsroom\nWebmaster\nRedaktion\nRédaction\nRedacción\nRedazione\nRedactie\n"
    "Redakcja\nРедакция\nРедактор\nМодератор\nАдминистратор\nالمحرر\nالتحرير\n편집부\n관리자\n"
    "編集部\n編集長\n編集局\n管理人\n管理者\n運営\nモデレーター\n编辑部\n管理员"
)
SHOWN = 60  # characters of a name that a reason quotes
LEET_LETTERS = str.maketrans({sign: letter for sign, letter in LEET.items() if sign not in "01!|"})


def reserved_name(submission: Submission) -> Finding | None:
    """A name that looks like that of the staff, of the site, or one that is reserved.

    Names are compared by their skeletons (UTS 39): look-alike letters, case, accents, spaces and
    the order of given name and surname make no difference. A reserved name counts as a word of
    the name, too ("Chief Editor"), and so does a name of several words ("Hana Ito, The Planet");
    a single word of the staff's ("Hana") only by itself.
    """
    for reserved in (RESERVED, submission.policy.reserved_names):
        if found := _looked_like(submission.name, names_in(reserved), is_word=True):
            return _finding(found)
    staff = names_in("\n".join(submission.staff_names))
    found = _looked_like(submission.name, staff, is_word=False)
    return _finding(found) if found else None


def _finding(name: str) -> Finding:
    reason = _("The name looks like “%(name)s”, which is reserved.") % {"name": name[:SHOWN]}
    return Finding("reserved_name", Severity.HOLD, reason)


@dataclass(frozen=True)
class NameList:
    """Names by their skeletons, forwards and with their words in reverse order."""

    by_letters: dict[str, str]
    unparted: tuple[tuple[str, str], ...]  # those of a script without spaces between words


@lru_cache(maxsize=8)
def names_in(lines: str) -> NameList:
    """The names in `lines`, one a line."""
    by_letters: dict[str, str] = {}
    unparted = []
    for line in map(str.strip, lines.splitlines()):
        if words := _words(line):
            letters = "".join(words)
            by_letters.setdefault(letters, line)
            by_letters.setdefault("".join(reversed(words)), line)
            if len(letters) > 1 and script(line[0]) in UNPARTED | {"KATAKANA"}:
                unparted.append((letters, line))
    return NameList(by_letters, tuple(unparted))


def _words(name: str) -> tuple[str, ...]:
    parts = re.split(r"[\W_]+", unicodedata.normalize("NFKC", name))
    return tuple(word for word in map(skeleton, parts) if word)


def _looked_like(name: str, names: NameList, *, is_word: bool) -> str | None:
    without_digits = re.sub(r"\d+(?!\w)", "", name)  # Admin123
    for written in dict.fromkeys([name, name.translate(LEET_LETTERS), without_digits]):
        words = _words(written)
        if found := names.by_letters.get("".join(words)):
            return found
        if found := _within(words, names.by_letters, shortest=1 if is_word else 2):
            return found
        letters = skeleton(written) if names.unparted else ""
        for unparted, shown in names.unparted:
            if unparted in letters:
                return shown
    return None


def _within(words: tuple[str, ...], names: dict[str, str], *, shortest: int) -> str | None:
    """A name that stands in `words` as some of them in a row."""
    for start in range(len(words)):
        for end in range(start + shortest, min(len(words), start + 8) + 1):
            if found := names.get("".join(words[start:end])):
                return found
    return None
