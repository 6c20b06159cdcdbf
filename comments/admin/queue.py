from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from comments.models import Comment
from newsroom.admin.read_only import ReadOnly
from newsroom.admin.selection import ReadsSelection

MAX_REASON = 500


class DecisionForm(ActionForm):
    # A longer one is cut: Django would take the form for one without an action.
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=forms.TextInput(attrs={"maxlength": MAX_REASON}),
    )


class QueueList(ChangeList):
    """Looks up the senders' records for the replies of one page, not for all that there are."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        records = Comment.objects.records(comment.commenter_id for comment in self.result_list)
        for comment in self.result_list:
            comment.sender_record = records[comment.commenter_id]


@admin.register(Comment)
class CommentAdmin(ReadOnly, ReadsSelection, admin.ModelAdmin):
    """The moderators' queue: held replies first, decided on in the list.

    The text is the reader's and is changed by nobody. The sender's address is not here.
    """

    list_display = ["reply", "record", "why", "state", "submitted_at"]
    list_display_links = ["submitted_at"]
    view_on_site = False
    list_filter = ["status", "submitted_at"]
    list_per_page = 50
    search_fields = ["name", "body", "article__headline"]
    show_full_result_count = False
    actions = ["approve", "reject", "mark_spam", "restore"]
    action_form = DecisionForm
    fields = ["body", "name", "website", "to", "record", "why", "state", "submitted_at", "log"]
    readonly_fields = ["to", "record", "why", "state", "log"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        waiting = Case(When(status=Comment.Status.HELD, then=Value(0)), default=Value(1))
        return (
            Comment.objects.select_related("article", "parent")
            .prefetch_related("findings")
            .annotate(decided=waiting)
            .order_by("decided", "-submitted_at")
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return QueueList

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("comments.moderate_comment")

    @admin.display(description=_("reply"))
    def reply(self, comment: Comment) -> str:
        return render_to_string("admin/comments/_reply.html", {"comment": comment})

    @admin.display(description=pgettext_lazy("of a reply", "to"))
    def to(self, comment: Comment) -> str:
        return render_to_string("admin/comments/_to.html", {"comment": comment})

    @admin.display(description=_("sender before"))
    def record(self, comment: Comment) -> str:
        sender = comment.commenter_id
        record = (
            getattr(comment, "sender_record", None) or Comment.objects.records([sender])[sender]
        )
        return render_to_string("admin/comments/_record.html", {"record": record.without(comment)})

    @admin.display(description=_("why held"))
    def why(self, comment: Comment) -> str:
        return render_to_string("admin/comments/_why.html", {"findings": comment.findings.all()})

    @admin.display(description=_("state"), ordering="status")
    def state(self, comment: Comment) -> str:
        return render_to_string("admin/comments/_state.html", {"comment": comment})

    @admin.display(description=_("decisions"))
    def log(self, comment: Comment) -> str:
        context = {"decisions": comment.decisions.with_reasons()}
        return render_to_string("admin/comments/_log.html", context)

    @admin.action(description=_("Approve"), permissions=["moderate"])
    def approve(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        self._decide(request, comments, Comment.approve)

    @admin.action(description=_("Reject"), permissions=["moderate"])
    def reject(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        self._decide(request, comments, Comment.reject)

    @admin.action(description=_("Mark as spam"), permissions=["moderate"])
    def mark_spam(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        self._decide(request, comments, Comment.mark_spam)

    @admin.action(description=_("Put back into the queue"), permissions=["moderate"])
    def restore(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        self._decide(request, comments, Comment.restore)

    def _decide(
        self, request: HttpRequest, comments: QuerySet[Comment], verb: Callable[..., bool]
    ) -> None:
        by, reason = cast(User, request.user), request.POST.get("reason", "")[:MAX_REASON]
        count = sum(verb(comment, by=by, reason=reason) for comment in comments)
        self.message_user(
            request,
            ngettext("%(count)d reply decided.", "%(count)d replies decided.", count)
            % {"count": count},
            messages.SUCCESS if count else messages.INFO,
        )
