"""Words that somebody tries to get past the list, and words that only look as if they were."""

from typing import Any

import pytest

from comments.models import Policy
from comments.moderation.findings import Severity
from comments.moderation.word_rules import banned_words, watched_words
from comments.tests.typed import typed

# What it is, the list, what is typed, and the part that is found (None: nothing).
CASES = [
    # --- As it stands ---
    ("alone", "viagra", "viagra", "viagra"),
    ("in a sentence", "viagra", "Buy viagra here.", "viagra"),
    ("at the end of a sentence", "viagra", "He sold viagra.", "viagra"),
    ("in brackets", "viagra", "pills (viagra) cheap", "viagra"),
    ("in quotation marks", "viagra", "„viagra“", "viagra"),
    ("in capitals", "viagra", "VIAGRA", "VIAGRA"),
    ("the list in capitals", "VIAGRA", "viagra", "viagra"),
    ("with a genitive", "viagra", "viagra's price", "viagra"),
    ("after a hyphen", "viagra", "non-viagra", "viagra"),
    ("with an underscore", "viagra", "buy_viagra_now", "viagra"),
    ("digits behind it", "casino", "casino777 pays", "casino"),
    ("second line of the list", "foo\nviagra\nbar", "my viagra", "viagra"),
    ("white space around an entry", "  viagra \r\n", "viagra", "viagra"),
    ("first of two", "two\none", "one, two", "one"),
    ("in a link's text", "viagra", '<a href="https://example.org/">viagra</a>', "viagra"),
    # --- Accents and compatibility forms ---
    ("accents", "viagra", "víàgrä", "víàgrä"),
    ("accents that combine", "viagra", "vi\u0301agra\u0308!", "víagrä"),
    ("accents in the list", "víägra", "viagra", "viagra"),
    ("strokes through letters", "porno", "pørnø", "pørnø"),
    ("dotless i", "viagra", "vıagra", "vıagra"),
    ("capital dotted i", "viagra", "VİAGRA", "VİAGRA"),
    ("sharp s", "scheisse", "Scheiße!", "Scheiße"),
    ("sharp s in the list", "scheiße", "SCHEISSE", "SCHEISSE"),
    ("full width", "viagra", "ＶＩＡＧＲＡ", "ＶＩＡＧＲＡ"),
    ("mathematical script", "viagra", "𝓿𝓲𝓪𝓰𝓻𝓪", "𝓿𝓲𝓪𝓰𝓻𝓪"),
    ("mathematical bold capitals", "viagra", "𝐕𝐈𝐀𝐆𝐑𝐀", "𝐕𝐈𝐀𝐆𝐑𝐀"),
    ("circled letters", "viagra", "ⓥⓘⓐⓖⓡⓐ", "ⓥⓘⓐⓖⓡⓐ"),
    ("negative circled letters", "viagra", "🅥🅘🅐🅖🅡🅐", "🅥🅘🅐🅖🅡🅐"),
    ("regional indicators", "viagra", "🇻 🇮 🇦 🇬 🇷 🇦", "🇻 🇮 🇦 🇬 🇷 🇦"),
    ("superscript letters", "viagra", "ᵛⁱᵃᵍʳᵃ", "ᵛⁱᵃᵍʳᵃ"),
    ("small capitals", "viagra", "ᴠɪᴀɢʀᴀ", "ᴠɪᴀɢʀᴀ"),
    ("ligature", "office", "oﬃce", "oﬃce"),
    # --- Look-alike letters ---
    ("a Cyrillic a", "viagra", "viаgra", "viаgra"),
    ("several Cyrillic letters", "viagra", "vіаgrа", "vіаgrа"),
    ("Cyrillic throughout", "sex", "hot ѕех here", "ѕех"),
    ("Cyrillic capitals", "viagra", "VIАGRА", "VIАGRА"),
    ("Cyrillic letters whose capitals look alike", "fuck", "fuск", "fuск"),
    ("a Greek o", "casino", "casinο", "casinο"),
    ("a Greek nu", "viagra", "νiagra", "νiagra"),
    ("an Armenian o", "porn", "pօrn", "pօrn"),
    ("a Cherokee capital", "viagra", "VIᎪGRA", "VIᎪGRA"),
    ("a Latin alpha", "viagra", "viɑgrɑ", "viɑgrɑ"),
    ("two alphabets and accents", "viagra", "vіágrа", "vіágrа"),
    # --- Digits and signs for letters ---
    ("one digit", "viagra", "v1agra", "v1agra"),
    ("as many digits as letters", "viagra", "v14gr4", "v14gr4"),
    ("a nought", "porn", "p0rn", "p0rn"),
    ("a 1 for an l", "pills", "pi1ls", "pi1ls"),
    ("an l among capitals", "viagra", "VlAGRA", "VlAGRA"),
    ("an l that is one", "pall", "PAlL, PAIL", "PAlL"),
    ("an exclamation mark", "viagra", "v!agra", "v!agra"),
    ("an upright bar", "viagra", "v|agra", "v|agra"),
    ("the end of a sentence", "shiti", "shit! I mean it", None),
    ("an at sign", "viagra", "vi@gr@ here", "vi@gr@"),
    ("dollar signs", "asshole", "a$$hole", "a$$hole"),
    ("a dollar sign first", "sex", "$ex", "$ex"),
    ("a digit and a Cyrillic letter", "viagra", "v1аgra", "v1аgra"),
    # --- Invisible characters ---
    ("zero-width space", "viagra", "vi\u200bagra", "viagra"),
    ("zero-width joiners", "viagra", "v\u200di\u200da\u200dg\u200dr\u200da", "viagra"),
    ("soft hyphen", "viagra", "via\u00adgra", "viagra"),
    ("word joiner", "viagra", "via\u2060gra", "viagra"),
    ("variation selectors", "viagra", "v\ufe0fiagra", "viagra"),
    ("Hangul filler", "viagra", "via\u3164gra", "viagra"),
    ("a bidirectional override", "viagra", "via\u202egra", "viagra"),
    # --- Markup ---
    ("a tag inside", "viagra", "vi<b>ag</b>ra", "viagra"),
    ("several tags inside", "viagra", "<i>v</i><b>i</b><em>a</em>gra", "viagra"),
    ("a tag that is taken away", "viagra", "vi<span>ag</span>ra", "viagra"),
    ("an empty tag", "viagra", "vi<b></b>agra", "viagra"),
    ("a comment inside", "viagra", "vi<!-- x -->agra", "viagra"),
    ("an entity", "viagra", "vi&#97;gra", "viagra"),
    ("a hexadecimal entity", "viagra", "&#x76;iagra", "viagra"),
    ("all in entities", "viagra", "&#118;&#105;&#97;&#103;&#114;&#97;", "viagra"),
    ("an entity for a soft hyphen", "viagra", "via&shy;gra", "viagra"),
    ("an entity for a zero-width joiner", "viagra", "via&zwj;gra", "viagra"),
    # --- Signs between letters ---
    ("dots", "viagra", "v.i.a.g.r.a", "v.i.a.g.r.a"),
    ("dots in a sentence", "viagra", "Get v.i.a.g.r.a. Now!", "v.i.a.g.r.a"),
    ("hyphens", "viagra", "v-i-a-g-r-a", "v-i-a-g-r-a"),
    ("underscores", "viagra", "v_i_a_g_r_a", "v_i_a_g_r_a"),
    ("asterisks", "viagra", "v*i*a*g*r*a", "v*i*a*g*r*a"),
    ("a dot in the middle", "viagra", "vi.agra", "vi.agra"),
    ("a hyphen in the middle", "viagra", "via-gra", "via-gra"),
    ("an apostrophe in the middle", "viagra", "via'gra", "via'gra"),
    ("middle dots", "viagra", "v·i·a·g·r·a", "v·i·a·g·r·a"),
    ("many dots", "viagra", "v.....i.....a.....gra", "v.....i.....a.....gra"),
    ("emoji", "viagra", "v🌟i🌟a🌟g🌟r🌟a", "v🌟i🌟a🌟g🌟r🌟a"),
    ("spaces", "viagra", "v i a g r a", "v i a g r a"),
    ("two spaces", "viagra", "v  i  a  g  r  a", "v  i  a  g  r  a"),
    ("no-break spaces", "viagra", "v\u00a0i\u00a0agra", None),
    ("spaces of other widths", "viagra", "v\u2002i\u2009a g r a", "v\u2002i\u2009a g r a"),
    ("line after line", "viagra", "v\ni\na\ng\nr\na", "v\ni\na\ng\nr\na"),
    ("dots and Cyrillic letters", "viagra", "v.і.а.g.r.а", "v.і.а.g.r.а"),
    # --- Wildcards ---
    ("open end", "casino*", "casinos", "casinos"),
    ("open end, nothing more", "casino*", "the casino", "casino"),
    ("open end, in capitals", "casino*", "CASINOWORLD now", "CASINOWORLD"),
    ("open end is not an open start", "casino*", "megacasino", None),
    ("open start", "*pill", "superpill", "superpill"),
    ("open start is not an open end", "*pill", "pillow", None),
    ("open both ways", "*foo*", "a buffoonery", "buffoonery"),
    ("open within", "f*ck", "fuuuck", "fuuuck"),
    ("open within, nothing between", "f*ck", "fck", "fck"),
    ("open within, disguised", "f*ck", "fuсk", "fuсk"),
    ("open within, other start", "f*ck", "truck", None),
    ("open within and at the end", "f*ck*", "fucking", "fucking"),
    ("a phrase with an open end", "cheap pill*", "cheap  pills", "cheap  pills"),
    ("a phrase with any word", "buy * pills", "Buy blue pills", "Buy blue pills"),
    ("nothing but wildcards", "*\n**\n* *", "anything at all", None),
    # --- Phrases ---
    ("a phrase", "online casino", "my Online Casino!", "Online Casino"),
    ("over a line end", "online casino", "online\ncasino", "online\ncasino"),
    ("over a paragraph", "online casino", "online\n\ncasino", "online\n\ncasino"),
    ("several spaces", "online casino", "online    casino", "online    casino"),
    ("several spaces in the list", "online   casino", "online casino", "online casino"),
    ("a phrase with a hyphen", "online casino", "online-casino", "online-casino"),
    ("one word of a phrase", "online casino", "a casino", None),
    ("another word between", "online casino", "online big casino", None),
    ("written together", "online casino", "onlinecasino", None),
    ("a hyphen in the list, none in the text", "e-mail", "email", "email"),
    ("a phrase, disguised", "online casino", "0nline cаsino", "0nline cаsino"),
    # --- Signs ---
    ("an emoji", "🍆", "nice 🍆!", "🍆"),
    ("an emoji with a selector", "☠", "☠\ufe0f", "☠"),
    ("signs", "$$$", "make $$$ fast", "$$$"),
    ("a letter with signs", "c++", "I like C++.", "C++"),
    ("a letter with signs, in a word", "c++", "abc++", None),
    # --- What only looks like it ---
    ("part of a word: Scunthorpe", "cunt", "Scunthorpe United", None),
    ("part of a word: Penistone", "penis", "a train to Penistone", None),
    ("part of a word: Essex", "sex", "Essex, Sussex and Middlesex", None),
    ("part of a word: cocktail", "cock\ntail", "two cocktails and a peacock", None),
    ("part of a word: assassin", "ass", "a classic assassin in the grass", None),
    ("part of a word: analysis", "anal", "an analysis of the canal", None),
    ("part of a word: specialist", "cialis", "a specialist in socialism", None),
    ("part of a word: shiitake", "shit", "shiitake and Yoshitaka", None),
    ("part of a word: Matsushita", "shit", "Mr Matsushita", None),
    ("part of a name: Cockburn", "cock\nburn", "Mrs Cockburn", None),
    ("part of a name: Dikshit", "shit\ndik", "Sheila Dikshit", None),
    ("part of a name: Lipschitz", "shit\nlips", "continuous after Lipschitz", None),
    ("part of a name: Nguyễn", "guy", "Nguyễn Văn An", None),
    ("part of a name: Dickens", "dick", "Dickens and Dickinson", None),
    ("the entry itself, in a name", "dick", "Dick Van Dyke", "Dick"),
    (
        "a contraction",
        "hell\nshell\nwere\nill",
        "He'll come, she’ll go, we're here, I'll see",
        None,
    ),
    ("initials", "uss", "the U.S.S.R. of old", None),
    ("initials with spaces", "uss", "U S S R", None),
    ("a price", "420", "It costs 4.20 or 42.0", None),
    ("a date", "911", "on 9/11 and 9-11", None),
    ("a road", "ass", "the A55 near Chester", None),
    ("a score", "boy\nbo", "It was 8-0, y'know", None),
    ("models and measures", "so\nis\nma", "a 50 mm lens, 15 kg, M4 screws", None),
    ("letters that look alike together", "bum", "to burn", None),
    ("doubled letters", "cop", "coop", None),
    ("Russian that looks Latin", "cop\nmope", "Это сор, а там море.", None),
    ("Greek that looks Latin", "vov", "νον της", None),
    ("the end of one sentence and the next", "grass hit", "The grass. Hit it.", "grass. Hit"),
    ("Latin words", "anal\ncum laudem", "pasta al dente, magna laude", None),
    ("spaces between words", "together", "to get her", None),
    ("no regular expression", "a.c\n(x+x+)+y\n[a-z]*", "abc xxxxxxxxxxxxxxxxxxxxxx z", None),
    ("an unclosed bracket", "(viagra", "viagra", "viagra"),
    ("an empty list", "\n \n", "anything", None),
]
IDS = [case[0] for case in CASES]


@pytest.mark.parametrize(("words", "text", "found"), [case[1:] for case in CASES], ids=IDS)
def test_a_listed_word_is_seen_and_nothing_else(words, text, found):
    reply = typed(text, policy=Policy(banned_words=words))
    finding: Any = banned_words(reply)
    if found is None:
        assert finding is None
        return
    assert (finding.rule, finding.severity) == ("banned_words", Severity.REJECT)
    start, end = finding.span
    seen = "".join(letter for letter in reply.readable[start:end] if letter not in INVISIBLE)
    assert seen == found


INVISIBLE = "\u200b\u200d\u00ad\u2060\ufe0f\u3164\u202e"


def test_ids_of_cases_are_their_own():
    assert len(set(IDS)) == len(IDS)


def test_the_reason_names_the_entry():
    finding: Any = banned_words(typed("A Viagra.", policy=Policy(banned_words="viagra")))
    assert finding.reason == "“viagra” is on the list of banned words."


@pytest.mark.parametrize(
    ("words", "written"), [("viagra*", "V1AGRAs"), ("viagra", "v.i.a.g.r.a"), ("viagra", "vіagra")]
)
def test_the_reason_tells_how_a_disguised_word_is_written(words, written):
    finding: Any = banned_words(typed(f"Buy {written} here", policy=Policy(banned_words=words)))
    assert finding.reason == (
        f"“{words}” is on the list of banned words. It is written “{written}”."
    )


def test_watched_words_are_held():
    finding: Any = watched_words(typed("A casino.", policy=Policy(watched_words="casino")))
    assert (finding.rule, finding.severity) == ("watched_words", Severity.HOLD)
    assert (finding.reason, finding.span) == (
        "“casino” is on the list of watched words.",
        (2, 8),
    )


def test_each_rule_reads_its_own_list():
    reply = typed("A casino.", policy=Policy(banned_words="viagra", watched_words="casino"))
    assert banned_words(reply) is None
    assert watched_words(reply)
    assert watched_words(typed("viagra", policy=reply.policy)) is None


@pytest.mark.parametrize("name", ["Viagra", "V1agra Hana", "Vіagra", "Hana (viagra)"])
def test_names_are_read_too(name):
    finding: Any = banned_words(typed("Hello.", name=name, policy=Policy(banned_words="viagra")))
    assert finding.span is None
    assert finding.reason.endswith("It stands in the name.")


@pytest.mark.parametrize("name", ["Nguyễn Thị Hoa", "Cockburn", "佐藤花子", "Dikshit", "Ο'Βράιαν"])
def test_names_that_hold_a_listed_word_are_let_pass(name):
    words = "guy\ncock\nburn\nshit\nthi hoang\n藤子"
    assert banned_words(typed("Hello.", name=name, policy=Policy(banned_words=words))) is None


@pytest.mark.parametrize(
    ("text", "website"),
    [
        ("Hello.", "https://buy-viagra.example/"),
        ("Hello.", "https://example.org/viagra"),
        ('<a href="https://example.org/v.i.a.g.r.a">this</a>', ""),
    ],
)
def test_addresses_are_read_too(text, website):
    finding: Any = banned_words(typed(text, website=website, policy=Policy(banned_words="viagra")))
    assert finding.span is None
    assert finding.reason.endswith("It stands in an address.")


def test_a_long_entry_is_quoted_in_part():
    policy = Policy(banned_words="x" * 99 + "*")
    finding: Any = banned_words(typed("", name="x" * 1000, policy=policy))
    assert finding.reason.endswith("It stands in the name.")
    assert len(finding.reason) < 200
