from typing import Any

from django.core.management.base import BaseCommand

from newsroom.page_store.store import store


class Command(BaseCommand):
    help = (
        "Has every page drawn anew. Needed when the database was changed otherwise than by the "
        "newsroom: by hand, or from a backup."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        store().generations.forget_all()
        self.stdout.write("All pages will be drawn anew.")
