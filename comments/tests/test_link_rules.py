"""Links, written addresses, and the block list of domains."""

from typing import Any

import pytest

from comments.models import Policy
from comments.moderation.findings import Severity
from comments.moderation.link_rules import blocked_domain, many_links, only_links
from comments.tests.typed import typed

# --- The block list ---------------------------------------------------------------------------

# What it is, the list, what is typed, and the part that is found (None: nothing).
DOMAINS = [
    ("an address", "evil.example", "See https://evil.example/x.", "https://evil.example/x."),
    ("an address without a path", "evil.example", "http://evil.example now", "http://evil.example"),
    ("without a scheme", "evil.example", "See evil.example/path here", "evil.example/path"),
    ("the host alone", "evil.example", "Go to evil.example.", "evil.example"),
    ("in brackets", "evil.example", "(evil.example)", "evil.example"),
    ("a domain below", "evil.example", "https://a.b.evil.example/", "https://a.b.evil.example/"),
    ("in capitals", "evil.example", "EVIL.Example", "EVIL.Example"),
    ("the list in capitals", "Evil.EXAMPLE", "evil.example", "evil.example"),
    ("with a port", "evil.example", "http://evil.example:8080/", "http://evil.example:8080/"),
    ("with a user", "evil.example", "https://a.org@evil.example/", "https://a.org@evil.example/"),
    (
        "after a user's name",
        "evil.example",
        "https://u:p@evil.example/",
        "https://u:p@evil.example/",
    ),
    ("with hxxp", "evil.example", "hxxps://evil.example", "hxxps://evil.example"),
    ("full-width dots", "evil.example", "evil．example", "evil．example"),
    ("ideographic dot", "evil.example", "evil。example", "evil。example"),
    ("beside Japanese", "evil.example", "見て https://evil.example/ です", "https://evil.example/"),
    ("before Japanese, no space", "evil.example", "evil.exampleをご覧", "evil.example"),
    ("after Japanese, no space", "evil.example", "見てevil.example", "evil.example"),
    ("at a Japanese full stop", "evil.example", "見て evil.example。次です", "evil.example"),
    ("as its list may have it: scheme", "https://evil.example/", "evil.example", "evil.example"),
    ("as its list may have it: star", "*.evil.example", "evil.example", "evil.example"),
    ("as its list may have it: dot", ".evil.example", "evil.example", "evil.example"),
    ("a top-level domain", "zip", "evil.zip", "evil.zip"),
    ("in Unicode", "bücher.example", "https://bücher.example/", "https://bücher.example/"),
    ("in punycode", "bücher.example", "xn--bcher-kva.example", "xn--bcher-kva.example"),
    ("the list in punycode", "xn--bcher-kva.example", "bücher.example", "bücher.example"),
    ("Japanese domain", "日本.example", "http://日本.example/", "http://日本.example/"),
    (
        "handed over",
        "evil.example",
        "https://t.example/?to=https://evil.example/",
        "https://t.example/?to=https://evil.example/",
    ),
    (
        "handed over in percent-coding",
        "evil.example",
        "https://t.example/?to=https%3A%2F%2Fevil.example",
        "https://t.example/?to=https%3A%2F%2Fevil.example",
    ),
    (
        "with its path",
        "host.example/bad",
        "https://host.example/bad/1",
        "https://host.example/bad/1",
    ),
    ("another path", "host.example/bad", "https://host.example/good", None),
    ("the end of another name", "evil.example", "https://notevil.example/", None),
    ("the start of another name", "evil.example", "https://evil.example.org/", None),
    ("with a letter more", "evil.example", "evil.examples", None),
    ("one that looks alike", "evil.example", "https://еvil.example/", None),
    ("a word of it", "evil.example", "an evil example", None),
    ("two sentences", "evil.example", "It is evil. example of that", None),
    ("an empty list", "\n\n", "https://evil.example/", None),
]


@pytest.mark.parametrize(
    ("domains", "text", "found"), [case[1:] for case in DOMAINS], ids=[case[0] for case in DOMAINS]
)
def test_a_blocked_domain_is_seen_and_no_other(domains, text, found):
    reply = typed(text, policy=Policy(blocked_domains=domains))
    finding: Any = blocked_domain(reply)
    assert (finding and reply.readable[slice(*finding.span)]) == found
    if finding:
        assert (finding.rule, finding.severity) == ("blocked_domain", Severity.REJECT)


@pytest.mark.parametrize(
    "text",
    [
        '<a href="https://evil.example/">harmless</a>',
        "<a href='HTTPS://WWW.EVIL.EXAMPLE'>harmless</a>",
        '<a href="https://evil%2eexample/">harmless</a>',
        '<a href="https://t.example/?to=//evil.example">harmless</a>',
        "evil[.]example",
        "evil (dot) example",
        "evil [dot] example/path",
    ],
)
def test_a_blocked_domain_behind_other_words_is_seen(text):
    finding: Any = blocked_domain(typed(text, policy=Policy(blocked_domains="evil.example")))
    assert finding.severity == Severity.REJECT
    assert finding.reason == "It leads to evil.example, which is on the block list."


def test_the_senders_website_is_looked_at():
    policy = Policy(blocked_domains="evil.example")
    assert blocked_domain(typed("Hi.", website="https://www.evil.example/", policy=policy))
    assert blocked_domain(typed("Hi.", website="https://good.example/", policy=policy)) is None


def test_the_senders_name_is_looked_at():
    policy = Policy(blocked_domains="evil.example")
    assert blocked_domain(typed("Hi.", name="Hana, evil.example", policy=policy))
    assert blocked_domain(typed("Hi.", name="Hana Evil", policy=policy)) is None


# --- Their number -----------------------------------------------------------------------------

A = '<a href="https://a.example/">a</a>'
COUNTED = [
    ("none", "No link at all.", 0, None),
    ("as many as allowed", f"{A} and {A}", 2, None),
    ("one more", f"{A}, {A} and {A}", 2, 3),
    ("written addresses", "https://a.example http://b.example www.c.example", 2, 3),
    ("without a scheme", "Try a.com, b.net/x and c.org.", 2, 3),
    (
        "linked ones are counted once",
        '<a href="https://a.example/">https://a.example/</a>',
        1,
        None,
    ),
    ("none is allowed", "See https://a.example/", 0, 1),
    ("before Japanese", "a.comをご覧ください。b.orgも。c.netで。", 2, 3),
    ("full stops are no links", "Well.Then he left.So did I.And she.Too", 0, None),
    ("abbreviations are no links", "e.g. the U.S.A. at 5 p.m., i.e. soon", 0, None),
    ("files are no links", "Node.js reads index.html and notes.txt", 0, None),
    ("decimals are no links", "1.5 million, 2.25 % and 10.000", 0, None),
    ("Japanese sentences are no links", "行きました。そして帰りました。", 0, None),
]


@pytest.mark.parametrize(
    ("text", "most", "count"), [case[1:] for case in COUNTED], ids=[case[0] for case in COUNTED]
)
def test_more_links_than_allowed_are_held(text, most, count):
    finding: Any = many_links(typed(text, policy=Policy(most_links=most)))
    if count is None:
        assert finding is None
    else:
        assert (finding.rule, finding.severity) == ("many_links", Severity.HOLD)
        assert finding.reason == f"Links in it: {count}; allowed: {most}."


def test_the_senders_website_is_no_link_of_the_text():
    assert many_links(typed("Hi.", website="https://a.org/", policy=Policy(most_links=0))) is None


# --- Nothing else -----------------------------------------------------------------------------

ALONE = [
    ("an address", "https://a.example/path?x=1", True),
    ("a link with words", '<a href="https://a.example/">Great article, read it</a>', True),
    ("several", "https://a.example/ - https://b.example/ !", True),
    ("without a scheme", "a.com", True),
    ("with an emoji", "👉 https://a.example/ 👈", True),
    ("with a word", "See https://a.example/", False),
    ("with Japanese words", "参考 https://a.example/", False),
    ("no link", "!!!", False),
    ("words", "No link.", False),
]


@pytest.mark.parametrize(
    ("text", "is_held"), [case[1:] for case in ALONE], ids=[case[0] for case in ALONE]
)
def test_nothing_but_links_is_held(text, is_held):
    finding: Any = only_links(typed(text))
    assert (finding is not None) == is_held
    if finding:
        assert (finding.rule, finding.severity) == ("only_links", Severity.HOLD)
    assert only_links(typed(text, policy=Policy(hold_shouting=False))) is None
