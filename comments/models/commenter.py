from django.db import models
from django.utils.translation import gettext_lazy as _


class CommenterQuerySet(models.QuerySet["Commenter"]):
    def locked(self, *, fingerprint: str, sealed_address: bytes) -> "Commenter":
        """The sender with this fingerprint, made if new, locked until the transaction ends.

        The lock puts what one sender does at the same time into an order. Must run within
        `transaction.atomic()`.
        """
        self.get_or_create(fingerprint=fingerprint, defaults={"sealed_address": sealed_address})
        return self.select_for_update().get(fingerprint=fingerprint)


class Commenter(models.Model):
    """Everyone who replied from one address. The address itself cannot be read from here.

    Nothing outside `email_privacy` and this model may touch the two fields made from it.
    """

    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    sealed_address = models.BinaryField(editable=False)
    first_seen = models.DateTimeField(_("first seen"), auto_now_add=True)

    objects = CommenterQuerySet.as_manager()

    class Meta:
        verbose_name = _("sender")
        verbose_name_plural = _("senders")

    def __str__(self) -> str:
        return f"Sender {self.pk}"
