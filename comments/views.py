from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from articles.addresses import gone, piece_at
from articles.models import Article
from articles.views import article_page
from comments import confirmation
from comments.forms import ReplyForm
from comments.models import Comment
from comments.posting import Receipt, Refused
from comments.status_address import comment_of, status_url
from newsroom.language import speaking
from newsroom.same_origin import Sender, sender


class SeeOther(HttpResponseRedirect):
    status_code = 303


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
    article = piece_at(slug)
    with speaking(article.language):
        if request.method == "POST":
            return _take(request, article)
        if article.is_withdrawn:
            return gone(request, article)
        return redirect(f"{article.get_absolute_url()}#respond")


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
        receipt = Comment.objects.submit(form.draft())
    except Refused as refusal:
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
        return SeeOther(receipt.comment.get_absolute_url())
    if receipt.proves_author:
        return SeeOther(status_url(receipt.comment))
    return render(request, "comments/already_here.html", {"article": receipt.comment.article})


@require_safe
def permalink(request: HttpRequest, number: int) -> HttpResponse:
    comment = get_object_or_404(Comment.objects.public().select_related("article"), pk=number)
    return redirect(comment)


@require_safe
@never_cache
def status(request: HttpRequest, token: str) -> HttpResponse:
    """What became of a reply, for its author. The address is the only proof there is."""
    try:
        comment = comment_of(token)
    except Comment.DoesNotExist:
        raise Http404 from None
    with speaking(comment.article.language):
        response = render(request, "comments/status.html", {"comment": comment})
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
