import re

from django.db import OperationalError
from django.db.models import CharField, F, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from articles.addresses import gone, moved, piece_at
from articles.models import Article
from articles.views import REPLIES_QUERY, article_page
from comments import confirmation, proof_of_work, reply_page
from comments.forms import ReplyForm
from comments.models import Comment
from comments.network import network_of
from comments.places import address_of
from comments.posting import ParentGone, Receipt, Refused, TooManyPosts
from comments.reply_page import ReplyPage
from comments.status_address import status_url
from newsroom import site
from newsroom.language import speaking
from newsroom.page_store import stored
from newsroom.prepared import Given, Prepared
from newsroom.primary_keys import key_as_written
from newsroom.same_origin import Sender, sender
from newsroom.see_other import SeeOther


@csrf_exempt
@sensitive_post_parameters("email", "author", "comment", "url", "confirmed")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def create(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a reply: 303 to where it stands, or 422 with the form, its errors and all its text.

    Pages are the same for everybody, so there is no CSRF token: SameOriginMiddleware refuses
    what other sites send, and browsers too old to say where they come from confirm by hand.
    The session plays no part: whoever is logged in replies here as a reader.
    """
    article = _piece_replied_to(slug)
    with speaking(article.language):
        if request.method == "POST":
            return _take(request, article)
        if article.is_withdrawn:
            return gone(request, article)
        return redirect(f"{article.get_absolute_url()}#respond")


_at_slug = Prepared(
    lambda: reply_page.without_bodies(Article.objects.known()).filter(
        slug=Given("slug", CharField())
    )
)


def _piece_replied_to(slug: str) -> Article:
    return _at_slug.first(slug=slug) or piece_at(slug)


@sensitive_variables("form", "confirmed")
def _take(request: HttpRequest, article: Article) -> HttpResponse:
    confirmed = confirmation.confirmed_reply(request.POST)
    form = ReplyForm(article, confirmed or request.POST)
    if article.is_withdrawn:
        return article_page(request, article.slug, reply_form=form)
    if not form.is_valid():
        return article_page(request, article.slug, reply_form=form, status=422)
    if sender(request) is Sender.UNKNOWN and not confirmed:
        return confirmation.page(request, article, form)
    try:
        receipt = Comment.objects.submit(form.draft(network=network_of(request)))
    except TooManyPosts as refusal:
        form.add_error(None, str(refusal))
        response = article_page(request, article.slug, reply_form=form, status=429)
        response.headers["Retry-After"] = str(refusal.wait)
        return response
    except Refused as refusal:
        if isinstance(refusal, ParentGone):
            form.answer_the_piece()
        form.add_error(None, str(refusal))
        return article_page(request, article.slug, reply_form=form, status=422)
    except OperationalError:
        # The database is locked or full, and reading may still work.
        form.add_error(None, _("We can't take replies just now. Please send this again later."))
        response = article_page(request, article.slug, reply_form=form, status=503)
        response.headers["Retry-After"] = "30"
        return response
    return _lead_to(request, receipt)


def _lead_to(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    if receipt.comment.is_approved:
        return SeeOther(address_of(receipt.comment, site.of(request)))
    if receipt.proves_author:
        return SeeOther(status_url(receipt.comment))
    return render(request, "comments/already_here.html", {"article": receipt.comment.article})


@require_safe
@never_cache
def challenge(request: HttpRequest) -> HttpResponse:
    """A sum for the reader's browser: see comments/proof_of_work.py."""
    return JsonResponse(proof_of_work.challenge(), headers={"X-Robots-Tag": "noindex, nofollow"})


@require_safe
def permalink(request: HttpRequest, number: int) -> HttpResponse:
    comment = get_object_or_404(Comment.objects.public().select_related("article"), pk=number)
    return redirect(address_of(comment, site.of(request)))


@require_safe
def numbered(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """From #comment-N, an anchor that is on no page a browser was led to: the reply to this piece
    that has this number, or had it on the site that moved in."""
    replies = Comment.objects.public().filter(article__slug=slug).select_related("article")
    named = replies.filter(Q(former_number=number) | Q(pk=number))
    comment = named.order_by(F("former_number").asc(nulls_last=True)).first()
    if comment is None:
        raise Http404
    return redirect(address_of(comment, site.of(request)))


@stored(query=REPLIES_QUERY)
@require_safe
def page(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """A further page of the replies to a piece. The first is below the piece itself."""
    page_number = _page_number(number)
    article = piece_at(slug, reply_page.without_bodies(Article.objects.known()))
    if article.slug != slug and article.is_public:
        return moved(request, article)
    if article.is_withdrawn:
        return gone(request, article)
    shown = reply_page.on(request, article, page_number)
    if page_number == 1:
        return redirect(f"{shown.path}{shown.query}#comments", permanent=True)
    return _draw(request, shown)


@stored(query={"reply_to": key_as_written})
@require_safe
def thread(request: HttpRequest, first: int, number: str = "1") -> HttpResponse:
    """All replies of a thread, by its first, which may have been taken away itself."""
    known = Comment.objects.filter(Article.objects.is_public_of("article"))
    comment = get_object_or_404(known, pk=first)
    if comment.thread_id and comment.is_approved:
        return redirect(reply_page.path_of_thread(comment.thread_id, 1))
    comment.article = reply_page.without_bodies(Article.objects.all()).get(pk=comment.article_id)
    return _draw(request, reply_page.of_thread(comment, _page_number(number)))


def _page_number(text: str) -> int:
    """Raises Http404 for anything but a number as this site writes it."""
    if not re.fullmatch("[1-9][0-9]{0,8}", text):
        raise Http404
    return int(text)


def _draw(request: HttpRequest, shown: ReplyPage) -> HttpResponse:
    request.reply_page = shown  # type: ignore[attr-defined]
    context = {"article": shown.article, "replies_page": shown}
    with speaking(shown.article.language):
        return render(request, "comments/page.html", context)
