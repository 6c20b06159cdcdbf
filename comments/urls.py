from django.urls import path

from comments import views
from comments.feeds import PieceReplies

app_name = "comments"

urlpatterns = [
    path("articles/<slug:slug>/comments/", views.create, name="create"),
    path("articles/<slug:slug>/comments.atom", PieceReplies(), name="feed"),
    path("comments/<int:number>/", views.permalink, name="permalink"),
    path("comments/status/<str:token>/", views.status, name="status"),
]
