"""Rules for other ways to reach somebody: email addresses and telephone numbers in a text."""

import re
import unicodedata
from functools import lru_cache

from django.utils.translation import gettext as _

from comments.identity import EMAIL_ADDRESS
from comments.moderation.addresses import COMMON_ENDINGS, DOTS
from comments.moderation.findings import Finding, Severity, Submission

# From the start of a run of the letters that an address has, so that each is read once.
EMAIL = re.compile(r"(?<![^\s@/:<>()\[\],;\"])" + EMAIL_ADDRESS.pattern)
SAME_SIGNS = str.maketrans("\uff20\ufe6b\uff0b\uff0d\uff08\uff09", "@@+-()") | DOTS

AT, DOT = "at|ät|arroba|собака|アット|アットマーク", "dot|punkt|punto|point|точка|ドット"
# name at example dot org, name (at) example.org, name@example dot org
SPELT = re.compile(
    rf"(?<![\w.+-])(?P<name>\w[\w.+-]{{0,63}})"
    rf"(?P<at>\s?[\[({{]\s?(?:@|{AT})\s?[\])}}]\s?|\s{{1,3}}(?:{AT})\s{{1,3}}|\s?@\s?)"
    rf"(?P<host>\w[\w-]{{0,62}}"
    rf"(?:(?:\s?[\[({{]\s?(?:\.|{DOT})\s?[\])}}]\s?|\s{{1,3}}(?:{DOT})\s{{1,3}}|\s?\.\s?)"
    rf"\w[\w-]{{0,62}}){{1,4}})(?!\w)",
    re.IGNORECASE,
)
SPELT_DOT = re.compile(rf"(?:{DOT})\W{{1,3}}\w+$", re.IGNORECASE)
NO_HOSTS = re.compile(r"an?|th(?:e|is|at|ese|ose)|each|every|his|her|its|my|our|your|their")

# Digits in groups, parted by one or two signs, with or without a plus before them.
NUMBER = re.compile(
    r"(?<![A-Za-z0-9_/=&#%.,:$€£¥+-])(?P<plus>\+|\(\+)?\(?\d{1,16}\)?"
    r"(?:[ \u00a0\u2009\u202f./()\u2010-\u2015-]{1,2}\(?\d{1,16}\)?){0,8}(?! ?%)(?![A-Za-z0-9_])"
)
NORTH_AMERICAN = re.compile(r"\(?[2-9]\d\d(?:\) ?|[.-])[2-9]\d\d[ .-]\d{4}")
# Before a number: what follows is a telephone's.
CALLS = re.compile(
    r"(?:\b(?:tel|tél|telephone|téléphone|telefon|teléfono|phone|fone|call|ring|mobile|handy|cell"
    r"|fax|sms|text|whats ?app|viber|telegram|signal|wechat|kakao)\b"
    r"|電話|携帯|連絡先|тел|звоните|телефон|هاتف|جوال|واتساب|טלפון|전화|微信|电话)"
    r"[^\d+(\n]{0,20}\(?\+?\(?$",
    re.IGNORECASE,
)
NO_CALLS = re.compile(
    r"(?:\b(?:isbn|issn|doi|ean|no|nr|vat|iban)\b[^\d\n]{0,6}|〒\s?)$", re.IGNORECASE
)
FEWEST, MOST = 7, 15  # digits; E.164 has no more


def contact_details(submission: Submission) -> Finding | None:
    """An email address, also written apart, or a telephone number in the text or the name.

    Addresses are taken as found; numbers only where they are written as one dials them: with a
    country code, from a 0, as in North America, or after a word such as "call". Dates, scores,
    prices, years and book numbers are none.
    """
    if not submission.policy.hold_contact_details:
        return None
    for text, is_name in ((submission.readable, False), (submission.name, True)):
        text = text.translate(SAME_SIGNS)
        if span := email_address(text):
            reason = _("It has an email address in it.")
        elif span := phone_number(text):
            reason = _("It has what looks like a telephone number in it.")
        else:
            continue
        if is_name:
            reason += " " + _("It stands in the name.")
        return Finding("contact_details", Severity.HOLD, reason, None if is_name else span)
    return None


def email_address(text: str) -> tuple[int, int] | None:
    if "@" in text and (found := EMAIL.search(text)):
        return found.span()
    for found in SPELT.finditer(text):
        host = re.split(r"\W+", found["host"].casefold())
        bare_at = found["at"].strip().isalpha()
        # "Look at example.org" is no address; nor is what stares at a dot in the sky.
        if bare_at and (not SPELT_DOT.search(found["host"]) or NO_HOSTS.fullmatch(host[0])):
            continue
        if host[-1] in COMMON_ENDINGS or not bare_at and host[-1].isalpha() and len(host[-1]) > 1:
            return found.span()
    return None


def without_email_addresses(text: str) -> str:
    """The same with a … in the place of each."""
    kept, rest = [], text
    while span := email_address(rest.translate(SAME_SIGNS)):
        kept += [rest[: span[0]], "…"]
        rest = rest[span[1] :]
    return "".join([*kept, rest])


def phone_number(text: str) -> tuple[int, int] | None:
    text = "".join(map(_ascii_digit, text))
    for found in NUMBER.finditer(text):
        groups = re.findall(r"\d+", found[0])
        digits = "".join(groups)
        if not FEWEST <= len(digits) <= MOST or len(set(digits)) < 3:
            continue
        before = text[max(0, found.start() - 40) : found.start()]
        if not NO_CALLS.search(before) and _is_dialled(found, groups, digits, before):
            return found.span()
    return None


def _is_dialled(found: re.Match[str], groups: list[str], digits: str, before: str) -> bool:
    if CALLS.search(before):
        return True
    if found["plus"]:
        return len(digits) >= 8 and digits[0] != "0"
    if any(len(group) < 2 for group in groups):
        return False  # a book's number, a Japanese street
    if len(groups) == 2 and ("." in found[0] or list(map(len, groups)) == [5, 4]):
        return False  # a decimal, an American postal code
    if digits[0] == "0" and len(digits) >= 9 and not _is_date(groups):
        return True
    return NORTH_AMERICAN.fullmatch(found[0]) is not None


def _is_date(groups: list[str]) -> bool:
    """01.02.2003 04, and 01-02 to 03-04-2005."""
    days = len(groups) >= 3 and all(len(group) == 2 and int(group) <= 31 for group in groups[:2])
    return days and len(groups[2]) == 4 and groups[2][:2] in {"17", "18", "19", "20"}


@lru_cache(2000)
def _ascii_digit(letter: str) -> str:
    return str(unicodedata.decimal(letter)) if letter.isdecimal() else letter
