"""Who may do what, exactly as the data migrations of the apps leave it."""

import pytest
from django.contrib.auth.models import Group, Permission

from newsroom.tests.factories import make_staff, make_superuser

pytestmark = pytest.mark.django_db

KEEP = "add change view"

PERMISSIONS = {
    "Reporters": {
        "articles.article": KEEP,
        "articles.byline": f"{KEEP} delete",
        "articles.author": "view",
        "articles.section": "view",
        "articles.source": "view",
        "articles.topic": "add view",
        "articles.statechange": "view",
        "articles.revision": "view",
        "articles.correction": "view",
        "articles.image": KEEP,
        "articles.wireitem": "view take",
    },
    "Editors": {
        "articles.article": f"{KEEP} publish",
        "articles.byline": f"{KEEP} delete",
        "articles.author": KEEP,
        "articles.section": KEEP,
        "articles.source": KEEP,
        "articles.topic": KEEP,
        "articles.standingpage": KEEP,
        "articles.statechange": "view",
        "articles.revision": "view",
        "articles.correction": "view",
        "articles.formerslug": "view",
        "articles.frontplace": f"{KEEP} delete",
        "articles.image": f"{KEEP} withdraw",
        "articles.wireitem": "view take",
        "articles.wirestream": KEEP,
        "articles.mediatopic": "view change",
        "articles.movereport": "view",
        "newsroom.sitesettings": "change view",
        "newsroom.menuitem": f"{KEEP} delete",
        "comments.comment": "answer",
    },
    "Moderators": {
        "comments.comment": "moderate view answer",
        "comments.finding": "view",
        "comments.decision": "view",
        "comments.letter": "view",
        "comments.policy": "view change",
        "comments.policychange": "view",
        "comments.standing": "view",
        "comments.cannedreason": "view",
    },
}
PERMISSIONS["Chief moderators"] = PERMISSIONS["Moderators"] | {
    "comments.comment": f"{PERMISSIONS['Moderators']['comments.comment']} find_sender",
    "comments.cannedreason": "view add change",
}


def test_there_are_four_groups():
    assert set(Group.objects.values_list("name", flat=True)) == PERMISSIONS.keys()


@pytest.mark.parametrize("name", PERMISSIONS)
def test_a_group_has_the_permissions_its_work_needs_and_no_other(name):
    granted = {
        f"{app}.{codename}"
        for app, codename in Group.objects.get(name=name).permissions.values_list(
            "content_type__app_label", "codename"
        )
    }
    expected = {
        f"{app}.{action}_{name}"
        for model, actions in PERMISSIONS[name].items()
        for app, name in [model.split(".")]
        for action in actions.split()
    }
    assert granted == expected


def test_permissions_made_by_a_migration_have_the_names_that_django_gives():
    """Django makes those that are missing after all migrations, and then finds these."""
    for permission in Permission.objects.filter(group__isnull=False).distinct():
        action = permission.codename.partition("_")[0]
        model = permission.content_type.model_class()
        assert model
        own = dict(model._meta.permissions).get(permission.codename)
        assert permission.name == (own or f"Can {action} {model._meta.verbose_name_raw}")


NOBODY, EVERYBODY = (), ("Reporters", "Editors", "Moderators", "Chief moderators")
MODERATORS = ("Moderators", "Chief moderators")
DESK = ("Reporters", "Editors")

OPEN_TO = {
    "/admin/": EVERYBODY,
    "/admin/articles/article/": DESK,
    "/admin/articles/article/add/": DESK,
    "/admin/articles/author/": DESK,
    "/admin/articles/author/add/": ("Editors",),
    "/admin/articles/frontplace/": ("Editors",),
    "/admin/articles/section/": DESK,
    "/admin/articles/section/add/": ("Editors",),
    "/admin/articles/source/": DESK,
    "/admin/articles/source/add/": ("Editors",),
    "/admin/articles/topic/add/": DESK,
    "/admin/articles/image/": DESK,
    "/admin/articles/image/add/": DESK,
    "/admin/articles/image/library.json": DESK,
    "/admin/articles/standingpage/": ("Editors",),
    "/admin/articles/standingpage/add/": ("Editors",),
    "/admin/newsroom/sitesettings/1/change/": ("Editors",),
    "/admin/newsroom/sitesettings/add/": NOBODY,
    "/admin/comments/comment/": MODERATORS,
    "/admin/comments/comment/add/": NOBODY,
    "/admin/comments/cannedreason/": MODERATORS,
    "/admin/comments/cannedreason/add/": ("Chief moderators",),
    "/admin/comments/decision/add/": NOBODY,
    "/admin/comments/log/": MODERATORS,
    "/admin/comments/log/decisions.csv": MODERATORS,
    "/admin/comments/lists/": MODERATORS,
    "/admin/comments/lists/banned_words/": MODERATORS,
    "/admin/comments/senders/": MODERATORS,
    "/admin/comments/letter/": MODERATORS,
    "/admin/comments/letter/add/": NOBODY,
    "/admin/comments/mail/": NOBODY,
    "/admin/comments/policy/1/change/": MODERATORS,
    "/admin/comments/policy/add/": NOBODY,
    "/admin/comments/policychange/": MODERATORS,
    "/admin/comments/policychange/add/": NOBODY,
    "/admin/comments/standing/add/": NOBODY,
    "/admin/auth/user/": NOBODY,
    "/admin/auth/user/add/": NOBODY,
    "/admin/auth/group/": NOBODY,
    "/admin/django_tasks_database/dbtaskresult/": NOBODY,
}


@pytest.mark.parametrize("name", EVERYBODY)
def test_a_group_reaches_the_pages_of_its_work_and_no_other(client, name):
    client.force_login(make_superuser())
    client.get("/admin/newsroom/sitesettings/")  # makes the row
    client.get("/admin/comments/policy/")
    client.force_login(make_staff(name))
    answers = {path: client.get(path).status_code for path in OPEN_TO}
    assert answers == {path: 200 if name in groups else 403 for path, groups in OPEN_TO.items()}


@pytest.mark.parametrize("name", EVERYBODY)
def test_a_page_that_is_closed_takes_nothing_either(client, name):
    client.force_login(make_staff(name))
    closed = [path for path, groups in OPEN_TO.items() if name not in groups]
    answers = {path: client.post(path, {"name": "x"}).status_code for path in closed}
    assert answers == dict.fromkeys(closed, 403)


def test_a_reader_is_asked_to_log_in_everywhere(client):
    for path in OPEN_TO:
        response = client.get(path)
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")
