"""Moments in the admin: typed in the site's time zone, shown in UTC and in the editor's own too.

`SiteTimeField` is for any form; `SiteTimes` gives it to every moment of a ModelAdmin or an inline.
"""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.utils import from_current_timezone, to_current_timezone
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from js_asset import Script

from newsroom.moments import moment_text

YEARS = range(1600, 3000)  # from the first newspapers on; calendars end where no zone can reach


def spelled(moment: datetime) -> str:
    """The moment in the site's time zone, and in UTC where that is another."""
    text = moment_text(moment, with_zone=True)
    is_utc = timezone.localtime(moment).tzname() == "UTC"
    return text if is_utc else f"{text} ({in_utc(moment)})"


def in_utc(moment: datetime) -> str:
    """With the day, where the site has another at that moment."""
    utc, there = moment.astimezone(UTC), timezone.localtime(moment)
    is_same_day = utc.date() == there.date()
    return date_format(utc, "TIME_FORMAT" if is_same_day else "DATETIME_FORMAT") + " UTC"


class SiteTimeWidget(forms.MultiWidget):
    """A date and a time, the zone they are in, and the moment that this is.

    The third, hidden part is the moment as it was: one that is not changed stays what it is, to
    the microsecond, and in the hour that the clocks go through twice.
    """

    supports_microseconds = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        parts = [
            forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            forms.TimeInput({"type": "time"}, format="%H:%M:%S"),
            forms.HiddenInput(),
        ]
        super().__init__(parts, attrs)

    @property
    def media(self) -> forms.Media:
        return forms.Media(
            css={"all": ["css/admin-times.css"]}, js=[Script("js/admin-times.js", defer=True)]
        )

    def decompress(self, value: datetime | None) -> list[Any]:
        if not value:
            return [None, None, None]
        there = to_current_timezone(value)
        return [there.date(), there.time(), value.isoformat()]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        date, time, kept = context["widget"]["subwidgets"]
        zone_id = f"{attrs['id']}_zone" if attrs and attrs.get("id") else ""
        for part in (date, time) if zone_id else ():
            part["attrs"]["aria-describedby"] = zone_id
        if time["value"] and not str(time["value"]).endswith(":00"):
            time["attrs"]["step"] = 1  # else browsers call its seconds wrong
        moment = _moment_of(kept["value"]) if not isinstance(value, list) else None
        return context | {
            "zone": timezone.get_current_timezone_name(),
            "zone_id": zone_id,
            "moment": moment,
            "in_utc": in_utc(moment) if moment else "",
        }

    def _render(self, template_name: str, context: Any, renderer: Any = None) -> Any:
        """From the project's own templates, which form renderers don't search."""
        date, time, kept = context["widget"]["subwidgets"]
        drawn = {
            name: super(SiteTimeWidget, self)._render(  # type: ignore[misc]  # a stub lacks it
                part["template_name"], {"widget": part}, renderer
            )
            for name, part in (("date", date), ("time", time), ("kept", kept))
        }
        return render_to_string("admin/articles/_site_time.html", context | {"drawn": drawn})

    def id_for_label(self, id_: str) -> str:
        return id_


class SiteTimeField(forms.MultiValueField):
    """A moment, typed as date and time in the site's time zone."""

    widget = SiteTimeWidget
    default_error_messages = {"incomplete": gettext_lazy("Enter both a date and a time.")}

    def __init__(self, **options: Any) -> None:
        parts = (
            forms.DateField(error_messages={"invalid": gettext_lazy("Enter a valid date.")}),
            forms.TimeField(error_messages={"invalid": gettext_lazy("Enter a valid time.")}),
            forms.CharField(required=False),
        )
        super().__init__(parts, require_all_fields=False, **options)

    def clean(self, value: Any) -> datetime | None:
        date, time, kept = [*(value or []), None, None, None][:3]
        was = _moment_of(kept)
        if was and self._is_as_drawn(was, date, time):
            return was
        typed: datetime | None = super().clean([date, time])
        return typed

    def _is_as_drawn(self, was: datetime, date: Any, time: Any) -> bool:
        """Whether date and time are what the widget draws for the moment there `was`."""
        there = to_current_timezone(was).replace(microsecond=0)
        try:
            typed = (self.fields[0].clean(date), self.fields[1].clean(time))
        except ValidationError:
            return False
        return typed == (there.date(), there.time())

    def compress(self, parts: list[Any]) -> datetime | None:
        if not parts:
            return None
        if parts[0].year not in YEARS:
            raise ValidationError(
                _("Enter a year from %(first)d to %(last)d.")
                % {"first": YEARS.start, "last": YEARS[-1]},
                code="invalid",
            )
        typed = datetime.combine(parts[0], parts[1])
        try:
            moment: datetime = from_current_timezone(typed)
        except ValidationError:
            raise ValidationError(_why_not(typed), code="ambiguous_timezone") from None
        return moment

    def has_changed(self, initial: Any, data: Any) -> bool:
        if self.disabled:
            return False
        try:
            return bool(self.clean(data) != initial)
        except ValidationError:
            return True


class SiteTimes:
    """For a ModelAdmin or an inline: all its moments are typed so."""

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        if isinstance(db_field, models.DateTimeField):
            return db_field.formfield(form_class=SiteTimeField, widget=SiteTimeWidget)
        return super().formfield_for_dbfield(db_field, request, **options)  # type: ignore[misc]


def _moment_of(kept: Any) -> datetime | None:
    """The moment that the hidden part holds; None for what a form of ours does not send."""
    try:
        moment = datetime.fromisoformat(kept) if kept else None
    except (TypeError, ValueError):
        return None
    return moment if moment and moment.tzinfo else None


def _why_not(typed: datetime) -> str:
    """What is wrong with a time that the clocks of the site skip, or go through twice."""
    zone = timezone.get_current_timezone()
    first, second = (typed.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    assert first is not None and second is not None
    facts = {"time": f"{typed:%H:%M}", "zone": timezone.get_current_timezone_name()}
    if first > second:
        return (
            _(
                "%(time)s comes twice on this day in %(zone)s, where the clocks go back. Choose a "
                "time before or after that hour."
            )
            % facts
        )
    return _("There is no %(time)s on this day in %(zone)s, where the clocks go forward.") % facts
