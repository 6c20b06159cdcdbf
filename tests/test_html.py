"""The HTML that people get: html5lib's strict parser accepts it, and the rules below besides."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from articles import listings, views
from articles.models import Activity, Article, Correction, PreviewLink
from articles.preview_links import address_of
from articles.tests import factories
from articles.tests.pictures import figure, make_image
from comments.desk_mail.links import Link, decision_url, last_decision
from comments.models import Comment
from comments.status_address import status_url
from comments.tests.factories import (
    FROM_THIS_SITE,
    form_data,
    make_approved,
    make_comment,
    make_many_approved,
)
from newsroom import maintenance
from newsroom.models import SiteSettings
from tests.html_rules import faults

pytestmark = pytest.mark.django_db

AWKWARD = "“Fish & <Chips>” 'n' \"Peas\""


# --- A site on which every branch of the templates is drawn -----------------------------------


@pytest.fixture(scope="module")
def made(for_all_tests, tmp_path_factory):
    """The key of the piece on which it all hangs."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield make_site().pk


@pytest.fixture
def piece(monkeypatch, made):
    for module in (views, listings):
        monkeypatch.setattr(module, "LIST_PIECES", 1)
    return Article.objects.get(pk=made)


def make_site() -> Article:
    site = SiteSettings.objects.create(
        name="Fish & Chips",
        tagline=AWKWARD,
        publisher="A & B",
        contact="Room <1>",
    )
    SiteSettings.objects.update(logo="there-is-no-such-file.png", logo_width=96, logo_height=48)
    site.menu.create(label="About & more", address="/about/")
    site.menu.create(label="Elsewhere", address="https://example.org/?a=1&b=2")
    factories.make_page("About", body="<h2>Who</h2><p>We are.</p>")
    section = factories.make_section(name="Food & Drink", slug="food", description=AWKWARD)
    topic = factories.make_topic("R&D", slug="r-d")
    source = factories.make_source("AFP", url="https://www.afp.com/?a=1&b=2")
    authors = [
        factories.make_author("Ann A.", slug="ann"),
        factories.make_author("Bo <B>", slug="bo", description=AWKWARD),
    ]
    for slug in ("earlier", "piece"):
        article = factories.make_article(
            slug=slug,
            headline=AWKWARD,
            standfirst=AWKWARD,
            dateline="TOKYO & OSAKA",
            section=section,
            topics=[topic],
            authors=authors,
            source=source,
            source_url="https://www.afp.com/piece?a=1&b=2",
            body='<p>Text.</p><h2>Part</h2><h3>Its part</h3><p><a href="https://example.org/'
            '?a=1&amp;b=2">Link</a><br>more</p><ul><li>One</li></ul><blockquote>Q</blockquote><hr>',
        )
    work_on(article)
    factories.make_article(slug="from-the-wire", section=section, source=source, standfirst="")
    discuss(article)
    return article


def work_on(article: Article) -> None:
    """Pictures, a caption and a credit; a change, a closed version, corrections of each kind."""
    editor = factories.make_staff()
    image = make_image(made=True)
    article.lead_image, article.lead_alt = image, AWKWARD
    article.lead_caption = article.lead_credit = article.credit_line = AWKWARD
    article.body += figure(image, alt="A & B", caption="C & D")
    article.save()
    article.record(by=editor)
    for standfirst in (f"Not {AWKWARD}", AWKWARD):
        article.standfirst = standfirst
        article.body += f"<p>{standfirst.replace('<', '&lt;')}</p>"
        article.save()
        article.record(by=editor)
    article.revisions.get(number=3).close(by=editor, reason=AWKWARD)
    for kind in Correction.Kind:
        article.correct(by=editor, kind=kind, text=AWKWARD)


def preview_of(article: Article, *, is_over: bool = False) -> str:
    editor = factories.make_staff()
    revision = article.record(by=editor)
    link = PreviewLink.objects.make(revision, by=editor, lasts=timedelta(days=1))
    if is_over:
        link.revoke(by=editor)
    return address_of(link)


def framed(client: Client, article: Article):
    client.force_login(factories.make_staff())
    return client.get(f"/admin/articles/article/{article.pk}/preview/page/")


def discuss(article: Article) -> None:
    """Answers deeper than they are drawn, one whose parent was taken away, and all that bleach
    allows."""
    above: Comment | None = None
    for depth in range(6):
        above = make_approved(
            article=article,
            parent=above,
            name=f"{AWKWARD} {depth}",
            website="https://example.org/?a=1&b=2",
            text=f"{depth} <b>bold</b> <blockquote>Said</blockquote> a & b\nline\n\n<q>new</q>"
            " <a href='https://example.org/?a=1&b=2'>link</a> <i>never closed",
        )
    gone = make_approved(article=article)
    make_approved(article=article, parent=gone)
    gone.reject(by=factories.make_staff("Moderators"))


def sent_from_the_page(client: Client, article: Article, **fields: str):
    url = reverse("comments:create", args=[article.slug])
    return client.post(url, form_data(**fields), headers=FROM_THIS_SITE)


def status_of(article: Article, verb: str | None = None) -> str:
    comment = make_comment(article=article, text="<b>Bold</b> & line\nline\n\npart")
    if verb:
        getattr(comment, verb)(by=factories.make_staff("Moderators"))
    return status_url(comment)


def report(client: Client, article: Article, *, follow=False, headers=FROM_THIS_SITE, **fields):
    comment = Comment.objects.under(article).earliest("pk")
    url = reverse("comments:report", args=[comment.pk])
    return client.post(url, fields, headers=headers, follow=follow)


def report_decided(client: Client, article: Article, verb: str):
    address = report(client, article, reason="hate")["Location"]
    comment = Comment.objects.get(reported_at__isnull=False)
    getattr(comment, verb)(by=factories.make_staff("Moderators"))
    return client.get(address)


def from_a_mail(piece: Article, decision: str, *, is_decided: bool = False) -> str:
    """The address at which a moderator decides."""
    moderator = factories.make_staff("Moderators")
    comment = make_comment(
        article=piece, name="A & B", text=f"{AWKWARD} https://example.org/?a=1&b=2"
    )
    last = last_decision(comment)
    assert last
    link = Link(moderator, comment.pk, comment.version, last.pk)
    if is_decided:
        comment.approve(by=moderator)
    return decision_url(link, decision)


def already_here(client: Client, article: Article):
    for _ in range(2):
        answer = sent_from_the_page(client, article, comment="Once", author=AWKWARD)
    return answer


def to_nothing(client: Client, article: Article):
    text = f"Another </textarea> {AWKWARD}"
    return sent_from_the_page(client, article, comment=text, parent="4711")


def withdrawn(article: Article) -> Article:
    article.withdraw(by=factories.make_staff(), reason=AWKWARD)
    return article


def broken(client: Client, article: Article):
    client.raise_request_exception = False
    Article.objects.update(published_at=timezone.now() - timedelta(days=1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(views, "render", None)
        return client.get("/")


def closed(client: Client):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(maintenance, "seconds", lambda: 600)
        return client.get("/")


def most_read(client: Client, piece: Article):
    Activity.objects.create(article=piece, hour=timezone.now(), reads=2, replies=1)
    return client.get("/popular/")


def choose_password(client: Client):
    user = User.objects.create_user("new", is_staff=True)
    token = default_token_generator.make_token(user)
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return client.get(reverse("password_reset_confirm", args=[uid, token]), follow=True)


def with_many_replies(client: Client, piece: Article, path: str):
    """At `path` below the piece, or of a thread ({thread}) that needs two pages."""
    firsts = make_many_approved(piece, 60)
    make_many_approved(piece, 255, parent=firsts[3], a_chain=True)
    Comment.objects.filter(article=piece).update(name=AWKWARD, edited_at=timezone.now())
    Comment.objects.filter(pk=firsts[2].pk).update(badge="author", featured_at=timezone.now())
    return client.get(path.format(thread=firsts[3].pk))


PAGES = {
    "front": lambda client, piece: client.get("/"),
    "piece": lambda client, piece: client.get("/articles/piece/"),
    "piece from the wire": lambda client, piece: client.get("/articles/from-the-wire/"),
    "answering a reply": lambda client, piece: client.get(
        f"/articles/piece/?reply_to={Comment.objects.earliest('pk').pk}"
    ),
    "form with errors": lambda client, piece: sent_from_the_page(
        client,
        piece,
        comment="",
        author="me@example.org",
        email="no address",
        url="ftp://x",
        parent=str(Comment.objects.earliest("pk").pk),
    ),
    "form refused": to_nothing,
    "piece with many replies": lambda client, piece: with_many_replies(
        client, piece, "/articles/piece/"
    ),
    "page of replies": lambda client, piece: with_many_replies(
        client, piece, "/articles/piece/comments/2/"
    ),
    "whole thread": lambda client, piece: with_many_replies(
        client, piece, "/comments/{thread}/thread/2/"
    ),
    "section": lambda client, piece: client.get("/sections/food/"),
    "section, page 2": lambda client, piece: client.get("/sections/food/?page=2"),
    "topic": lambda client, piece: client.get("/topics/r-d/?page=2"),
    "author": lambda client, piece: client.get("/authors/bo/"),
    "source": lambda client, piece: client.get("/sources/afp/"),
    "standing page": lambda client, piece: client.get("/about/"),
    "changes": lambda client, piece: client.get("/articles/piece/changes/"),
    "corrections": lambda client, piece: client.get("/corrections/"),
    "archive": lambda client, piece: client.get("/archive/"),
    "month": lambda client, piece: client.get(f"/archive/{piece.published_at:%Y/%m}/"),
    "most read": most_read,
    "preview": lambda client, piece: client.get(preview_of(piece)),
    "preview of a draft": lambda client, piece: client.get(
        preview_of(factories.make_draft(headline=AWKWARD, body="<p>Text.</p>"))
    ),
    "preview that is over": lambda client, piece: client.get(preview_of(piece, is_over=True)),
    "preview in the admin": framed,
    "reply held": lambda client, piece: client.get(status_of(piece)),
    "reply approved": lambda client, piece: client.get(status_of(piece, "approve")),
    "reply rejected": lambda client, piece: client.get(status_of(piece, "reject")),
    "reply erased": lambda client, piece: client.get(status_of(piece, "erase")),
    "change refused": lambda client, piece: client.post(
        f"{status_of(piece)}text/", {"comment": f"{AWKWARD} </textarea>", "seen": "x"}
    ),
    "taking a reply back": lambda client, piece: client.get(f"{status_of(piece)}taking-back/"),
    "second look refused": lambda client, piece: client.post(
        f"{status_of(piece, 'reject')}second-look/", {"words": f"{AWKWARD} me@example.org"}
    ),
    "second look asked for": lambda client, piece: client.post(
        f"{status_of(piece, 'reject')}second-look/", {"words": AWKWARD}, follow=True
    ),
    "reply here already": already_here,
    "report refused": lambda client, piece: report(client, piece, words=f"{AWKWARD} </textarea>"),
    "report to confirm": lambda client, piece: report(
        client, piece, headers={}, reason="other", words=f"{AWKWARD}\n\n& more"
    ),
    "report": lambda client, piece: report(client, piece, reason="hate", follow=True),
    "report kept": lambda client, piece: report_decided(client, piece, "approve"),
    "report heard": lambda client, piece: report_decided(client, piece, "reject"),
    "report of an erased reply": lambda client, piece: report_decided(client, piece, "erase"),
    "report of nothing": lambda client, piece: client.get("/comments/999999/report/"),
    "deciding from a mail": lambda client, piece: client.get(from_a_mail(piece, "approve")),
    "rejecting from a mail, refused": lambda client, piece: client.post(
        from_a_mail(piece, "reject"), {"canned": "x", "reason": f"{AWKWARD} </textarea>"}
    ),
    "decided on before the mail was read": lambda client, piece: client.get(
        from_a_mail(piece, "spam", is_decided=True)
    ),
    "confirmation": lambda client, piece: client.post(
        "/articles/piece/comments/", form_data(author=AWKWARD, comment=f"{AWKWARD}\n\n& more")
    ),
    "withdrawn": lambda client, piece: client.get(withdrawn(piece).get_absolute_url()),
    "reply to a withdrawn piece": lambda client, piece: sent_from_the_page(
        client, withdrawn(piece), comment=f"{AWKWARD}\n\n& more"
    ),
    "not found": lambda client, piece: client.get("/no/such/page/"),
    "forbidden": lambda client, piece: client.post(
        "/articles/piece/comments/", headers={"Sec-Fetch-Site": "cross-site"}
    ),
    "forbidden without a token": lambda client, piece: Client(enforce_csrf_checks=True).post(
        "/admin/login/", {}
    ),
    "bad request": lambda client, piece: client.get("/", headers={"Host": "elsewhere.test"}),
    "broken": broken,
    "closed": lambda client, piece: closed(client),
    "log in": lambda client, piece: client.get("/admin/login/"),
    "log in refused": lambda client, piece: client.post("/admin/login/", {"username": "x"}),
    "forgotten password": lambda client, piece: client.get("/admin/password_reset/"),
    "link was mailed": lambda client, piece: client.get("/admin/password_reset/done/"),
    "choose a password": lambda client, piece: choose_password(client),
    "link is used up": lambda client, piece: client.get("/admin/password/MQ/used/"),
    "password chosen": lambda client, piece: client.get("/admin/password/done/"),
}

STATUS = {
    "form with errors": 422,
    "rejecting from a mail, refused": 422,
    "change refused": 422,
    "second look refused": 422,
    "form refused": 422,
    "report refused": 422,
    "report of nothing": 404,
    "preview that is over": 410,
    "withdrawn": 410,
    "reply to a withdrawn piece": 410,
    "not found": 404,
    "forbidden": 403,
    "forbidden without a token": 403,
    "bad request": 400,
    "broken": 500,
    "closed": 503,
}


@pytest.mark.parametrize("name", PAGES)
def test_the_html_of_a_page_is_valid(name, client, piece):
    response = PAGES[name](client, piece)
    assert response.status_code == STATUS.get(name, 200)
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert list(faults(response.content.decode(), response.request["PATH_INFO"])) == []
