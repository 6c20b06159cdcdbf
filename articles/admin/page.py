from django.contrib import admin

from articles.admin.body import BodyWidget
from articles.body_html import BodyField
from articles.models import StandingPage


@admin.register(StandingPage)
class StandingPageAdmin(admin.ModelAdmin):
    list_display = ["title", "slug", "position", "updated_at"]
    list_editable = ["position"]
    prepopulated_fields = {"slug": ["title"]}
    formfield_overrides = {BodyField: {"widget": BodyWidget}}
