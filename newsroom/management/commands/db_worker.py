from typing import Any

from django_tasks_db.management.commands import db_worker

from newsroom.periodic import Scheduler


class Command(db_worker.Command):
    """Stands in front of the library's command, so that wherever a worker of the queue `default`
    runs, something enqueues what is due again and again.
    """

    def handle(self, *, queue_name: str, batch: bool, **options: Any) -> None:
        if not batch and {"default", "*"} & set(queue_name.split(",")):
            Scheduler().start()
        super().handle(queue_name=queue_name, batch=batch, **options)
