from typing import Any

from django.core.management.base import BaseCommand

from comments import retention


class Command(BaseCommand):
    help = "Erases what was kept of readers for as long as it is to be: what is done every night."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = dict.fromkeys((rule.name for rule in retention.RULES), 0)
        for name, number in retention.erase_due():
            counts[name] += number
            if self.stdout.isatty():
                self.stdout.write(f"\r{name}: {counts[name]}", ending="\033[K")
        if self.stdout.isatty():
            self.stdout.write("\r", ending="\033[K")
        for name, count in counts.items():
            if count:
                self.stdout.write(f"{name}: {count}")
        self.stdout.write(f"{sum(counts.values())} erased.")
