from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from articles.admin.advice import give_advice
from articles.admin.body import BodyWidget
from articles.body_html import BodyField
from articles.models import StandingPage


@admin.register(StandingPage)
class StandingPageAdmin(admin.ModelAdmin):
    list_display = ["title", "slug", "position", "updated_at"]
    list_editable = ["position"]
    prepopulated_fields = {"slug": ["title"]}
    formfield_overrides = {BodyField: {"widget": BodyWidget}}

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        give_advice(request, form.instance)
