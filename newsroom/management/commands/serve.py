import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from newsroom import preparing, serving


class Command(BaseCommand):
    help = "Prepares the state directory and runs the web server and the workers until Ctrl-C."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        processes = serving.Processes()
        serving.refuse_taken_port()
        settings.STATE.prepare()
        with settings.STATE.held():
            banner = serving.apart(preparing.prepare)
            if serving.SHARES_MEMORY:
                preparing.load_program()
            serving.refuse_taken_port()
            try:
                sys.exit(self.run(processes, banner))
            finally:
                processes.stop()

    def run(self, processes: serving.Processes, banner: str) -> int:
        if processes.stopping:
            return 0
        processes.start("web server", serving.web_server)
        processes.wait_until_answering()
        if not processes.stopping:
            private_key = settings.STATE.keys / "address-private.pem"
            processes.start("worker", serving.worker, "default")
            processes.start("mail worker", serving.worker, "mail", private_key=private_key)
            self.stdout.write(banner)
            self.stdout.flush()
        return processes.watch()
