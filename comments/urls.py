from django.urls import path

from comments import moderation_page, report_pages, status_pages, views
from comments.desk_mail import pages as desk_mail
from comments.feeds import Picks, PiecePicks, PieceReplies
from comments.notices import pages as notices
from comments.preview import preview
from comments.rights import views as rights
from newsroom.page_store import stored

app_name = "comments"

urlpatterns = [
    path("articles/<slug:slug>/comments/", views.create, name="create"),
    path("articles/<slug:slug>/comments/preview/", preview, name="preview"),
    path("articles/<slug:slug>/comments/<str:number>/", views.page, name="page"),
    path("articles/<slug:slug>/comments/numbered/<int:number>/", views.numbered, name="numbered"),
    path("articles/<slug:slug>/comments.atom", stored()(PieceReplies()), name="feed"),
    path("articles/<slug:slug>/picks.atom", stored()(PiecePicks()), name="picks_feed"),
    path("comments/picks.atom", stored()(Picks()), name="site_picks_feed"),
    path("comments/<int:number>/", views.permalink, name="permalink"),
    path("comments/<int:number>/report/", report_pages.report, name="report"),
    path("comments/reports/<str:token>/", report_pages.status, name="report_status"),
    path("comments/<int:first>/thread/", views.thread, name="thread"),
    path("comments/<int:first>/thread/<str:number>/", views.thread, name="thread_page"),
    path("comments/challenge/", views.challenge, name="challenge"),
    path("comments/your-data/", rights.ask, name="ask_for_data"),
    path("comments/your-data/asked/", rights.asked, name="data_asked"),
    path("comments/your-data/erased/", rights.erased, name="data_erased"),
    path("comments/your-data/<str:token>/", rights.data, name="data"),
    path("comments/your-data/<str:token>/your-data.json", rights.download, name="data_download"),
    path("comments/your-data/<str:token>/erasing/", rights.erase_all, name="data_erasing"),
    path(
        "comments/your-data/<str:token>/erasing/<int:number>/",
        rights.erase_one,
        name="data_erasing_one",
    ),
    path("comments/status/", status_pages.own, name="own"),
    path("comments/status/<str:token>/", status_pages.status, name="status"),
    path("comments/status/<str:token>/text/", status_pages.text, name="status_text"),
    path(
        "comments/status/<str:token>/taking-back/",
        status_pages.taking_back,
        name="status_taking_back",
    ),
    path(
        "comments/status/<str:token>/second-look/",
        status_pages.second_look,
        name="status_second_look",
    ),
    path("comments/subscriptions/<str:token>/", notices.subscriptions, name="subscriptions"),
    path("comments/letters/<str:token>/", notices.letter, name="letter"),
    path(
        "comments/decisions/<str:token>/<slug:decision>/",
        desk_mail.decide,
        name="mailed_decision",
    ),
    path("about/moderation/", moderation_page.page, name="moderation"),
    path("comments/bounces/<str:secret>/", notices.bounces, name="bounces"),
]
