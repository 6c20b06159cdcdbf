from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin import helpers
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from comments.models import Policy, PolicyChange
from comments.moderation import spam_service
from comments.moderation.trial import trial_of
from comments.word_lists import LISTS, lines_of
from newsroom.admin.read_only import ReadOnly
from newsroom.admin.single_row import SingleRow

CHANGES = 10  # that the form shows


class PolicyForm(forms.ModelForm):
    class Meta:
        model = Policy
        fields = [
            *("replies", "hold_first", "hold_after_rejections", "close_after_days"),
            *LISTS,
            *("most_links", "hold_contact_details", "hold_other_language", "hold_shouting"),
            *("sender_pace", "network_pace", "article_pace", "most_posts_a_minute"),
            *("proof_of_work", "attack_pace", "spam_verdict", "spam_service_lets_out"),
            "hide_after_reports",
            "shows_again",
        ]
        widgets = {name: forms.Textarea(attrs={"rows": 6, "cols": 50}) for name in LISTS}

    def clean(self) -> dict[str, Any] | None:
        """The lists with one entry a line, none empty and none twice."""
        data = super().clean() or {}
        for name in LISTS:
            data[name] = "\n".join(lines_of(data.get(name, "")))
        return data


@admin.register(Policy)
class PolicyAdmin(SingleRow):
    """The site's rules for replies: one form, on which they can be tried before they count.

    Moderators may change them. Every change is on record, with who made it.
    """

    form = PolicyForm
    fieldsets = [
        (
            _("What appears at once"),
            {"fields": ["replies", "hold_first", "hold_after_rejections", "close_after_days"]},
        ),
        (
            _("What a reply says"),
            {
                "fields": [
                    "banned_words",
                    "watched_words",
                    "blocked_domains",
                    "reserved_names",
                    "most_links",
                    "hold_contact_details",
                    "hold_other_language",
                    "hold_shouting",
                ]
            },
        ),
        (
            _("How fast replies come"),
            {"fields": ["sender_pace", "network_pace", "article_pace", "most_posts_a_minute"]},
        ),
        (_("Machines"), {"fields": ["proof_of_work", "attack_pace"]}),
        (_("Readers' reports"), {"fields": ["hide_after_reports"]}),
        (_("How the moderators decide"), {"fields": ["shows_again"]}),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Policy | None = None) -> Any:
        fieldsets = [*super().get_fieldsets(request, obj)]
        if spam_service.is_configured():
            service = {"fields": ["spam_verdict", "spam_service_lets_out"]}
            fieldsets.append((_("The spam service"), service))
        return fieldsets

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        context = {"changes": PolicyChange.objects.select_related("by")[:CHANGES]}
        if request.method == "POST" and "_try" in request.POST and object_id == "1":
            return self._try(request, object_id, form_url, context)
        return super().changeform_view(request, object_id, form_url, context)

    def _try(
        self, request: HttpRequest, object_id: str, form_url: str, context: dict[str, Any]
    ) -> HttpResponse:
        """The form as it was sent, with what its rules would have done; nothing is saved."""
        policy = Policy.objects.current()
        if not self.has_change_permission(request, policy):
            raise PermissionDenied
        form = self.get_form(request, policy, change=True)(request.POST, instance=policy)
        if form.is_valid():
            context["trial"] = trial_of(form.instance, Policy.objects.current())
        fieldsets = self.get_fieldsets(request, policy)
        admin_form = helpers.AdminForm(form, list(fieldsets), {}, (), model_admin=self)
        context |= self.admin_site.each_context(request) | {
            "title": _("Trying the rules for replies"),
            "subtitle": None,
            "adminform": admin_form,
            "object_id": object_id,
            "original": policy,
            "is_popup": False,
            "to_field": None,
            "media": self.media + admin_form.media,
            "inline_admin_formsets": [],
            "errors": helpers.AdminErrorList(form, []),
            "preserved_filters": self.get_preserved_filters(request),
        }
        return self.render_change_form(request, context, change=True, obj=policy, form_url=form_url)

    def save_model(
        self, request: HttpRequest, obj: Policy, form: forms.ModelForm, change: bool
    ) -> None:
        obj.adopt(by=cast(User, request.user))


@admin.register(PolicyChange)
class PolicyChangeAdmin(ReadOnly, admin.ModelAdmin):
    """What was changed in the rules, newest first."""

    list_display = ["at", "label", "was", "became", "by", "rule"]
    list_display_links = None
    list_select_related = ["by"]
    list_per_page = 50

    @admin.display(description=_("field"))
    def label(self, change: PolicyChange) -> str:
        return str(change.label)

    @admin.display(description=_("before"))
    def was(self, change: PolicyChange) -> str:
        return shortened(change.was)

    @admin.display(description=_("after"))
    def became(self, change: PolicyChange) -> str:
        return shortened(change.became)


def shortened(text: str) -> str:
    """A list of words can be long."""
    return text if len(text) <= 300 else f"{text[:300]} …"
