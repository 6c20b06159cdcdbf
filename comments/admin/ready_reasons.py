"""Ready reasons for turning a reply down: their words in each language, and the keys they have."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.models import CannedReason, CannedReasonText
from comments.models.canned_reason import NO_KEY, SHIPPED
from newsroom.language import speaking


class ReasonForm(forms.ModelForm):
    key = forms.TypedChoiceField(
        label=gettext_lazy("Key"),
        coerce=int,
        choices=[
            (NO_KEY, gettext_lazy("none")),
            *((number, str(number)) for number in range(1, 10)),
        ],
        help_text=gettext_lazy(
            "The digit that chooses it after “r” in the queue. A reason that has this key now gets "
            "the one that this has."
        ),
    )

    class Meta:
        model = CannedReason
        fields = ["is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = self.instance.position


class TextFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        if any(self.errors) or self.instance.code:
            return
        left = [form for form in self.forms if form.cleaned_data.get("text")]
        if not [form for form in left if not form.cleaned_data.get("DELETE")]:
            raise forms.ValidationError(_("A reason needs words in at least one language."))


class TextInline(admin.StackedInline):
    """As whoever may change the reason."""

    model = CannedReasonText
    verbose_name = gettext_lazy("text")
    verbose_name_plural = gettext_lazy("In the newsroom's own words")
    formset = TextFormSet
    fields = ["language", "text"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("comments.view_cannedreason")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("comments.change_cannedreason")

    has_change_permission = has_delete_permission = has_add_permission

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return len(_missing(obj)) or 1

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "text":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2, "cols": 60})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(CannedReason)
class CannedReasonAdmin(admin.ModelAdmin):
    """What moderators choose from when they turn a reply down. None can be deleted."""

    form = ReasonForm
    fields = ["key", "is_active", "shipped"]
    readonly_fields = ["shipped"]
    inlines = [TextInline]
    list_display = ["words", "digit", "languages", "is_active"]
    list_display_links = ["words"]
    ordering = ["-is_active", "position", "pk"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[CannedReason]:
        found: QuerySet[CannedReason] = super().get_queryset(request).prefetch_related("texts")
        return found

    def get_fields(self, request: HttpRequest, obj: CannedReason | None = None) -> Any:
        fields = [*super().get_fields(request, obj)]
        if obj is None or not obj.code:
            fields.remove("shipped")
        if not self.has_change_permission(request, obj) and obj:
            fields[0] = "digit"
        return fields

    def get_readonly_fields(self, request: HttpRequest, obj: CannedReason | None = None) -> Any:
        return ["shipped", "digit"]

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> Any:
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        return kwargs | {"initial": [{"language": tag} for tag in _missing(obj)]}

    def save_model(
        self, request: HttpRequest, obj: CannedReason, form: forms.ModelForm, change: bool
    ) -> None:
        if obj.is_active:
            obj.offer(position=form.cleaned_data["key"])
        else:
            obj.withdraw()

    @admin.display(description=gettext_lazy("reason"))
    def words(self, reason: CannedReason) -> str:
        return str(reason)

    @admin.display(description=gettext_lazy("key"))
    def digit(self, reason: CannedReason) -> str:
        return reason.key or "–"

    @admin.display(description=gettext_lazy("own words in"))
    def languages(self, reason: CannedReason) -> str:
        own = ", ".join(each.language for each in reason.texts.all())
        return own or (_("those of the program") if reason.code else "–")

    @admin.display(description=gettext_lazy("the program says"))
    def shipped(self, reason: CannedReason) -> str:
        said = []
        for tag, name in settings.LANGUAGES:
            with speaking(tag):
                said.append((tag, name, str(SHIPPED.get(reason.code, ""))))
        return render_to_string("admin/comments/_shipped_reason.html", {"said": said})


def _missing(reason: CannedReason | None) -> list[str]:
    """The languages of the interface that the newsroom has no words of its own for."""
    own = reason.texts.all() if reason and reason.pk else []
    there = {each.language.partition("-")[0] for each in own}
    tags = (tag.partition("-")[0] for tag, _name in settings.LANGUAGES)
    return [tag for tag in dict.fromkeys(tags) if tag not in there]
