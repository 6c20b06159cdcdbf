"""The pages that mails lead to, and where providers tell of bounces.

Whoever has an address of links.py may do what stands there: it needs no cookie, no token besides,
and no browser that tells where it comes from. Opening one only asks; programs that look at the
links of a mail change nothing.
"""

import hmac
import json
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from articles.models import Article
from comments.models import Subscription
from comments.models.subscription import SubscriptionQuerySet
from comments.notices.bounces import bounces_told
from comments.notices.letters import AnswerForm
from comments.notices.links import BadToken, Holder, holder_of, letter_of
from newsroom.language import speaking, speaking_as_the_site
from newsroom.primary_keys import is_key
from newsroom.private_pages import private
from newsroom.same_origin import from_anywhere, proof_in_address
from newsroom.see_other import SeeOther
from newsroom.site import without_site


@from_anywhere
@private
@require_http_methods(["GET", "HEAD", "POST"])
def subscriptions(request: HttpRequest, token: str) -> HttpResponse:
    """The mail that somebody gets, for the holder of the address: to confirm and to end it.

    A POST of List-Unsubscribe=One-Click (RFC 8058) acts at once, without a cookie and from
    anywhere: on the piece that the mail was about, or on everything where it was about none.
    """
    try:
        holder = holder_of(token)
    except BadToken:
        raise Http404 from None
    with speaking(holder.article.language) if holder.article else speaking_as_the_site():
        if request.method != "POST":
            return _subscriptions_page(request, holder)
        try:
            if request.POST.get("List-Unsubscribe") == "One-Click":
                _end(holder, holder.article)
                return HttpResponse(_("Done."), content_type="text/plain; charset=utf-8")
            _act(holder, request.POST.get("do", ""), request.POST.get("article", ""))
        except OperationalError:
            # The database is locked or full.
            told = _("We can't take this just now. Please send it again later.")
            answer = HttpResponse(told, content_type="text/plain; charset=utf-8", status=503)
            answer.headers["Retry-After"] = "30"
            return answer
    return SeeOther(request.path)


def _act(holder: Holder, deed: str, article: str) -> None:
    """What a button of the page does. Safe to repeat."""
    mine = Subscription.objects.filter(sender=holder.sender)
    if deed == "confirm":
        mine.pending().confirm()
    elif deed == "end":
        _of_piece(mine, article).end()
    elif deed == "begin":
        _of_piece(mine, article).begin_again()
    elif deed == "end_all":
        _end(holder, None)
    elif deed == "allow":
        holder.sender.allow_mail()
    else:
        raise BadRequest("There is no such button.")


def _of_piece(mine: SubscriptionQuerySet, article: str) -> SubscriptionQuerySet:
    if not is_key(article):
        raise BadRequest("There is no such piece.")
    return mine.filter(article=int(article))


def _end(holder: Holder, article: Article | None) -> None:
    mine = Subscription.objects.filter(sender=holder.sender)
    if article:
        mine.filter(article=article).end()
    else:
        mine.end()
        holder.sender.end_mail()


def _subscriptions_page(request: HttpRequest, holder: Holder) -> HttpResponse:
    every = Subscription.objects.filter(sender=holder.sender).select_related("article")
    mine = list(every.order_by("-asked_at", "article", "kind"))
    context = {
        "sender": holder.sender,
        "pending": _by_piece(each for each in mine if each.is_pending),
        "active": _by_piece(each for each in mine if each.is_active),
        "ended": _by_piece(each for each in mine if each.ended_at),
    }
    return render(request, "comments/subscriptions.html", context)


def _by_piece(subscriptions: Iterable[Subscription]) -> dict[Article, list[Subscription]]:
    pieces: dict[Article, list[Subscription]] = {}
    for each in subscriptions:
        pieces.setdefault(each.article, []).append(each)
    return pieces


@proof_in_address
@sensitive_post_parameters("answer")
@private
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, token: str) -> HttpResponse:
    """What the newsroom wrote to the author of a reply, who may answer here once."""
    try:
        letter = letter_of(token)
    except BadToken:
        raise Http404 from None
    form = AnswerForm(request.POST or None)
    status = 200
    with speaking(letter.comment.article.language):
        if request.method == "POST":
            try:
                if form.is_valid() and letter.take_answer(form.cleaned_data["answer"]):
                    return SeeOther(request.path)
                status = 409 if form.is_valid() else 422
            except OperationalError:
                # The database is locked or full, and reading may still work.
                form.add_error(None, _("We can't take this just now. Please send it again later."))
                status = 503
            letter.refresh_from_db(fields=["answer", "answered_at"])
        context = {"letter": letter, "form": form}
        return render(request, "comments/letter.html", context, status=status)


@without_site
@from_anywhere
@never_cache
@sensitive_variables()
@require_POST
def bounces(request: HttpRequest, secret: str) -> HttpResponse:
    """A provider of mail tells of bounces, as JSON: see bounces_told(). 404 without the secret."""
    ours = settings.BOUNCE_SECRET
    if not ours or not hmac.compare_digest(ours.encode(), secret.encode()):
        raise Http404
    try:
        data = json.loads(request.body)
        if isinstance(data, dict) and isinstance(data.get("Message"), str):
            data = json.loads(data["Message"])  # Amazon SNS, around what SES says
    except (ValueError, RecursionError):
        return HttpResponse("This is no JSON.\n", status=400, content_type="text/plain")
    heeded = sum(bounce.heed() for bounce in bounces_told(data))
    return HttpResponse(f"{heeded}\n", content_type="text/plain")
