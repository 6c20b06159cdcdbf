"""The plain list of all replies, and the page of one. The queue is in comments/admin/desk/."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.views.main import ChangeList
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comments.admin import answers, deciding
from comments.admin.letters import WritesLetters
from comments.admin.standings import KeepsStandings
from comments.models import NO_RECORD, Comment
from comments.models.decision import MAX_REASON
from comments.models.second_look import active_moderators
from newsroom.admin.read_only import ReadOnly
from newsroom.admin.selection import ReadsSelection


class DecisionForm(ActionForm):
    # A longer one is cut: Django would take the form for one without an action.
    reason = forms.CharField(
        label=_("Reason (the author of a rejected reply reads it)"),
        required=False,
        widget=forms.TextInput(attrs={"maxlength": MAX_REASON}),
    )


class ReplyList(ChangeList):
    """Looks up what the replies of one page need, not those of all that there are."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        records = Comment.objects.records(comment.commenter_id for comment in self.result_list)
        has_looks = any(_waiting_look(comment) for comment in self.result_list)
        active = {user.pk for user in active_moderators()} if has_looks else set()
        for comment in self.result_list:
            comment.sender_record = records.get(comment.commenter_id or 0, NO_RECORD)
            comment.active_moderators = active


class SecondLookFilter(admin.SimpleListFilter):
    title = _("second look")
    parameter_name = "second_look"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("waiting")), ("decided", _("decided"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        if self.value() == "waiting":
            return queryset.filter(
                second_look__decided_at__isnull=True,
                second_look__isnull=False,
                status__in=Comment.REFUSED,
            ).order_by("second_look__asked_at", "pk")
        if self.value() == "decided":
            return queryset.filter(second_look__decided_at__isnull=False)
        return queryset


@admin.register(Comment)
class CommentAdmin(KeepsStandings, WritesLetters, ReadOnly, ReadsSelection, admin.ModelAdmin):
    """All replies, held ones first, to look things up; moderators work in the queue.

    Nothing is typed into a reply here. The sender's address is not here.
    """

    list_display = ["reply", "record", "why", "state", "submitted_at"]
    list_display_links = ["submitted_at"]
    view_on_site = False
    list_filter = ["status", SecondLookFilter, "submitted_at"]
    list_per_page = 50
    search_fields = ["name", "body", "article__headline"]
    show_full_result_count = False
    actions = ["approve", "reject", "mark_spam", "restore", "feature", "unfeature"]
    action_form = DecisionForm
    fields = [
        *("body", "name", "website", "to", "record", "why", "state", "reports", "look"),
        *("submitted_at", "standing", "former", "letters", "log"),
    ]
    readonly_fields = [
        *("to", "record", "why", "state", "reports", "look", "standing", "former", "letters"),
        "log",
    ]

    class Media:
        css = {"all": ["css/admin-replies.css"]}

    def get_urls(self) -> list[URLPattern]:
        return [*deciding.urls(self), *answers.urls(self), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        waiting = Case(When(status=Comment.Status.HELD, then=Value(0)), default=Value(1))
        return (
            Comment.objects.select_related(
                "article", "parent", "written_by", "second_look__refused_by"
            )
            .prefetch_related("findings")
            .annotate(decided=waiting)
            .order_by("decided", "-submitted_at", "-pk")
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ReplyList

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The page of one reply, with what may be done about it."""
        context = {
            "may_decide": self.has_moderate_permission(request),
            "may_answer": request.user.has_perm("comments.answer_comment"),
            "most_reason": MAX_REASON,
        }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

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
        record = getattr(comment, "sender_record", None)
        if record is None:
            records = Comment.objects.records([comment.commenter_id])
            record = records.get(comment.commenter_id or 0, NO_RECORD)
        context = {"comment": comment, "record": record.without(comment)}
        return render_to_string("admin/comments/_record.html", context)

    @admin.display(description=_("why held"))
    def why(self, comment: Comment) -> str:
        return render_to_string("admin/comments/_why.html", {"findings": comment.findings.all()})

    @admin.display(description=_("state"), ordering="status")
    def state(self, comment: Comment) -> str:
        context = {"comment": comment, "who_decides": _who_decides(comment)}
        return render_to_string("admin/comments/_state.html", context)

    @admin.display(description=_("readers' reports"))
    def reports(self, comment: Comment) -> str:
        context = {"comment": comment, "reports": comment.reports.open()}
        return render_to_string("admin/comments/queue/_reports.html", context)

    @admin.display(description=_("second look"))
    def look(self, comment: Comment) -> str:
        context = {
            "look": getattr(comment, "second_look", None),
            "who_decides": _who_decides(comment),
        }
        return render_to_string("admin/comments/_look.html", context)

    @admin.display(description=_("former texts"))
    def former(self, comment: Comment) -> str:
        context = {"texts": comment.former_texts.select_related("by")}
        return render_to_string("admin/comments/_former.html", context)

    @admin.display(description=_("decisions"))
    def log(self, comment: Comment) -> str:
        context = {"decisions": comment.decisions.with_reasons()}
        return render_to_string("admin/comments/_log.html", context)

    @admin.action(description=_("Approve"), permissions=["moderate"])
    def approve(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        deciding.decide(request, comments, Comment.approve)

    @admin.action(description=_("Reject"), permissions=["moderate"])
    def reject(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        deciding.decide(request, comments, Comment.reject)

    @admin.action(description=_("Mark as spam"), permissions=["moderate"])
    def mark_spam(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        deciding.decide(request, comments, Comment.mark_spam)

    @admin.action(description=_("Put back into the queue"), permissions=["moderate"])
    def restore(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        deciding.decide(request, comments, Comment.restore)

    @admin.action(description=_("Pick: show it first"), permissions=["moderate"])
    def feature(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        deciding.pick(request, comments, Comment.feature)

    @admin.action(description=_("Pick no more"), permissions=["moderate"])
    def unfeature(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        deciding.pick(request, comments, Comment.unfeature)


def _waiting_look(comment: Comment) -> Any:
    look = getattr(comment, "second_look", None)
    return look if look and look.is_waiting and comment.is_refused else None


def _who_decides(comment: Comment) -> str:
    """Of a reply whose second look is waited for; empty for others."""
    look = _waiting_look(comment)
    if look is None:
        return ""
    active = getattr(comment, "active_moderators", None)
    if active is None:
        active = {user.pk for user in active_moderators()}
    return str(look.who_decides(active))
