"""Staff, with everything left out filled in."""

from itertools import count
from typing import Any

from django.contrib.auth.models import Group, User

_number = count(1)


def make_staff(group: str = "Editors", **fields: Any) -> User:
    username = fields.pop("username", f"{group.lower()}-{next(_number)}")
    user = User.objects.create_user(username, password="pw", is_staff=True, **fields)
    user.groups.add(Group.objects.get(name=group))
    return user


def make_superuser(**fields: Any) -> User:
    fields.setdefault("username", f"superuser-{next(_number)}")
    return User.objects.create_superuser(password="pw", **fields)
