from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _
from django_tasks_db.apps import TasksAppConfig


class NewsroomConfig(AppConfig):
    default = True
    name = "newsroom"
    verbose_name = _("Site")

    def ready(self) -> None:
        from newsroom import checks  # noqa: F401, PLC0415 - registers them


class TasksConfig(TasksAppConfig):
    default = False
    verbose_name = _("Tasks")  # type: ignore[assignment]


class AdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "newsroom.admin_site.NewsroomAdminSite"
