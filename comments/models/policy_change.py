from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.append_only import AppendOnly, AppendOnlyQuerySet

if TYPE_CHECKING:
    from comments.models.policy import Policy


class PolicyChangeQuerySet(AppendOnlyQuerySet):
    def between(self, before: "Policy", after: "Policy", *, by: User) -> "list[PolicyChange]":
        """What was changed from the rules `before` to those `after`, not saved yet.

        Of a list of words, the lines that went and those that came.
        """
        changes = []
        for field in before._meta.concrete_fields:
            if not field.editable or field.primary_key:
                continue
            was, now = (str(field.value_from_object(each)) for each in (before, after))
            if isinstance(field, models.TextField):
                was, now = _lines_gone(was, now), _lines_gone(now, was)
            if was != now:
                changes.append(PolicyChange(by=by, field=field.name, before=was, after=now))
        return changes


class PolicyChange(AppendOnly):
    """What somebody changed in the rules for replies, or a rule switched on by itself."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("by"),
    )
    rule = models.CharField(_("rule"), max_length=40, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    field = models.CharField(_("field"), max_length=40)
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"), blank=True)

    objects = PolicyChangeQuerySet.as_manager()  # type: ignore[misc]  # another manager, on purpose

    class Meta:
        base_manager_name = "objects"  # see AppendOnly
        verbose_name = _("change of the rules")
        verbose_name_plural = _("changes of the rules")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(by__isnull=True) ^ models.Q(rule=""),
                name="a_person_or_a_rule_changed_it",
            )
        ]

    def __str__(self) -> str:
        return str(self.label)

    @property
    def label(self) -> Any:
        """The name of the field as the form has it."""
        from comments.models.policy import Policy  # noqa: PLC0415 - it imports this module

        if self.field == "attack_until":
            return _("proof of work, switched on by itself until")
        try:
            field = Policy._meta.get_field(self.field)
        except FieldDoesNotExist:
            return self.field
        assert isinstance(field, models.Field)
        return field.verbose_name

    @property
    def was(self) -> str:
        return self._in_words(self.before)

    @property
    def became(self) -> str:
        return self._in_words(self.after)

    def _in_words(self, value: str) -> str:
        from comments.models.policy import Policy  # noqa: PLC0415 - it imports this module

        try:
            field = Policy._meta.get_field(self.field)
        except FieldDoesNotExist:
            return value
        if isinstance(field, models.TextField):
            return ", ".join(value.splitlines())
        if isinstance(field, models.BooleanField):
            return str(_("yes") if value == "True" else _("no"))
        choices = dict(getattr(field, "flatchoices", ()))
        return str(choices.get(value, value))


def _lines_gone(before: str, after: str) -> str:
    stay = set(after.splitlines())
    return "\n".join(line for line in before.splitlines() if line not in stay)
