"""What the HTML of every page keeps to, besides parsing without an error."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib


def faults(html: str, at: str) -> Iterator[str]:
    try:
        page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    except html5lib.html5parser.ParseError as error:
        yield f"does not parse: {error}"
        return
    for rule in RULES:
        yield from rule(page, at)


def language_is_given(page: Element, at: str) -> Iterator[str]:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", page.get("lang") or ""):
        yield f"html has the lang {page.get('lang')!r}"


def head_is_complete(page: Element, at: str) -> Iterator[str]:
    if not (page.findtext("head/title") or "").strip():
        yield "no title"
    if page.find("head/meta[@name='viewport']") is None:
        yield "no viewport"


def ids_are_unique(page: Element, at: str) -> Iterator[str]:
    seen = set()
    for each in page.iter():
        identifier = each.get("id")
        if identifier is not None and (identifier in seen or not identifier.strip()):
            yield f"id {identifier!r} is there twice or empty"
        seen.add(identifier)


def controls_have_labels(page: Element, at: str) -> Iterator[str]:
    named = {label.get("for") for label in page.iter("label")}
    for label in page.iter("label"):
        if label.get("for") not in {each.get("id") for each in _controls(page)}:
            yield f"label for {label.get('for')!r}, which is no field"
    for control in _controls(page):
        if control.get("id") not in named and not control.get("aria-label"):
            yield f"no label for the field {control.get('name')!r}"


def _controls(page: Element) -> Iterator[Element]:
    for each in page.iter():
        if each.tag in {"textarea", "select"} or (
            each.tag == "input"
            and each.get("type") not in {"hidden", "submit"}
            and each.get("class") != "hidden"  # of the admin, for password managers
        ):
            yield each


def references_resolve(page: Element, at: str) -> Iterator[str]:
    ids = {each.get("id") for each in page.iter()}
    for each in page.iter():
        for name in REFERENCES & each.attrib.keys():
            for identifier in (each.get(name) or "").split():
                if identifier not in ids:
                    yield f"{name} of {each.tag} leads to {identifier!r}, which is not there"
        target = urlsplit(urljoin(at, each.get("href") or ""))
        if target.path == at and target.fragment and target.fragment not in ids:
            yield f"the link to #{target.fragment} leads nowhere"


REFERENCES = {
    "aria-activedescendant",
    "aria-controls",
    "aria-describedby",
    "aria-details",
    "aria-errormessage",
    "aria-flowto",
    "aria-labelledby",
    "aria-owns",
    "form",
    "headers",
    "list",
}


def headings_make_an_outline(page: Element, at: str) -> Iterator[str]:
    levels = [int(each.tag[1]) for each in page.iter() if re.fullmatch("h[1-6]", str(each.tag))]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} h1"
    for above, below in zip([0, *levels], levels, strict=False):
        if below > above + 1:
            yield f"h{below} follows h{above}"
    for each in page.iter():
        if re.fullmatch("h[1-6]", str(each.tag)) and not "".join(each.itertext()).strip():
            yield f"{each.tag} is empty"


def there_is_one_main(page: Element, at: str) -> Iterator[str]:
    count = sum(each.tag == "main" or each.get("role") == "main" for each in page.iter())
    if count != 1:
        yield f"{count} main landmarks"


def times_can_be_read(page: Element, at: str) -> Iterator[str]:
    for each in page.iter("time"):
        moment = each.get("datetime") or ""
        try:
            with_zone = datetime.fromisoformat(moment).tzinfo is not None
        except ValueError:
            yield f"the time {moment!r} cannot be read"
        else:
            if not with_zone and moment != str(date.fromisoformat(moment[:10])):
                yield f"the time {moment!r} has no zone"


def nothing_is_inline(page: Element, at: str) -> Iterator[str]:
    for each in page.iter():
        # Data that no browser runs may stand in the page.
        runs = each.tag == "script" and each.get("type") != "application/ld+json"
        if each.tag == "style" or (runs and "src" not in each.attrib):
            yield f"inline {each.tag}"
        for name in each.attrib:
            if name == "style" or name.startswith("on"):
                yield f"{name} on {each.tag}"


def images_have_a_text(page: Element, at: str) -> Iterator[str]:
    for each in page.iter("img"):
        if "alt" not in each.attrib:
            yield f"no alt on {each.get('src')}"


def lists_hold_items(page: Element, at: str) -> Iterator[str]:
    for each in page.iter():
        if each.tag in {"ul", "ol"}:
            yield from (f"{child.tag} in {each.tag}" for child in each if child.tag != "li")


def controls_hold_no_controls(page: Element, at: str) -> Iterator[str]:
    for outer in page.iter():
        if outer.tag in {"a", "button", "label"}:
            inside = {str(inner.tag) for inner in outer.iter() if inner is not outer}
            for tag in inside & {"a", "button", "form", "textarea"}:
                yield f"{tag} in {outer.tag}"


def addresses_stay_here_or_lead_to_the_web(page: Element, at: str) -> Iterator[str]:
    """Only links may lead elsewhere: nothing is loaded from there and no form sent there."""
    for each in page.iter():
        for name in {
            "href",
            "src",
            "action",
            "formaction",
            "srcset",
            "poster",
        } & each.attrib.keys():
            parts = urlsplit((each.get(name) or "").strip())
            is_here = not parts.scheme and not parts.netloc
            # The original of a piece is named, and not loaded.
            leads = each.tag == "a" or (each.tag, each.get("rel")) == ("link", "canonical")
            is_link = leads and parts.scheme in {"http", "https"} and parts.netloc
            if not is_here and not is_link:
                yield f"{each.tag} {name} {each.get(name)}"


ADDRESSES = {"href", "src", "action", "formaction", "srcset", "poster", "data", "cite"}


def links_of_readers_are_marked(page: Element, at: str) -> Iterator[str]:
    for reply in page.findall(".//article[@class='reply']"):
        for link in reply.iter("a"):
            if urlsplit(link.get("href") or "").netloc:
                missing = {"nofollow", "ugc", "noopener"} - set((link.get("rel") or "").split())
                if missing:
                    yield f"the reader's link to {link.get('href')} lacks {missing}"


RULES = (
    language_is_given,
    head_is_complete,
    ids_are_unique,
    controls_have_labels,
    references_resolve,
    headings_make_an_outline,
    there_is_one_main,
    times_can_be_read,
    nothing_is_inline,
    images_have_a_text,
    lists_hold_items,
    controls_hold_no_controls,
    addresses_stay_here_or_lead_to_the_web,
    links_of_readers_are_marked,
)
