"""Writing to the author of a reply, whose address nobody sees, and reading what came back."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, Letter, Mail
from comments.models.letter import NotWritten
from comments.notices.letters import LetterForm
from newsroom.admin.read_only import ReadOnly


class WritesLetters(admin.ModelAdmin):
    """For the admin of replies: a page to write to the author of one, and what was written."""

    def get_urls(self) -> list[URLPattern]:
        page = path(
            "<int:number>/write/",
            self.admin_site.admin_view(self.write),
            name="comments_comment_write",
        )
        return [page, *super().get_urls()]

    def write(self, request: HttpRequest, number: int) -> HttpResponse:
        if not request.user.has_perm("comments.moderate_comment"):
            raise PermissionDenied
        replies = Comment.objects.select_related("article", "commenter")
        comment = get_object_or_404(replies, pk=number)
        form = LetterForm(request.POST or None)
        status = 200
        if request.method == "POST":
            if form.is_valid() and self._written(request, comment, form):
                address = reverse("admin:comments_comment_change", args=[comment.pk])
                return HttpResponseRedirect(address)
            status = 422
        context = self.admin_site.each_context(request) | {
            "title": _("Write to the author of a reply"),
            "comment": comment,
            "letters": _letters(comment),
            "form": form,
            "opts": Comment._meta,
        }
        return render(request, "admin/comments/write.html", context, status=status)

    def _written(self, request: HttpRequest, comment: Comment, form: LetterForm) -> bool:
        try:
            Letter.objects.write(
                comment, by=cast(User, request.user), text=form.cleaned_data["text"]
            )
        except NotWritten as refusal:
            form.add_error(None, str(refusal))
            return False
        self.message_user(request, _("The letter is on its way."), messages.SUCCESS)
        return True

    @admin.display(description=_("letters"))
    def letters(self, comment: Comment) -> str:
        context = {"comment": comment, "letters": _letters(comment)}
        return render_to_string("admin/comments/_letters.html", context)


def _letters(comment: Comment) -> QuerySet[Letter]:
    return comment.letters.select_related("by").prefetch_related("mails")


@admin.register(Letter)
class LetterAdmin(ReadOnly, admin.ModelAdmin):
    """All letters, newest first: what was written, and what came back."""

    list_display = ["written_at", "comment", "by", "state", "answered_at"]
    list_filter = ["answered_at", "written_at"]
    list_select_related = ["comment", "by"]
    fields = ["comment", "by", "written_at", "text", "state", "answered_at", "answer"]
    readonly_fields = ["state"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        return super().get_queryset(request).prefetch_related("mails")

    @admin.display(description=_("state"))
    def state(self, letter: Letter) -> Any:
        return letter.state


@admin.register(Mail)
class MailAdmin(ReadOnly, admin.ModelAdmin):
    """The outbox, for those who run the site: to whom a mail goes stands nowhere in it."""

    list_display = ["due_at", "kind", "attempts", "tried_at", "sent_at", "dropped_at", "reason"]
    list_filter = ["kind", "sent_at", "dropped_at"]
    ordering = ["-due_at", "-pk"]
    fields = [
        *("due_at", "kind", "attempts", "tried_at", "sent_at", "dropped_at", "reason"),
        *("comment", "article"),
    ]
