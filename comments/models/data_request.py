from datetime import timedelta
from typing import Self

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import email_privacy

MINUTE = timedelta(minutes=1)


class TooManyRequests(Exception):
    """The request was not taken; the message says when another will be."""


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    KEPT = timedelta(days=1)
    FROM_ONE_NETWORK = 10  # a minute: schools and carriers share an address
    UNANSWERED = 500  # so many wait at most, whoever asks

    def unanswered(self) -> Self:
        return self.exclude(sealed_address=b"")

    def due_for_erasure(self) -> Self:
        return self.filter(asked_at__lte=timezone.now() - self.KEPT)

    def take(self, address: str, *, network: str) -> "DataRequest":
        """Keep, sealed, the address that somebody typed, for the mail worker to answer.

        Does the same for every address: whether it is known is the worker's to find out. Raises
        TooManyRequests.
        """
        from comments.tasks import mail_link_to_data  # noqa: PLC0415 - tasks use the models

        sealed_address = email_privacy.seal_on_its_way(address)
        with transaction.atomic():
            now = timezone.now()
            of_network = self.filter(network=network, asked_at__gt=now - MINUTE, asked_at__lte=now)
            if network and of_network.count() >= self.FROM_ONE_NETWORK:
                raise TooManyRequests(_("Too many requests come from here. Try again in a minute."))
            if self.unanswered().count() >= self.UNANSWERED:
                raise TooManyRequests(_("Too many requests are waiting. Try again in an hour."))
            request = self.create(sealed_address=sealed_address, network=network, asked_at=now)
            mail_link_to_data.enqueue(request.pk)
        return request


class DataRequest(models.Model):
    """Somebody typed an address to see what is kept of it. The answer goes there, if anywhere.

    The address is sealed, bound to no fingerprint, and gone as soon as the worker has answered;
    the rest is kept for a day, to count.
    """

    sealed_address = models.BinaryField(editable=False)
    network = models.CharField(max_length=64, blank=True, editable=False)
    asked_at = models.DateTimeField(editable=False)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        indexes = [
            # What a network asked for within a minute: take().
            models.Index(fields=["network", "asked_at"], name="data_request_network"),
            # unanswered()
            models.Index(
                fields=["asked_at"],
                condition=~models.Q(sealed_address=b""),
                name="data_request_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"Request {self.pk}"

    def answered(self) -> None:
        self.sealed_address = b""
        self.save(update_fields=["sealed_address"])
