"""A site of another make, to compare with: django-comments-xtd as its documentation sets it up.

It runs in a virtual environment of its own (comments_xtd.py beside this), without ours.
Its pieces are Django's flat pages, its settings and middleware those of `startproject`, on SQLite
set as ours is; the loaders of templates are cached, nobody is logged in. `python xtd_site.py 100
1000` makes a piece for each number of replies, a tenth of them the first ones of their threads.
"""

import os
import random
import sys
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import include, path

STATE = Path(os.environ["XTD_STATE"])
PARAGRAPH = "Nobody at the port would say when the ferry sails again, or who will pay for it. " * 5
TEMPLATE = """{% load comments comments_xtd %}<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ page.title }}</title></head>
<body><main><h1>{{ page.title }}</h1>{{ page.content|linebreaks }}
{% get_comment_count for page as count %}<h2>{{ count }} comments</h2>
{% render_xtdcomment_tree for page %}
{% render_comment_form for page %}</main></body></html>
"""

SETTINGS = {
    "SECRET_KEY": "of a site that is thrown away",
    "ALLOWED_HOSTS": ["127.0.0.1", "localhost"],
    "ROOT_URLCONF": "xtd_site",
    "SITE_ID": 1,
    "COMMENTS_APP": "django_comments_xtd",
    "COMMENTS_XTD_MAX_THREAD_LEVEL": 2,
    "COMMENTS_XTD_CONFIRM_EMAIL": False,
    "USE_TZ": True,
    "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
    "DATABASES": {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": STATE / "db.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL"},
        }
    },
    "INSTALLED_APPS": [
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.sites",
        "django.contrib.flatpages",
        "rest_framework",
        "django_comments_xtd",
        "django_comments",
    ],
    "MIDDLEWARE": [
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.cached.Loader",
                        [
                            ("django.template.loaders.locmem.Loader", {"piece.html": TEMPLATE}),
                            "django.template.loaders.app_directories.Loader",
                        ],
                    )
                ],
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ],
            },
        }
    ],
}
if not settings.configured:  # it is imported once more, for its addresses
    settings.configure(**SETTINGS)
    django.setup()


def model(name: str) -> Any:
    return apps.get_model(name)


def piece(request: HttpRequest, replies: int) -> HttpResponse:
    page = get_object_or_404(model("flatpages.FlatPage"), url=f"/{replies}/")
    return render(request, "piece.html", {"page": page})


urlpatterns = [
    path("<int:replies>/", piece),
    path("comments/", include("django_comments_xtd.urls")),
]


def fill(number: int) -> None:
    from django.contrib.contenttypes.models import ContentType  # noqa: PLC0415
    from django.db import transaction  # noqa: PLC0415

    flat_page = model("flatpages.FlatPage")
    reply = model("django_comments_xtd.XtdComment")
    address, chance = f"/{number}/", random.Random(number)
    if flat_page.objects.filter(url=address).exists():
        return
    with transaction.atomic():
        page = flat_page.objects.create(
            url=address, title=f"{number} replies", content="\n\n".join([PARAGRAPH] * 6)
        )
        firsts: list[int] = []
        for each in range(number):
            made = reply.objects.create(
                content_type=ContentType.objects.get_for_model(flat_page),
                object_pk=str(page.pk),
                site_id=1,
                user_name=f"Reader {each}",
                user_email=f"reader-{each}@example.org",
                comment=PARAGRAPH[: chance.randint(50, 400)],
                parent_id=chance.choice(firsts) if each % 10 else 0,
            )
            if each % 10 == 0:
                firsts.append(made.pk)


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    for argument in sys.argv[1:]:
        fill(int(argument))
else:
    application = get_wsgi_application()
