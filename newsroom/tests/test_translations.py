"""The catalogues are complete, say the same as the source, and are compiled."""

import ast
import io
import re
from collections import Counter
from itertools import product

import pytest
from babel.core import Locale
from babel.messages import Catalog
from babel.messages.jslexer import tokenize
from babel.messages.mofile import read_mo
from django.conf import settings
from django.template.base import Lexer, TokenType

from newsroom.tests.test_conventions import TEMPLATES, name_of, product_modules
from tests import catalogue

CATALOGUES = list(product(catalogue.translated_languages(), catalogue.SOURCES))
# %(name)s, %d, {name}, %%name%% (for a script), and the marks of HTML.
PLACEHOLDER = re.compile(
    r"%\(\w+\)[-+ 0-9.]*[a-z]|%%\w+%%|%[-+0-9.]*[dsif](?![a-zA-Z])|\{\w*\}|<[^>]+>"
)

each_catalogue = pytest.mark.parametrize(("language", "domain"), CATALOGUES)


def texts(message):
    return message.string if isinstance(message.string, tuple | list) else [message.string]


def key(message):
    context = message.context.decode() if isinstance(message.context, bytes) else message.context
    return context, tuple(message.id) if isinstance(message.id, list) else message.id


def keys(messages):
    return {key(message) for message in messages if message.id}


def test_every_language_but_that_of_the_source_has_its_catalogues():
    assert "ja" in catalogue.translated_languages()
    assert len(CATALOGUES) == 2 * (len(settings.LANGUAGES) - 1)
    assert [pair for pair in CATALOGUES if not catalogue.po_file(*pair).exists()] == []


@each_catalogue
def test_a_catalogue_holds_what_the_source_says_and_no_more(language, domain):
    said, stored = keys(catalogue.said(domain)), keys(catalogue.stored(language, domain))
    assert said - stored == set(), "make messages"
    assert stored - said == set(), "make messages"


@each_catalogue
def test_nothing_is_left_untranslated(language, domain):
    stored = catalogue.stored(language, domain)
    assert len(keys(stored)) > 50
    assert catalogue.untranslated(stored) == []


@each_catalogue
def test_a_translation_keeps_placeholders_and_marks(language, domain):
    wrong = {}
    for message in catalogue.stored(language, domain):
        # Of two forms the second says how many; the first need not.
        source = message.id[-1] if isinstance(message.id, tuple | list) else message.id
        expected = Counter(PLACEHOLDER.findall(source))
        if any(Counter(PLACEHOLDER.findall(text)) != expected for text in texts(message)):
            wrong[source] = message.string
    wrong.pop("", None)
    assert wrong == {}


@each_catalogue
def test_a_translation_begins_and_ends_as_the_text_does(language, domain):
    """White space at the ends joins it to what stands beside."""

    def ends(text):
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    for message in catalogue.stored(language, domain):
        source = message.id[0] if isinstance(message.id, tuple | list) else message.id
        for text in texts(message) if source and message.context != "separator" else ():
            assert ends(text) == ends(source), source


@each_catalogue
def test_the_plural_forms_are_those_of_the_language(language, domain):
    stored = catalogue.stored(language, domain)
    assert stored.num_plurals == len(Locale.parse(stored.locale).plural_form.tags | {"other"})
    several = [message for message in stored if isinstance(message.id, tuple | list)]
    assert several
    assert {len(texts(message)) for message in several} == {stored.num_plurals}


@each_catalogue
def test_what_is_compiled_is_what_the_catalogue_says(language, domain):
    file = catalogue.po_file(language, domain)
    compiled = read_mo(io.BytesIO(file.with_suffix(".mo").read_bytes()))
    stored = catalogue.stored(language, domain)
    assert compiled.num_plurals == stored.num_plurals

    def said_by(messages):
        return {key(each): tuple(texts(each)) for each in messages if each.id}

    assert said_by(compiled) == said_by(stored), "make messages"


@each_catalogue
def test_updating_an_up_to_date_catalogue_changes_nothing(language, domain):
    file = catalogue.po_file(language, domain)
    stored = catalogue.stored(language, domain)
    stored.update(catalogue.said(domain), no_fuzzy_matching=True)
    assert catalogue.written(stored).decode() == file.read_text(), "make messages"
    assert stored.creation_date == catalogue.NO_DATE  # which is compiled


# --- The tool itself ---------------------------------------------------------------------------


@pytest.fixture
def found(tmp_path):
    """What is found in a file with this name and text."""

    def find(name, text):
        (tmp_path / name).write_text(text)
        messages = catalogue.messages_in(tmp_path / name)
        return [(context, message) for _, message, _, context in messages]

    return find


def test_texts_are_found_in_python(found):
    source = """
_("One " "line")
ngettext_lazy("%d piece", "%d pieces", "number")
pgettext("byline", "By")
unrelated("Not this")
"""
    expected = [(None, "One line"), (None, ("%d piece", "%d pieces")), ("byline", "By")]
    assert found("some.py", source) == expected


def test_texts_are_found_in_templates(found):
    source = """{% load i18n %}
    {% translate "A text" %} {% translate "By" context "byline" %}
  <p title="{% translate 'It’s so' %}">
{% blocktranslate count n=n %}{{ n }} reply{% plural %}{{ n }} replies{% endblocktranslate %}
{% include "x.html" with label=_("Label") %} {# a note #}
{% blocktranslate %}100 %, <b>{{ name }}</b>{% endblocktranslate %}
"""
    assert found("some.html", source) == [
        (None, "A text"),
        ("byline", "By"),
        (None, "It’s so"),
        (None, ("%(n)s reply", "%(n)s replies")),
        (None, "Label"),
        (None, "100 %%, <b>%(name)s</b>"),
    ]


def test_texts_are_found_in_scripts(found):
    source = (
        'say("A"); `${say("B")} ${1}`; sayNumber("%(number)s C", "%(number)s Cs", n); other("D");'
    )
    expected = [(None, "A"), (None, "B"), (None, ("%(number)s C", "%(number)s Cs"))]
    assert found("some.js", source) == expected


def test_what_is_new_waits_for_its_translation_and_what_is_gone_is_dropped(monkeypatch, tmp_path):
    def source(*texts):
        made = Catalog()
        for text in texts:
            made.add(text)
        monkeypatch.setattr(catalogue, "said", lambda domain: made)

    monkeypatch.setattr(catalogue, "LOCALE", tmp_path)
    source("kept", "dropped")
    catalogue.update("ja", "django")
    file = catalogue.po_file("ja", "django")
    file.write_text(
        file.read_text().replace('msgid "kept"\nmsgstr ""', 'msgid "kept"\nmsgstr "残"')
    )
    source("kept", "kept anew")
    updated = catalogue.update("ja", "django")
    assert catalogue.untranslated(updated) == ["kept anew"]
    assert {message.id: message.string for message in catalogue.stored("ja", "django")}[
        "kept"
    ] == "残"
    assert "dropped" not in file.read_text()


# --- Nothing is said past the catalogues -------------------------------------------------------

# Keys have their names on them, and commands are typed as they are.
TAG = re.compile(r"<!--.*?-->|<(kbd|code)>[^<]*</\1>|<[^>]*>", re.DOTALL)
SPOKEN_ATTRIBUTE = re.compile(
    r"""\b(?:alt|aria-label|aria-description|placeholder|title|label|content)=["']([^"']*)["']"""
)
IN_A_TAG = re.compile(r"block (\w*class|kind|body)")  # a block that is a part of a tag
WORD = re.compile(r"[^\W\d_]{2,}")
# Attributes that programs read, and what is the same in every language.
NOT_SAID = re.compile(
    r"\b(width=device-width, initial-scale=1|light dark|no-referrer|noindex|nofollow|noarchive|UTC|"
    r"max-image-preview:large|summary_large_image|website|article|yes)\b"
)


def words_past_the_catalogue(source):
    """The words of a template that stand outside its tags for translation."""
    rest, skipping = "", ""
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            if name in {"blocktranslate", "comment"} or IN_A_TAG.fullmatch(token.contents):
                skipping = f"end{name}"
            skipping = "" if name == skipping else skipping
        elif token.token_type == TokenType.TEXT and not skipping:
            rest += token.contents
    spoken = " ".join(SPOKEN_ATTRIBUTE.findall(rest))
    text = re.sub(r"&\w+;", " ", TAG.sub(" ", rest))
    return WORD.findall(NOT_SAID.sub(" ", f"{text} {spoken}"))


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_a_template_says_nothing_past_the_catalogue(template):
    assert words_past_the_catalogue(template.read_text()) == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>Plain</p>", ["Plain"]),
        ('<a title="Some title" href="/x/">{{ x }}</a>', ["Some", "title"]),
        ('{% translate "Found" %} {% comment %}Not said{% endcomment %}', []),
        ("{% blocktranslate %}Found {{ x }}{% endblocktranslate %} left", ["left"]),
        ('<meta name="robots" content="noindex">&nbsp;– <b class="a">{{ x }}</b>', []),
    ],
)
def test_words_past_the_catalogue_are_found(source, words):
    assert words_past_the_catalogue(source) == words


# What a call or an argument of these names says is said to people.
SAYING = {"ValidationError", "message_user", "add_error", "Refused"}
NAMES = {"verbose_name", "verbose_name_plural"}
SAID = NAMES | {"label", "description"}


MODULES = [each for each in product_modules() if "migrations" not in each.parts]


def _constants(joined):
    return " ".join(str(each.value) for each in joined.values if isinstance(each, ast.Constant))


def plain_texts(tree):
    """Texts for people in a module that no translation knows."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
            arguments = node.args if name in SAYING else []
            named = [each.value for each in node.keywords if each.arg in SAID]
            for value in [*arguments, *named]:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    if " " in value.value or value.value[:1].isupper():
                        yield value.value
                elif isinstance(value, ast.JoinedStr) and WORD.search(_constants(value)):
                    yield ast.unparse(value)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            names = {getattr(target, "id", "") for target in node.targets}
            if names & NAMES and isinstance(node.value.value, str):
                yield node.value.value


@pytest.mark.parametrize("file", MODULES, ids=name_of)
def test_a_module_says_nothing_past_the_catalogue(file):
    assert list(plain_texts(ast.parse(file.read_text()))) == []


def test_plain_texts_of_modules_are_found():
    source = """
ValidationError("This is wrong"); Field(label="Name"); Field(label=_("Name"))
ValidationError(f"{name} is wrong"); Field(label=f"{name} – {other}")
"""
    found = ["This is wrong", "Name", "f'{name} is wrong'"]
    assert list(plain_texts(ast.parse(source))) == found


def sentences_past_the_catalogue(script):
    """Texts of several words in a script that are no argument of say()."""
    tokens = [token for token in tokenize(script) if token.type != "linecomment"]
    for number, token in enumerate(tokens):
        text = token.value[1:-1]
        if token.type != "string" or not re.match(r"[A-Z]\w*[ ,.:].*[a-z]", text):
            continue
        before = [each.value for each in tokens[max(0, number - 4) : number]]
        if not {"say", "sayNumber"} & set(before):
            yield text


SCRIPTS = sorted((catalogue.ROOT / "static/js").glob("*.js"))


@pytest.mark.parametrize("script", SCRIPTS, ids=name_of)
def test_a_script_says_nothing_past_the_catalogue(script):
    assert list(sentences_past_the_catalogue(script.read_text())) == []


def test_sentences_of_scripts_are_found():
    script = 'say("Try again."); x.textContent = "Try again."; sayNumber("One day", "Some days", 2)'
    assert list(sentences_past_the_catalogue(script)) == ["Try again."]
