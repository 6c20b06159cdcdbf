"""A site of a few views, which the newsroom's own server answers for: see site.py."""

from newsroom.settings import *  # noqa: F403

ROOT_URLCONF = "tests.gateway.site"
MIDDLEWARE = []
ALLOWED_HOSTS = ["*"]
