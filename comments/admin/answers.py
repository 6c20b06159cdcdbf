"""Where the newsroom answers: a public piece's replies, each with a way to answer it."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from articles.models import Article
from comments.forms import TextForm
from comments.models import Comment
from comments.posting import ParentGone, Refused
from newsroom.primary_keys import is_key

if TYPE_CHECKING:
    from comments.admin.replies import CommentAdmin

REPLIES_PER_PAGE = 50


class AnswerForm(TextForm):
    """What the newsroom says, to the piece or to one reply under it."""

    to = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, article: Article, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.article = article
        self.fields["comment"].label = _("Answer")

    @cached_property
    def answered(self) -> Comment | None:
        number = str((self.data if self.is_bound else self.initial).get("to") or "")
        if not is_key(number):
            return None
        return Comment.objects.under(self.article).filter(pk=int(number)).first()

    def clean(self) -> dict[str, Any]:
        if self.data.get("to") and self.answered is None:
            self.empty("to")
            self.add_error(None, str(ParentGone()))
        return self.cleaned_data


def urls(model_admin: "CommentAdmin") -> list[URLPattern]:
    def piece(request: HttpRequest, article_id: int) -> HttpResponse:
        """The replies to a piece that readers see, and the form in which to answer one of them,
        or the piece itself."""
        if not request.user.has_perm("comments.answer_comment"):
            raise PermissionDenied
        article = get_object_or_404(Article.objects.published(), pk=article_id)
        initial = {"to": request.GET.get("to", "")}
        sent = request.POST if request.method == "POST" else None
        form = AnswerForm(article, sent, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                answer = Comment.objects.answer(
                    article,
                    parent=form.answered,
                    text=form.cleaned_data["comment"],
                    by=cast(User, request.user),
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                told = _("Your answer is published, as %(name)s.") % {"name": answer.name}
                messages.success(request, told)
                return redirect("admin:comments_comment_piece", article.pk)
        return _draw(request, article, form, status=422 if form.errors else 200)

    safe = sensitive_post_parameters("comment")(
        require_http_methods(["GET", "HEAD", "POST"])(piece)
    )
    page = model_admin.admin_site.admin_view(safe)
    return [path("piece/<int:article_id>/", page, name="comments_comment_piece")]


def _draw(request: HttpRequest, article: Article, form: AnswerForm, *, status: int) -> HttpResponse:
    newest = Comment.objects.approved().filter(article=article).select_related("parent")
    page = Paginator(newest.order_by("-pk"), REPLIES_PER_PAGE).get_page(request.GET.get("page"))
    context = admin.site.each_context(request) | {
        "opts": Comment._meta,
        "article": article,
        "form": form,
        "answered": form.answered,
        "page": page,
        "may_moderate": request.user.has_perm("comments.view_comment"),
        "title": _("Answer as the newsroom"),
    }
    return TemplateResponse(request, "admin/comments/piece.html", context, status=status)
