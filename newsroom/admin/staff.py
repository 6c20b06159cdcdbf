"""Staff in the admin: invited by mail, and their addresses written, never read back."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from newsroom.staff import invite


def without_address(username: str) -> str:
    """User names stand in logs and beside decisions, so none may be an email address."""
    if "@" in username:
        raise ValidationError(_("Choose a name without @: it is shown to others."))
    return username


class InvitationForm(forms.ModelForm):
    """A new member of staff chooses the password, from a link in the mail."""

    class Meta:
        model = User
        fields = ["username", "email", "first_name", "last_name", "groups", "is_superuser"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True
        self.fields["email"].help_text = _("Gets the invitation. Never shown again.")

    def clean_username(self) -> str:
        return without_address(self.cleaned_data["username"])

    def save(self, commit: bool = True) -> User:
        self.instance.is_staff = True
        self.instance.set_unusable_password()
        user: User = super().save(commit)
        return user


class StaffForm(UserChangeForm):
    """Django's form with a field for a new address in place of the one on file."""

    new_email = forms.EmailField(
        label=_("new email address"),
        required=False,
        help_text=_("Leave empty to keep the one on file, which is never shown."),
    )

    class Meta(UserChangeForm.Meta):
        fields = (  # type: ignore[assignment]
            *("username", "password", "first_name", "last_name"),
            *("is_active", "is_staff", "is_superuser", "groups"),
        )

    def clean_username(self) -> str:
        return without_address(self.cleaned_data["username"])

    def save(self, commit: bool = True) -> User:
        if self.cleaned_data["new_email"]:
            self.instance.email = self.cleaned_data["new_email"]
        user: User = super().save(commit)
        return user


admin.site.unregister(User)


@admin.register(User)
class StaffAdmin(UserAdmin):
    form = StaffForm
    add_form = InvitationForm
    add_form_template = None
    list_display = ["username", "first_name", "last_name", "is_active", "last_login"]
    list_filter = ["is_active", "is_superuser", "groups"]
    search_fields = ["username", "first_name", "last_name"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "new_email"]}),
        (_("May"), {"fields": ["is_active", "is_staff", "groups", "is_superuser"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": [
                    "username",
                    "email",
                    ("first_name", "last_name"),
                    "groups",
                    "is_superuser",
                ],
                "description": _("An invitation with a link to choose a password is mailed."),
            },
        )
    ]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """No ?email__startswith=…, by which an address could be guessed letter by letter."""
        is_email = lookup.partition("__")[0] == "email"
        return not is_email and super().lookup_allowed(lookup, value, request)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            invite(obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """People who left are made inactive: their decisions stay on record under their name."""
        return False
