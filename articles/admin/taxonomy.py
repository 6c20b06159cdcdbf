from django.contrib import admin

from articles.admin.times import SiteTimes
from articles.models import Author, Section, Source, Topic


@admin.register(Section)
class SectionAdmin(SiteTimes, admin.ModelAdmin):
    list_display = ["name", "position", "description"]
    list_editable = ["position"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    list_display = ["name", "description"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    list_display = ["name", "url", "credit_line", "indexing"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
