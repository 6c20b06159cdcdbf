"""The forms of a page, filled in as they were drawn."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from tests.leak.links import kind_of

type Fields = list[tuple[str, str]]

# What restores a version makes another, with such a form of its own: a walk would not end.
VERSION = re.compile(r"/revisions/\d+/")

# Fields of the admin's lists: what to do, and with which rows.
ACTION, ROW = "action", "_selected_action"


@dataclass
class Form:
    url: str
    fields: Fields = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)

    @property
    def deletes(self) -> bool:
        """Whether it is the last question before something is deleted."""
        return ("post", "yes") in self.fields


@dataclass(frozen=True)
class Sending:
    """What a form sends: the fields, by name, and what is being done in words."""

    url: str
    data: dict[str, list[str]]
    doing: str
    deletes: bool

    @property
    def alike(self) -> tuple[object, ...]:
        path = VERSION.sub("/revisions/*/", urlsplit(self.url).path)
        return path, self.doing, frozenset(self.data)

    @property
    def kind(self) -> tuple[object, ...]:
        return kind_of(urlsplit(self.url).path), self.doing


def sendings(page: str, at: str) -> Iterator[Sending]:
    """Each POST form as it was drawn, and each action of a list with all of its rows."""
    parser = _Forms(at)
    parser.feed(page)
    for form in parser.forms:
        yield Sending(form.url, _by_name(form.fields), "send", form.deletes)
        for action in form.actions:
            chosen = [(ROW, row) for row in form.rows]
            data = _by_name([*form.fields, *chosen, (ACTION, action), ("index", "0")])
            yield Sending(form.url, data, action, deletes=False)


def _by_name(fields: Fields) -> dict[str, list[str]]:
    data: dict[str, list[str]] = {}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    return data


class _Forms(HTMLParser):
    def __init__(self, at: str) -> None:
        super().__init__()
        self.at = at
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.select: str | None = None
        self.textarea: str | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        name, value = attributes.get("name", ""), attributes.get("value", "")
        if tag == "form" and attributes.get("method", "").lower() == "post":
            self.form = Form(urljoin(self.at, attributes.get("action", "")) or self.at)
            self.forms.append(self.form)
        elif self.form is None:
            return
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            if self.select == ACTION and value:
                self.form.actions.append(value)
            elif "selected" in attributes and self.select != ACTION:
                self.form.fields.append((self.select, value))
        elif tag == "textarea" and name:
            self.textarea, self.text = name, ""
        elif tag == "input" and name:
            self._input(name, attributes)

    def _input(self, name: str, attributes: dict[str, str]) -> None:
        assert self.form
        kind, value = attributes.get("type", "text"), attributes.get("value", "")
        if name == ROW and kind == "checkbox":
            self.form.rows.append(value)
        elif kind in {"checkbox", "radio"}:
            if "checked" in attributes:
                self.form.fields.append((name, value or "on"))
        elif kind not in {"submit", "button", "image", "file", "reset"}:
            self.form.fields.append((name, value))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.form and self.textarea:
            self.form.fields.append((self.textarea, self.text.removeprefix("\n")))
            self.textarea = None
