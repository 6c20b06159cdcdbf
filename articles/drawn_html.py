"""The body as readers get it, made from the clean body once, when it is written."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from articles import recording_html
from articles.body_html import clean
from articles.html_tree import Element, read, write
from articles.picture_html import draw_pictures
from newsroom.language import speaking


def draw(html: str, *, preview: str = "") -> str:
    """The clean `html` of a body with pictures in all their sizes, tables that can be scrolled,
    and link cards that name their site.

    With the token of a `preview` link, the addresses of the pictures are those for its holder.
    """
    with_pictures = draw_pictures(html, preview=preview)
    is_played_once = bool(preview and recording_html.names_in(html))
    if "<table" not in html and "<aside" not in html and not is_played_once:
        return with_pictures
    tables = 0
    body = read(with_pictures)
    if is_played_once:
        recording_html.for_holder(body, preview)
    for number, block in enumerate(body.children):
        if isinstance(block, Element) and block.tag == "table":
            tables += 1
            body.children[number] = _table(block, tables)
        elif isinstance(block, Element) and block.tag == "aside":
            body.children[number] = _link_card(block)
    return write(body)


def _table(table: Element, number: int) -> Element:
    """In a region of its own, which the keyboard reaches, as it may be wider than the screen."""
    heads = [" ".join(cell.text.split()) for head in table.all("thead") for cell in head.all("th")]
    name = _("Table %(number)d") % {"number": number}
    label = ": ".join([name, ", ".join(heads)] if any(heads) else [name])
    for part in table.elements():
        for cell in part.all("th"):
            cell.attributes["scope"] = "col" if part.tag == "thead" else "row"
    region = {"class": "table", "role": "region", "aria-label": label, "tabindex": "0"}
    return Element("div", region, [table])


def _link_card(aside: Element) -> Element:
    """Its title and where it leads; a mail or a page of this site needs no host. All of it is the
    link, its picture too."""
    pictures = [each for each in aside.elements() if each.tag == "picture"]
    links = [each for each in aside.elements() if each.tag == "a"]
    for link in links:
        host = urlsplit(link.attributes["href"]).hostname or ""
        if host:
            link.attributes["rel"] = "noopener"
            name = Element("span", {"class": "link-card-host"}, [host.removeprefix("www.")])
            link.children = [*link.children, " ", name]
        if pictures:
            words = Element("span", {"class": "link-card-words"}, link.children)
            link.children = [*pictures, words]
    return Element("div", {"class": "link-card"}, [*links])


class MadeOfBody(models.Field):
    """What is made of the body of the same row, whenever that is written. Stands after it, so
    that it is clean by then."""

    def made_of(self, body: str) -> Any:
        raise NotImplementedError

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.made_for(model_instance)
        setattr(model_instance, self.attname, value)
        return value

    def made_for(self, row: Any) -> Any:
        """In the language of the row, where it has one: a table is named by its number."""
        with speaking(getattr(row, "language", settings.LANGUAGE_CODE)):
            return self.made_of(row.body)


def made_of_body(model: type[models.Model]) -> dict[str, MadeOfBody]:
    """The fields by name that are written with the body."""
    return {each.name: each for each in model._meta.concrete_fields if isinstance(each, MadeOfBody)}


class DrawnBodyField(MadeOfBody, models.TextField):
    """The body of the same row as readers get it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"editable": False, "default": ""})

    def made_of(self, body: str) -> str:
        return draw(body)


class BodyQuerySet[Row: models.Model](models.QuerySet[Row]):
    """Rows with a body. What is made of it is made again however it is written."""

    def update(self, **values: Any) -> int:
        body = values.get("body")
        if isinstance(body, str) and "body_html" not in values:
            values["body"] = clean(body)
            for name, field in made_of_body(self.model).items():
                values[name] = field.made_of(values["body"])
        return super().update(**values)

    def bulk_update(
        self, objs: Iterable[Row], fields: Iterable[str], batch_size: int | None = None
    ) -> int:
        rows: list[Any] = list(objs)
        names = set(fields)
        if "body" in names:
            made = made_of_body(self.model)
            names |= made.keys()
            for row in rows:
                row.body = clean(row.body)
                for name, field in made.items():
                    setattr(row, name, field.made_for(row))
        return super().bulk_update(rows, names, batch_size)
