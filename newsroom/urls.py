from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path

from articles.pictures import media
from newsroom.health import healthz, readyz
from newsroom.staff import ResetForm
from newsroom.well_known import favicon, robots, security

HEAD = {"site_title": admin.site.site_title, "site_header": admin.site.site_header}

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("favicon.ico", favicon, name="favicon"),
    path("robots.txt", robots, name="robots"),
    path(".well-known/security.txt", security, name="security_txt"),
    path("media/<str:name>", media, name="media"),
    path(
        "admin/password_reset/",
        auth_views.PasswordResetView.as_view(form_class=ResetForm, extra_context=HEAD),
        name="admin_password_reset",
    ),
    path(
        "admin/password_reset/done/",
        auth_views.PasswordResetDoneView.as_view(extra_context=HEAD),
        name="password_reset_done",
    ),
    path(
        "admin/password/<uidb64>/<token>/",
        auth_views.PasswordResetConfirmView.as_view(extra_context=HEAD),
        name="password_reset_confirm",
    ),
    path(
        "admin/password/done/",
        auth_views.PasswordResetCompleteView.as_view(extra_context=HEAD),
        name="password_reset_complete",
    ),
    path("admin/", admin.site.urls),
    path("", include("comments.urls")),
    path("", include("articles.urls")),
]
