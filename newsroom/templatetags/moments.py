"""Filters for all dates, times and larger numbers in templates: see newsroom/moments.py.

{{ article.published_at|day }}                         <time datetime="…">23 November 2026</time>
{{ article.published_at|moment }}                      <time …>23 November 2026, 09:05</time>
{{ article.published_at|moment_with_zone }}            <time …>23 November 2026, 09:05 GMT</time>
{% blocktranslate with when=copy.typed_at|moment %}Typed {{ when }}.{% endblocktranslate %}
aria-label="… {{ link.made_at|moment_text }}"          the text alone
{{ count|grouped }}                                    12,345
"""

from datetime import date, datetime

from django import template

from newsroom import moments

register = template.Library()
register.filter("month_text", moments.month_text)
register.filter("time_text", moments.time_text)
register.filter("grouped", moments.grouped)


@register.filter
def day(value: datetime | date | None) -> str:
    return moments.day(value)


@register.filter
def short_day(value: datetime | date | None) -> str:
    return moments.day(value, short=True)


@register.filter
def moment(value: datetime | None) -> str:
    return moments.moment(value)


@register.filter
def short_moment(value: datetime | None) -> str:
    return moments.moment(value, short=True)


@register.filter
def moment_with_zone(value: datetime | None) -> str:
    return moments.moment(value, with_zone=True)


@register.filter
def moment_text(value: datetime | None) -> str:
    return moments.moment_text(value)
