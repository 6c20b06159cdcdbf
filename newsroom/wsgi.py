import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

django = get_wsgi_application()

from newsroom.page_store.wrapper import PageStore  # noqa: E402 - reads the settings

application = PageStore(django)
