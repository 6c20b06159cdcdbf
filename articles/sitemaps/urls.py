from django.urls import path

from articles.sitemaps.lists import lists
from articles.sitemaps.news import news, news_page
from articles.sitemaps.pieces import all_sitemaps, pieces

urlpatterns = [
    path("sitemap.xml", all_sitemaps, name="sitemap"),
    path("sitemap-pieces-<int:number>.xml", pieces, name="sitemap_pieces"),
    path("sitemap-lists.xml", lists, name="sitemap_lists"),
    path("sitemap-news.xml", news, name="sitemap_news"),
    path("sitemap-news-<int:number>.xml", news_page, name="sitemap_news_page"),
]
