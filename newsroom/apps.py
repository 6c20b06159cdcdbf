from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _
from django_tasks_db.apps import TasksAppConfig


class NewsroomConfig(AppConfig):
    default = True
    name = "newsroom"
    verbose_name = _("Site")

    def ready(self) -> None:
        from newsroom import cdn, checks  # noqa: F401, PLC0415 - registers them
        from newsroom.page_store import changes, never_shown  # noqa: PLC0415 - ask the apps

        if cdn.note not in changes.before_commit:  # a registry of apps may be made anew
            changes.before_commit.append(cdn.note)
        never_shown("django_session", "django_admin_log", "django_tasks_database_dbtaskresult")
        never_shown("newsroom_cdnpurge", "newsroom_periodicjob", "newsroom_signoflife")


class TasksConfig(TasksAppConfig):
    default = False
    verbose_name = _("Tasks")  # type: ignore[assignment]


class AdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "newsroom.admin_site.NewsroomAdminSite"
