"""Pieces with versions to be previewed, and links to them."""

from datetime import timedelta

from articles.models import PreviewLink
from articles.tests.factories import make_draft


def preview_of(article, rest=""):
    return f"/admin/articles/article/{article.pk}/preview/{rest}"


def recorded(by, **fields):
    article = make_draft(**fields)
    article.record(by=by)
    return article


def take_from_readers(article, how, by):
    """Close or erase the first version, once the piece is another."""
    article.headline = "Without the name"
    article.save()
    article.record(by=by)
    getattr(article.revisions.get(number=1), how)(by=by, reason="Personal data")


def make_link(article, by, **times):
    times.setdefault("lasts", timedelta(days=1))
    return PreviewLink.objects.make(article.record(by=by), by=by, **times)


def post(client, article, rest, **data):
    return client.post(preview_of(article, rest), data)


def make_one(client, article, **data):
    revision = article.revisions.first()
    return post(client, article, "links/", **{"revision": revision.number, "hours": 72} | data)
