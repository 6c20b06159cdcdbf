import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Self, Unpack

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments import email_privacy
from comments.models.standing import Given, Standing
from comments.seen import unseen
from newsroom.inserting import inserted_if_new

DATA_MAILS = timedelta(days=1)  # between two mails with a link to one sender's data
# Later than a reply can be taken back: with its only one a sender is forgotten, and when the last
# mail was sent. Whoever types an address again and again could have it written to each time.
STAYS_AFTER = timedelta(minutes=6)


class CommenterQuerySet(models.QuerySet["Commenter"]):
    ADDRESS_KEPT = timedelta(days=3 * 365)  # after the sender's last reply

    def known_by(self, fingerprints: Collection[str]) -> Self:
        """The sender of an address, of which these are all fingerprints: one for each key.

        While keys are rotated, two rows may be of one address: the one of the newest key first.
        """
        newest = models.Case(
            *(
                models.When(fingerprint=each, then=models.Value(place))
                for place, each in enumerate(fingerprints)
            ),
            default=models.Value(0),
        )
        return self.filter(fingerprint__in=fingerprints).order_by(newest)

    def locked(
        self, *, fingerprints: Collection[str], sealed_address: bytes
    ) -> tuple["Commenter", bool]:
        """The sender with one of these fingerprints, made with the first if new, locked until
        the transaction ends; and whether it was made just now.

        The lock puts what one sender does at the same time into an order, and lets those pass who
        only refer to the sender, with a mail for example. Must run within `transaction.atomic()`.
        """
        from comments.moderation import questions  # noqa: PLC0415 - it imports this

        names = questions.named(fingerprints)
        while not (sender := questions.sender(len(names)).first(**names)):
            # Somebody may make it, or erase it, meanwhile.
            new = self.model(fingerprint=next(iter(fingerprints)), sealed_address=sealed_address)
            if inserted_if_new(new):
                return new, True
        return sender, False

    def due_for_erasure(self) -> Self:
        """Whose last reply is older than ADDRESS_KEPT, and who has none left."""
        replies = self.model._meta.get_field("comments").related_model._default_manager.filter(
            commenter=models.OuterRef("pk")
        )
        recent = replies.filter(submitted_at__gt=timezone.now() - self.ADDRESS_KEPT)
        has_an_address = models.Q(fingerprint__isnull=False)
        return self.filter(has_an_address | ~models.Exists(replies)).exclude(models.Exists(recent))


class Commenter(models.Model):
    """Everyone who replied from one address. The address itself cannot be read from here.

    Nothing outside `email_privacy` and this model may touch the two fields made from it. Both
    are empty once the sender is forgotten: the replies stay together, and lead to nobody.
    """

    fingerprint = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001
    sealed_address = models.BinaryField(editable=False)
    first_seen = models.DateTimeField(_("first seen"), default=timezone.now, editable=False)
    # What stands for the sender in the mailed link to their data, and when that was last mailed.
    data_handle = models.CharField(max_length=32, null=True, unique=True, editable=False)  # noqa: DJ001
    data_mailed_at = models.DateTimeField(null=True, editable=False)
    # Since then mail comes back, and since then the holder of the address wants none.
    bounced_at = models.DateTimeField(null=True, editable=False)
    mail_ended_at = models.DateTimeField(null=True, editable=False)

    objects = CommenterQuerySet.as_manager()

    class Meta:
        verbose_name = _("sender")
        verbose_name_plural = _("senders")

    def __str__(self) -> str:
        return _("Sender %(number)s") % {"number": self.pk}

    def block(self, *, by: User, **given: Unpack[Given]) -> Standing:
        """Reject what comes from this sender, until then or for good."""
        return Standing.objects.give(self, Standing.Kind.BLOCKED, by=by, **given)

    def trust(self, *, by: User, **given: Unpack[Given]) -> Standing:
        """Hold nothing of this sender as a newcomer's, until then or for good. It counts only
        with the proof that it is the same sender."""
        return Standing.objects.give(self, Standing.Kind.TRUSTED, by=by, **given)

    @property
    def takes_mail(self) -> bool:
        wants_none = self.bounced_at or self.mail_ended_at
        return self.fingerprint is not None and not wants_none

    def bounce(self) -> None:
        """Mail to the address came back for good: no more is sent."""
        self.bounced_at = self.bounced_at or timezone.now()
        Commenter.objects.filter(pk=self.pk).update(bounced_at=self.bounced_at)

    def end_mail(self) -> None:
        """The holder of the address wants no mail, whatever it is about."""
        self.mail_ended_at = self.mail_ended_at or timezone.now()
        self.save(update_fields=["mail_ended_at"])

    def allow_mail(self) -> None:
        """The holder of the address takes mail, also where an earlier one came back."""
        self.bounced_at = self.mail_ended_at = None
        self.save(update_fields=["bounced_at", "mail_ended_at"])

    def lift(self, *, by: User) -> bool:
        """A sender like others again; False where it was so."""
        return Standing.objects.lift(self, by=by)

    def erase(self, *, rule: str) -> int:
        """Erase all replies, and the sender with them; how many replies that were.

        A block stays, as a bare fingerprint with its end.
        """
        # Each in a transaction of its own: others who write are not kept waiting for all.
        erased = sum(comment.erase(rule=rule) for comment in self.comments.order_by("pk"))
        with transaction.atomic():
            Commenter.objects.select_for_update(no_key=True).filter(pk=self.pk).first()
            self.go_if_empty()
        return erased

    def go_if_empty(self) -> bool:
        """With the last reply all else of a sender goes. Runs in a transaction, with the lock."""
        if self.comments.exists() or not Commenter.objects.filter(pk=self.pk).exists():
            return False
        self._leave_standings()
        self._leave_reports()
        Commenter.objects.filter(pk=self.pk).delete()
        return True

    def forget(self) -> None:
        """Keep the replies, and nothing that leads to who wrote them."""
        with transaction.atomic():
            Commenter.objects.select_for_update(no_key=True).filter(pk=self.pk).first()
            if self.go_if_empty():
                return
            self._leave_standings()
            self._leave_reports()
            self.subscriptions.all().delete()
            self.mails.all().delete()
            self.fingerprint = self.data_handle = self.data_mailed_at = None
            self.sealed_address = b""
            self.save(
                update_fields=["fingerprint", "sealed_address", "data_handle", "data_mailed_at"]
            )

    def _leave_standings(self) -> None:
        if self.fingerprint:
            Standing.objects.forget(self.fingerprint)
            # One for good must end too, when all else of the sender is gone.
            Standing.objects.filter(fingerprint=self.fingerprint, until__isnull=True).update(
                until=timezone.now() + CommenterQuerySet.ADDRESS_KEPT
            )

    def _leave_reports(self) -> None:
        """That somebody reported a reply is left, without words."""
        self.reports.update(words="", sender=None)

    def hand_out_link(self) -> str | None:
        """What stands for the sender in a new link to their data, which ends earlier ones.

        None within DATA_MAILS after the last one. The sender must be locked.
        """
        now = timezone.now()
        if self.data_mailed_at and now - DATA_MAILS < self.data_mailed_at <= now:
            return None
        self.data_handle, self.data_mailed_at = secrets.token_urlsafe(18), now
        self.save(update_fields=["data_handle", "data_mailed_at"])
        return self.data_handle

    @property
    def stays_from(self) -> datetime:
        """From then on the sender can't go by taking back what was sent."""
        first = self.comments.order_by("submitted_at").first()
        return (first.submitted_at if first else self.first_seen) + STAYS_AFTER

    def take_back_link(self) -> None:
        """The mail with it could not be sent."""
        self.data_handle = self.data_mailed_at = None
        self.save(update_fields=["data_handle", "data_mailed_at"])

    def seal_again(self, address: str) -> None:
        """Under the current keys. `address` is the sender's own."""
        fingerprint = email_privacy.fingerprint(address)
        self.move_to(fingerprint, email_privacy.seal(address, bound_to=fingerprint))

    def move_to(self, fingerprint: str, sealed_address: bytes) -> bool:
        """Be known by this fingerprint of the same address; False for who is gone meanwhile.

        Where another sender was made of that address meanwhile, both become one.
        """
        with transaction.atomic():
            here = Commenter.objects.select_for_update().filter(pk=self.pk)
            if not here.filter(fingerprint=self.fingerprint).exists():
                return False
            other = Commenter.objects.filter(fingerprint=fingerprint).exclude(pk=self.pk).first()
            if other:
                self._absorb(other)
            standings = Standing.objects.filter(fingerprint=self.fingerprint)
            standings.update(fingerprint=fingerprint)
            self.fingerprint, self.sealed_address = fingerprint, sealed_address
            self.save(update_fields=["fingerprint", "sealed_address"])
        return True

    def _absorb(self, other: "Commenter") -> None:
        """`other` was made of the same address by whoever wrote while keys were rotated."""
        with unseen():
            other.comments.update(commenter=self)
        mine = set(self.subscriptions.values_list("article", "kind"))
        for subscription in other.subscriptions.all():
            if (subscription.article_id, subscription.kind) not in mine:
                subscription.sender = self
                subscription.save(update_fields=["sender"])
        reported = self.reports.values_list("comment", flat=True)
        other.reports.exclude(comment__in=list(reported)).update(sender=self)
        # Of two standings the one that was given last stands.
        ended = Standing.objects.filter(fingerprint=self.fingerprint, lifted_at__isnull=True)
        of_other = Standing.objects.filter(fingerprint=other.fingerprint, lifted_at__isnull=True)
        if of_other.exists():
            ended.update(lifted_at=timezone.now())
        Standing.objects.filter(fingerprint=other.fingerprint).update(sender=self)
        other.delete()  # and the mails about these replies that wait for it
