from django.urls import include, path, register_converter

from articles import beacon, list_pages, preview_page, search_page, views
from articles.archive import MonthConverter, YearConverter

app_name = "articles"

register_converter(YearConverter, "yyyy")
register_converter(MonthConverter, "mm")

urlpatterns = [
    path("", views.front, name="front"),
    path("articles/<slug:slug>/", views.detail, name="detail"),
    path("articles/<slug:slug>/changes/", views.changes, name="changes"),
    path("articles/<slug:slug>/read/", beacon.read, name="read"),
    path("p/<int:number>/", views.short, name="short"),
    path("sections/<slug:slug>/", list_pages.section, name="section"),
    path("topics/<slug:slug>/", list_pages.topic, name="topic"),
    path("authors/<slug:slug>/", list_pages.author, name="author"),
    path("sources/<slug:slug>/", list_pages.source, name="source"),
    path("archive/", list_pages.archive, name="archive"),
    path("archive/<yyyy:year>/<mm:month>/", list_pages.month, name="month"),
    path("popular/", list_pages.popular, name="popular"),
    path("", include("articles.feeds.urls")),
    path("", include("articles.sitemaps.urls")),
    path("preview/<str:token>/", preview_page.preview, name="preview"),
    path("corrections/", views.corrections, name="corrections"),
    path("search/", search_page.search, name="search"),
    path("search/suggest/", search_page.suggest, name="suggest"),
    path("<slug:slug>/", views.page, name="page"),
]
