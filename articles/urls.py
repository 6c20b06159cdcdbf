from django.urls import path

from articles import feeds, views

app_name = "articles"

urlpatterns = [
    path("", views.front, name="front"),
    path("articles/<slug:slug>/", views.detail, name="detail"),
    path("sections/<slug:slug>/", views.section, name="section"),
    path("topics/<slug:slug>/", views.topic, name="topic"),
    path("authors/<slug:slug>/", views.author, name="author"),
    path("sources/<slug:slug>/", views.source, name="source"),
    path("feeds/latest.rss", feeds.LatestRss(), name="latest_rss"),
    path("feeds/latest.atom", feeds.LatestAtom(), name="latest_atom"),
    path("<slug:slug>/", views.page, name="page"),
]
