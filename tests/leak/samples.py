"""Real arguments for every URL pattern. A new pattern that takes arguments needs an entry here."""

import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from articles.feeds.addresses import KINDS
from articles.feeds.formats import FORMATS
from articles.models import (
    Article,
    Author,
    Section,
    ShareImage,
    Source,
    StandingPage,
    Topic,
    WorkingCopy,
)
from articles.preview_links import token_of
from comments.desk_mail.links import Link, last_decision
from comments.models import Batch, Comment, Commenter, Letter, Report
from comments.notices.links import letter_url, subscriptions_url
from comments.report_address import report_url
from comments.rights.links import token_for
from newsroom.models import SiteSettings
from tests.leak.links import links_in
from tests.leak.newsroom import HOST, READERS_NAME, Newsroom
from tests.leak.routes import Arguments, Route, routes

type Samples = Callable[[Newsroom], Iterable[Arguments]]

NO_OBJECT = 999_999_999  # a number that no row has


class NoSample(Exception):
    """tests/leak/samples.py does not say which arguments this URL pattern takes."""


def urls(site: Newsroom) -> dict[Route, list[str]]:
    """Every URL pattern, with every sample. Raises NoSample."""
    return {
        route: [route.url(arguments) for arguments in samples(route, site)] for route in routes()
    }


def samples(route: Route, site: Newsroom) -> Iterable[Arguments]:
    if not route.takes_arguments:
        return [{}]
    if route.pattern in SAMPLES:
        return SAMPLES[route.pattern](site)
    if route.pattern.startswith("admin/(?P<app_label>"):
        return [{"app_label": app} for app in sorted({app for app, _ in in_the_admin()})]
    if route.pattern.startswith(ON_THE_DESK):
        return _on_the_desk(site)
    if match := OF_AN_OBJECT.fullmatch(route.pattern):
        return [{"object_id": key, "id": key} for key in _keys(match["app"], match["model"])]
    raise NoSample(route.pattern)


def _slugs(model: type[Article | Author | Section | Source | StandingPage | Topic]) -> Samples:
    def each(site: Newsroom) -> Iterator[Arguments]:
        for slug in [*model.objects.values_list("slug", flat=True), "no-such-slug"]:
            yield {"slug": slug}

    return each


def _reset_link(site: Newsroom) -> Iterator[Arguments]:
    user = User.objects.get(username="colleague")
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    yield {"uidb64": uid, "token": default_token_generator.make_token(user)}
    yield {"uidb64": uid, "token": "wrong"}


def _public_objects(site: Newsroom) -> Iterator[Arguments]:
    for each in (site.piece, Comment.objects.earliest("pk")):
        kind = ContentType.objects.get_for_model(each).pk
        yield {"content_type_id": kind, "object_id": each.pk}


def _data_tokens() -> Iterator[str]:
    """Of a sender's link to their data, and of none."""
    sender = Comment.objects.exclude(commenter=None).earliest("pk").commenter
    assert sender is not None
    yield token_for(sender.data_handle or sender.hand_out_link() or "")
    yield "1.x"


def _subscriptions_of_readers(site: Newsroom) -> Iterator[str]:
    for sender in Commenter.objects.order_by("pk")[:2]:
        yield subscriptions_url(sender.pk)
        yield subscriptions_url(sender.pk, site.piece.pk)


def _tokens(urls: Iterable[str]) -> Iterator[str]:
    for url in urls:
        yield url.split("/")[-2]


def _token_of_a_mail(site: Newsroom) -> str:
    """Of a moderator's link, for the first reply."""
    comment = Comment.objects.exclude(commenter=None).earliest("pk")
    last = last_decision(comment)
    assert last
    return Link(site.staff["moderator"], comment.pk, comment.version, last.pk).token


def _on_the_desk(site: Newsroom) -> Iterator[Arguments]:
    """A piece, a picture and what hangs on them; and what there is not."""
    numbers = {
        "article_id": site.piece.pk,
        "image_id": site.picture.pk,
        "item_id": site.wire.pk,
        "link_id": site.previews[0].pk,
        "correction_id": site.piece.corrections.earliest("pk").pk,
        "number": 1,
    }
    yield numbers
    yield dict.fromkeys(numbers, NO_OBJECT)


def in_the_admin() -> list[tuple[str, str]]:
    """App and model of each list in the admin."""
    return [(model._meta.app_label, model._meta.model_name or "") for model in admin.site._registry]


def addresses(site: Newsroom) -> list[str]:
    """Where a walk begins: every URL pattern, questions, and the links in mails."""
    mailed = [link for message in mail.outbox for link in links_in(str(message.body), "/", HOST)]
    patterns = [url for of_route in urls(site).values() for url in of_route]
    return list(dict.fromkeys([*patterns, *with_queries(), *mailed]))


def with_queries() -> Iterator[str]:
    """Addresses that only scripts ask for, or people who search for somebody by name."""
    for page in ("articles:front", "articles:search", "articles:suggest"):
        yield f"{reverse(page)}?{urlencode({'q': READERS_NAME})}"
    for app, model in in_the_admin():
        rows = reverse(f"admin:{app}_{model}_changelist")
        yield f"{rows}?{urlencode({'q': READERS_NAME})}"
        yield f"{rows}?all=&_popup=1"
        for field in apps.get_model(app, model)._meta.get_fields():
            if field.is_relation and not field.auto_created:
                query = {
                    "app_label": app,
                    "model_name": model,
                    "field_name": field.name,
                    "term": "",
                }
                yield f"{reverse('admin:autocomplete')}?{urlencode(query)}"


def _keys(app: str, model: str) -> list[object]:
    """The first and the last row that the admin shows of a model, and one there is not."""
    rows = apps.get_model(app, model)._default_manager.order_by("pk")
    return [quote(row.pk) for row in (rows.first(), rows.last()) if row] + [NO_OBJECT]


SAMPLES: dict[str, Samples] = {
    "media/<str:name>": lambda site: [
        {"name": SiteSettings.objects.current().logo.name},
        *({"name": site.picture.file_name(row)} for row in site.picture.renditions),
        *({"name": share.file_name} for share in ShareImage.objects.all()),
        {"name": "no-such-picture"},
    ],
    "admin/password/<uidb64>/<token>/": _reset_link,
    "admin/r/<path:content_type_id>/<path:object_id>/": _public_objects,
    "admin/articles/movereport/<int:report_id>/lines.csv": lambda site: [
        {"report_id": key} for key in _keys("articles", "movereport")
    ],
    "admin/(?P<url>.*)$": lambda site: [{"url": "no/such/page/"}],
    "admin/articles/article/unsaved/<slug:window>/": lambda site: [
        {"window": copy.window} for copy in WorkingCopy.objects.all()
    ],
    "preview/<str:token>/": lambda site: [
        {"token": token} for token in [*map(token_of, site.previews), "1.x"]
    ],
    "articles/<slug:slug>/": _slugs(Article),
    "articles/<slug:slug>/changes/": _slugs(Article),
    "articles/<slug:slug>/read/": _slugs(Article),
    "p/<int:number>/": lambda site: [
        *({"number": key} for key in Article.objects.values_list("pk", flat=True)),
        {"number": NO_OBJECT},
    ],
    "archive/<yyyy:year>/<mm:month>/": lambda site: [
        *(
            {"year": day.year, "month": day.month}
            for day in Article.objects.published().dates("published_at", "month")
        ),
        {"year": 1999, "month": 12},
    ],
    "articles/<slug:slug>/comments/": _slugs(Article),
    "articles/<slug:slug>/comments.atom": _slugs(Article),
    "articles/<slug:slug>/picks.atom": _slugs(Article),
    "articles/<slug:slug>/comments/preview/": _slugs(Article),
    "articles/<slug:slug>/comments/numbered/<int:number>/": lambda site: [
        {"slug": site.piece.slug, "number": number}
        for number in [*Comment.objects.values_list("pk", flat=True), NO_OBJECT]
    ],
    "articles/<slug:slug>/comments/<str:number>/": lambda site: [
        {"slug": site.piece.slug, "number": number} for number in ("1", "2", "x")
    ],
    **{
        f"{kind}s/<slug:slug>/feed.{format.extension}": _slugs(model)
        for kind, model in KINDS.items()
        for format in FORMATS
    },
    "sitemap-pieces-<int:number>.xml": lambda site: [{"number": 1}, {"number": NO_OBJECT}],
    "sitemap-news-<int:number>.xml": lambda site: [{"number": 1}, {"number": NO_OBJECT}],
    "sections/<slug:slug>/": _slugs(Section),
    "topics/<slug:slug>/": _slugs(Topic),
    "authors/<slug:slug>/": _slugs(Author),
    "sources/<slug:slug>/": _slugs(Source),
    "<slug:slug>/": _slugs(StandingPage),
    "comments/<int:number>/": lambda site: [
        {"number": number} for number in [*Comment.objects.values_list("pk", flat=True), NO_OBJECT]
    ],
    "comments/<int:number>/report/": lambda site: [
        {"number": number} for number in [*Comment.objects.values_list("pk", flat=True), NO_OBJECT]
    ],
    "comments/reports/<str:token>/": lambda site: [
        {"token": token} for token in [*_tokens(map(report_url, Report.objects.all())), "1.x"]
    ],
    "comments/<int:first>/thread/": lambda site: [
        {"first": key} for key in [*Comment.objects.values_list("pk", flat=True), NO_OBJECT]
    ],
    "comments/<int:first>/thread/<str:number>/": lambda site: [
        {"first": Comment.objects.earliest("pk").pk, "number": number} for number in ("1", "2")
    ],
    "comments/your-data/<str:token>/": lambda site: [{"token": each} for each in _data_tokens()],
    "comments/your-data/<str:token>/your-data.json": lambda site: [
        {"token": each} for each in _data_tokens()
    ],
    "comments/your-data/<str:token>/erasing/": lambda site: [
        {"token": each} for each in _data_tokens()
    ],
    "comments/your-data/<str:token>/erasing/<int:number>/": lambda site: [
        {"token": each, "number": number}
        for each in _data_tokens()
        for number in (Comment.objects.exclude(commenter=None).earliest("pk").pk, NO_OBJECT)
    ],
    "comments/subscriptions/<str:token>/": lambda site: [
        {"token": token} for token in [*_tokens(_subscriptions_of_readers(site)), "1.x"]
    ],
    "comments/letters/<str:token>/": lambda site: [
        {"token": token} for token in [*_tokens(map(letter_url, Letter.objects.all())), "1.x"]
    ],
    "comments/decisions/<str:token>/<slug:decision>/": lambda site: [
        {"token": token, "decision": decision}
        for token in [_token_of_a_mail(site), "1.x"]
        for decision in ("approve", "reject", "spam", "x")
    ],
    "comments/bounces/<str:secret>/": lambda site: [{"secret": "not-the-secret"}],
    "admin/comments/comment/<int:number>/write/": lambda site: [
        {"number": number}
        for number in [*Comment.objects.order_by("pk").values_list("pk", flat=True)[:3], NO_OBJECT]
    ],
    **{
        f"comments/status/<str:token>/{part}": lambda site: [
            {"token": page.split("/")[-2]}
            for page in [*site.pages_of_replies, "/comments/status/1.x/"]
        ]
        for part in ("", "text/", "taking-back/", "second-look/")
    },
    "admin/comments/comment/piece/<int:article_id>/": lambda site: [
        {"article_id": site.piece.pk},
        {"article_id": NO_OBJECT},
    ],
    "admin/comments/comment/<int:number>/sender/": lambda site: [
        {"number": Comment.objects.exclude(commenter=None).earliest("pk").pk},
        {"number": NO_OBJECT},
    ],
    "admin/comments/senders/<int:number>/": lambda site: [
        {"number": Commenter.objects.exclude(comments=None).earliest("pk").pk},
        {"number": NO_OBJECT},
    ],
    **{
        f"admin/comments/lists/<slug:name>/{part}": lambda site: [
            {"name": "banned_words"},
            {"name": "nowhere"},
        ]
        for part in ("", "list.txt", "list.csv")
    },
    **{
        f"admin/comments/queue/<int:number>/{part}": lambda site: [
            {"number": Comment.objects.exclude(commenter=None).earliest("pk").pk},
            {"number": NO_OBJECT},
        ]
        for part in ("", "text/", "note/", "answer/", "sender/")
    },
    **{
        f"admin/comments/queue/batches/<int:number>/{part}": lambda site: [
            {"number": Batch.objects.earliest("pk").pk},
            {"number": NO_OBJECT},
        ]
        for part in ("", "stop/", "undo/")
    },
    "admin/comments/comment/<int:number>/decision/": lambda site: [
        {"number": Comment.objects.earliest("pk").pk},
        {"number": NO_OBJECT},
    ],
}

ON_THE_DESK = (
    "admin/articles/article/<int:article_id>/",
    "admin/articles/image/<int:image_id>/",
    "admin/articles/wireitem/<int:item_id>/",
)
OF_AN_OBJECT = re.compile(
    r"admin/(?P<app>\w+)/(?P<model>\w+)/"
    r"(<path:object_id>/((change|history|delete)/)?|<id>/password/)"
)
