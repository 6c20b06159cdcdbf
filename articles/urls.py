from django.urls import path

from articles import feeds, preview_page, views

app_name = "articles"

urlpatterns = [
    path("", views.front, name="front"),
    path("articles/<slug:slug>/", views.detail, name="detail"),
    path("articles/<slug:slug>/changes/", views.changes, name="changes"),
    path("sections/<slug:slug>/", views.section, name="section"),
    path("topics/<slug:slug>/", views.topic, name="topic"),
    path("authors/<slug:slug>/", views.author, name="author"),
    path("sources/<slug:slug>/", views.source, name="source"),
    path("feeds/latest.rss", feeds.LatestRss(), name="latest_rss"),
    path("feeds/latest.atom", feeds.LatestAtom(), name="latest_atom"),
    path("preview/<str:token>/", preview_page.preview, name="preview"),
    path("corrections/", views.corrections, name="corrections"),
    path("corrections/feed.atom", feeds.Corrections(), name="corrections_feed"),
    path("<slug:slug>/", views.page, name="page"),
]
