"""Staff groups and what they may do, for the data migrations of the apps."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps.registry import Apps

ACTIONS = {
    "add": "Can add {}",
    "change": "Can change {}",
    "delete": "Can delete {}",
    "view": "Can view {}",
}


def grant(apps: Apps, group: str, app_label: str, permissions: Mapping[str, Iterable[str]]) -> None:
    """Give `group`, made if new, permissions as {model: actions}.

    An action is one of ACTIONS or a permission of the model's own ("publish"). Django makes
    permissions only after all migrations, so those that are missing are made here.
    """
    content_types: Any = apps.get_model("contenttypes", "ContentType").objects
    all_permissions: Any = apps.get_model("auth", "Permission").objects
    members: Any = apps.get_model("auth", "Group").objects
    the_group, _ = members.get_or_create(name=group)
    for model, actions in permissions.items():
        content_type, _ = content_types.get_or_create(app_label=app_label, model=model)
        options = apps.get_model(app_label, model)._meta
        own_names = {codename: str(name) for codename, name in options.permissions}
        for action in actions:
            codename = f"{action}_{model}"
            name = own_names.get(codename) or ACTIONS[action].format(options.verbose_name)
            permission, _ = all_permissions.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": name}
            )
            the_group.permissions.add(permission)
