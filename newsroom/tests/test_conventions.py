"""What holds for all files of the project, whichever app they belong to."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 400
SETTINGS = ROOT / "newsroom/settings.py"
CONFIGURATION = ROOT / "docs/configuration.md"

WRITTEN_BY_HAND = {".py", ".html", ".txt", ".css", ".js", ".toml", ".md"}
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def test_no_file_is_longer_than_one_can_read():
    folders = ["newsroom", "articles", "comments", "tests", "templates", "static"]
    files = [file for folder in folders for file in (ROOT / folder).rglob("*")]
    long = {
        name_of(file): lines
        for file in files
        if file.suffix in WRITTEN_BY_HAND and "/migrations/" not in file.as_posix()
        if (lines := len(file.read_text().splitlines())) > MOST_LINES
    }
    assert len(files) > 100
    assert long == {}


# --- Templates ---------------------------------------------------------------------------------

# What the content policy would refuse, and would then be missing on the page.
INLINE = {
    "a script in the page": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "a style sheet in the page": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "something of another site": re.compile(r"""\s(src|srcset)=["']?(https?:)?//""", re.IGNORECASE),
}
SAFE = re.compile(r"\{\{\s*([^}]*?)\s*\|\s*(?:safe|safeseq)\b")


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_a_template_holds_nothing_that_the_content_policy_forbids(template):
    source = template.read_text()
    assert [what for what, pattern in INLINE.items() if pattern.search(source)] == []


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("<script>x()</script>", "a script in the page"),
        ('<script defer nonce="a">x()</script>', "a script in the page"),
        ("<STYLE>p {}</STYLE>", "a style sheet in the page"),
        ("<p\nstyle = 'color: red'>", "a style attribute"),
        ('<a href="/" onclick="x()">', "an event attribute"),
        ("<a href='javascript:x()'>", "a javascript address"),
        ('<img src="//elsewhere.example/pixel.png">', "something of another site"),
    ],
)
def test_what_the_content_policy_forbids_is_found(source, what):
    assert [name for name, pattern in INLINE.items() if pattern.search(source)] == [what]


def test_only_html_that_was_cleaned_when_it_was_written_is_printed_as_it_is():
    printed = {
        (name_of(template), value)
        for template in TEMPLATES
        for value in SAFE.findall(template.read_text())
    }
    assert {value.rpartition(".")[2] for _, value in printed} == {"body_html"}
    assert ("templates/articles/detail.html", "article.body_html") in printed


def test_no_html_template_turns_escaping_off():
    assert [name_of(each) for each in TEMPLATES if "autoescape" in each.read_text()] == []


# --- Python ------------------------------------------------------------------------------------


def product_modules():
    for app in ("newsroom", "articles", "comments"):
        for file in sorted((ROOT / app).rglob("*.py")):
            if "tests" not in file.parts:
                yield file


@pytest.mark.parametrize("file", list(product_modules()), ids=name_of)
def test_no_module_calls_html_safe_by_itself(file):
    names = {
        getattr(node, "id", None) or getattr(node, "attr", None)
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Name | ast.Attribute)
    }
    assert not names & {"mark_safe", "SafeString", "SafeText"}


def test_the_environment_is_read_by_the_settings_alone():
    reading = {
        name_of(file)
        for file in product_modules()
        if re.search(
            r"\bos\.(environ|getenv)\b|from os import .*(environ|getenv)", file.read_text()
        )
    }
    # serving.py hands its own environment on to what it starts; wsgi.py names the settings.
    assert reading == {"newsroom/env.py", "newsroom/serving.py", "newsroom/wsgi.py"}
    using = {name_of(each) for each in product_modules() if "import env" in each.read_text()}
    assert using == {"newsroom/settings.py"}


# --- Settings ----------------------------------------------------------------------------------


def variables():
    """The names of all variables that the settings read, in their order."""
    for node in ast.walk(ast.parse(SETTINGS.read_text())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "env":
            name = node.args[0]
            assert isinstance(name, ast.Constant), "a variable is named where it is read"
            yield name.value


def test_every_variable_is_explained_to_those_who_run_a_newsroom():
    explained = set(re.findall(r"`([A-Z][A-Z0-9_]+)", CONFIGURATION.read_text()))
    assert {"SITE_URL", "NEWSROOM_STATE"} <= set(variables())
    assert set(variables()) - explained == set()
