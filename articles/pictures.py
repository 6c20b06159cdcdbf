"""The gate before the pictures of pieces: /media/ speaks of them only while a piece does.

A picture is public while a public piece or a standing page uses it. An editor may look at any,
whoever holds a preview link at those of its revision. A withdrawn one answers 410 to all but
the desk. The share picture of a piece is public while the piece is, and gone with it.

What a reader has loaded stays in the browser for ten minutes at most, and shared caches must ask
each time (a 304 costs one query): a picture that was killed is not passed on by anybody, while
turning pages loads nothing twice.
"""

import re

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles import recording_html, recordings
from articles.models import Image, ImageUse, ShareImage
from newsroom import media as files
from newsroom.site import without_site

NAME = re.compile(
    r"(?P<token>[0-9a-f]{32})-(?P<version>\d{1,9})"
    r"-(?P<kind>wide|card|broad|standard|square|share)(?P<width>\d{1,5})"
    r"\.(?P<extension>avif|jpg|png)"
)
# What machines are told of a piece: other sites may show it where somebody shares the address.
FOR_OTHER_SITES = frozenset({"broad", "standard", "square", "share"})
PUBLIC = "public, max-age=600, s-maxage=0"
PRIVATE = "private, no-store"


@without_site
@require_safe
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file of /media/: a picture if it may be seen, or any other file."""
    if recording_html.NAME.fullmatch(name):
        return _recording(request, name)
    match = NAME.fullmatch(name)
    if match is None:
        return files.media(request, name)
    if match["kind"] == "share":
        return _share_picture(request, match)
    image = (
        Image.objects.filter(token=match["token"])
        .annotate(is_public=Exists(ImageUse.objects.public().filter(image=OuterRef("pk"))))
        .only("token", "version", "renditions", "withdrawn_at", "is_transparent")
        .first()
    )
    if image is None:
        return _nothing(404, _("There is no such picture."))
    is_public: bool = image.is_public  # type: ignore[attr-defined]  # annotated above
    if is_public and not image.is_withdrawn:
        return _shown(request, image, match, PUBLIC)
    if _is_of_the_desk(request) or (not image.is_withdrawn and _is_previewed(request, image.token)):
        return _shown(request, image, match, PRIVATE)
    if image.is_withdrawn:
        return _nothing(410, _("This picture has been withdrawn."))
    return _nothing(404, _("There is no such picture."))


def _recording(request: HttpRequest, name: str) -> HttpResponseBase:
    found = recordings.public_or_none(name)
    if found:
        recording, is_public = found
        if is_public:
            return recordings.response(request, recording, cache=PUBLIC)
        if _is_of_the_desk(request) or _is_previewed(request, recording.token):
            return recordings.response(request, recording, cache=PRIVATE)
    return _nothing(404, _("There is no such recording."))


def _share_picture(request: HttpRequest, name: re.Match[str]) -> HttpResponseBase:
    share = (
        ShareImage.objects.filter(token=name["token"])
        .select_related("article")
        .only(
            *("token", "version", "article__status", "article__published_at"),
            *("article__embargo_until", "article__withdrawn_at"),
        )
        .first()
    )
    if share and share.is_made and share.article.is_public:
        return _file(request, share.file_name, name, PUBLIC)
    if share and share.article.is_gone:
        return _nothing(410, _("This piece has been withdrawn."))
    return _nothing(404, _("There is no such picture."))


def _shown(request: HttpRequest, image: Image, name: re.Match[str], cache: str) -> HttpResponseBase:
    """The file, or the way to the one that replaced it: its focal point was moved since."""
    wanted = image.nearest(name["kind"], int(name["width"]), name["extension"])
    return _file(request, image.file_name(wanted), name, cache)


def _file(request: HttpRequest, current: str, name: re.Match[str], cache: str) -> HttpResponseBase:
    if current != name[0]:
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        found = HttpResponseRedirect(reverse("media", args=[current]) + query)
        found.headers["Cache-Control"] = PRIVATE
        return found
    etag = f'"{current}"'  # a name is given once, so it tells what is inside
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        unchanged.headers["Cache-Control"] = cache
        return unchanged
    try:
        response = files.stored(current, cache=cache)
    except Http404:
        return _nothing(404, _("There is no such picture."))
    response.headers["ETag"] = etag
    if name["kind"] in FOR_OTHER_SITES:
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _is_of_the_desk(request: HttpRequest) -> bool:
    user = request.user
    return isinstance(user, User) and user.is_staff and user.has_perm("articles.view_image")


def _is_previewed(request: HttpRequest, its_token: str) -> bool:
    from articles.preview_links import shows_file  # noqa: PLC0415 - draws pieces with pictures

    token = request.GET.get("preview", "")
    return bool(token) and shows_file(token, its_token)


def _nothing(status: int, why: str) -> HttpResponse:
    """In plain words: nobody looks at more than the place where a picture is not."""
    response = HttpResponse(why, status=status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
