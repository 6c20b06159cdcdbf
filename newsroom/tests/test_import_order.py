"""Imports go one way: comments may use articles, both may use newsroom, never the reverse."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAY_NOT_USE = {"newsroom": {"articles", "comments"}, "articles": {"comments"}, "comments": set()}
# Where the parts are put together.
KNOWS_ALL = ["newsroom/settings.py", "newsroom/urls.py", "newsroom/management/"]


def imported(source):
    """The names of all modules that `source` imports, and those of `from x import y` as x.y."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where they lead"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def modules(app):
    for file in sorted((ROOT / app).rglob("*.py")):
        path = file.relative_to(ROOT).as_posix()
        if "/tests/" not in path and not path.startswith(tuple(KNOWS_ALL)):
            yield path


@pytest.mark.parametrize(
    "path", [path for app in MAY_NOT_USE for path in modules(app)], ids=lambda path: path
)
def test_a_module_uses_only_what_lies_below_it(path):
    packages = {name.partition(".")[0] for name in imported((ROOT / path).read_text())}
    assert not packages & MAY_NOT_USE[path.partition("/")[0]]


@pytest.mark.parametrize("app", ["newsroom", "articles"])
def test_the_tests_of_an_app_use_only_what_lies_below_it(app):
    for file in (ROOT / app / "tests").rglob("*.py"):
        packages = {name.partition(".")[0] for name in imported(file.read_text())}
        assert not packages & MAY_NOT_USE[app], file


@pytest.mark.parametrize("app", MAY_NOT_USE)
def test_every_part_has_modules_to_look_at(app):
    assert len(list(modules(app))) > 10


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import comments.models as m, os", {"comments.models", "os"}),
        ("from comments import forms", {"comments.forms"}),
        ("def late():\n    from comments.models import Comment", {"comments.models.Comment"}),
        ("if TYPE_CHECKING:\n    import comments", {"comments"}),
        ("text = 'import comments'", set()),
    ],
)
def test_an_import_is_seen_wherever_it_stands(source, names):
    assert imported(source) == names
