"""The name and the website that stand beside a reply, made safe to show anywhere."""

import html
import re
import unicodedata
from urllib.parse import quote, unquote, urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from comments import email_privacy
from comments.invisible import FILLERS, without_invisible
from comments.normalising import JOINER_IN_PLACE

MAX_NAME = 80  # characters as stored
MAX_WEBSITE = 200

# An address as somebody might hide it from a form, not as RFC 5322 defines it. What follows the
# last dot starts with a letter: react@18.2.0 is none.
EMAIL_ADDRESS = re.compile(
    r"[^\s@/:<>()\[\],;\"]+@[^\s@/<>()\[\],;\"&=?#]+\.[^\W\d_][^\s@/.<>()\[\],;\"&=?#]*"
)
CODED_TIMES = 3  # how often percent-coding and entities are undone: %2540 is a coded %40

# In the categories of a name's characters: more than three marks that take no room of their own
# (Mn, Me) on one letter. Marks that do (Mc) count neither way: Burmese has four in a row.
TOWER = re.compile("(?:M[ne](?:Mc)*){4}")
WOULD_PUBLISH_ADDRESS = _("This would publish your email address.")


def clean_name(name: str) -> str:
    """One line of visible characters, compatibility forms folded (NFKC).

    Raises ValidationError for what could pass for another name or break out of its line:
    controls, bidirectional and invisible characters, towers of combining marks. Joiners are
    allowed where a script needs them, as Persian does.
    """
    name = re.sub(" +", " ", unicodedata.normalize("NFKC", name)).strip()
    categories = {unicodedata.category(letter) for letter in JOINER_IN_PLACE.sub("", name)}
    if categories & {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"} or FILLERS.search(name):
        raise ValidationError(_("A name can't contain invisible characters."))
    if not any(unicodedata.category(letter)[0] in "LN" for letter in name):
        raise ValidationError(_("A name needs a letter or a digit."))
    if TOWER.search("".join(unicodedata.category(letter) for letter in name)):
        raise ValidationError(_("A name can't contain so many accents on one letter."))
    if len(name) > MAX_NAME:
        raise ValidationError(_("This name is too long."))
    return name


def clean_website(website: str) -> str:
    """web_address(), not longer than is kept; empty for nothing."""
    if not website:
        return ""
    website = web_address(website)
    if len(website) > MAX_WEBSITE:
        raise ValidationError(_("This address is too long."))
    return website


def web_address(website: str) -> str:
    """The address of a public web page, put together anew from its parts.

    Raises ValidationError for other schemes, credentials, hosts that are no public names, and
    characters that an address does not have.
    """
    if "://" not in website:
        website = f"https://{website}"
    try:
        parts = urlsplit(website)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
    except (ValueError, UnicodeError):
        raise ValidationError(_("This is not the address of a website.")) from None
    if (
        parts.scheme not in {"http", "https"}
        or "@" in parts.netloc
        or port == 0
        or not _is_public_name(host)
        or re.search(r"[\s\"'<>\\^`{|}\x00-\x1f\x7f-\x9f]", website)
    ):
        raise ValidationError(_("This is not the address of a website."))
    netloc = host if port is None else f"{host}:{port}"
    path = quote(parts.path or "/", safe="/%:@!$&()*+,;=~-._")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
    fragment = f"#{quote(parts.fragment, safe='/%:@!$&()*+,;=~-._?')}" if parts.fragment else ""
    return f"{parts.scheme}://{netloc}{path}{query}{fragment}"


def _is_public_name(host: str) -> bool:
    label = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    if not re.fullmatch(rf"({label}\.)+[a-z][a-z0-9-]*[a-z0-9]", host) or len(host) > 253:
        return False
    return not host.endswith((".local", ".localhost", ".internal", ".test", ".invalid"))


def holds_an_address(text: str) -> bool:
    """Whether an email address stands in a name or a website, percent-coded ones included."""
    return EMAIL_ADDRESS.search(_as_read(text)) is not None


def addresses_in(text: str) -> set[str]:
    """What reads like an email address in `text`, however its letters are coded or parted."""
    read = _as_read(text)
    return set(EMAIL_ADDRESS.findall(read)) if "@" in read else set()


def holds_this_address(text: str, address: str) -> bool:
    """Whether `address` stands in `text`, however its letters are coded or parted."""
    return _as_read(email_privacy.normalise(address)) in _as_read(text)


def _as_read(text: str) -> str:
    """The text as a reader would copy it: decoded, folded, without what is invisible."""
    for _again in range(CODED_TIMES):
        text = html.unescape(unquote(text))
    folded = unicodedata.normalize("NFKC", text).casefold()
    # Tabs are dropped from addresses by browsers; \u3002 is the dot of Japanese keyboards.
    return without_invisible(folded).replace("\t", "").replace("\u3002", ".")
