from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.body_html import BodyField
from articles.importers.wire.document import PubStatus as Status
from articles.importers.wire.document import Signal
from articles.models.article import Article
from articles.models.topic import Topic
from articles.models.wire_stream import WireStream
from newsroom.line_field import LineField


class PubStatus(models.TextChoices):
    """What the agency allows: IPTC's publishing status."""

    USABLE = Status.USABLE.value, _("usable")
    WITHHELD = Status.WITHHELD.value, _("withheld")
    CANCELED = Status.CANCELED.value, _("killed")


class WireItemQuerySet(models.QuerySet["WireItem"]):
    def incoming(self) -> Self:
        """What nobody has decided on yet."""
        return self.filter(state=WireItem.State.NEW)

    def waiting(self) -> Self:
        """What asks for a person: new wires, and taken ones with something new to decide."""
        return self.filter(Q(state=WireItem.State.NEW) | Q(needs_person=True))

    def due_to_be_forgotten(self, before: datetime) -> Self:
        """What came in before then and nobody took."""
        kept = [WireItem.State.TAKEN, WireItem.State.FORGOTTEN]
        return self.filter(received_at__lt=before).exclude(state__in=kept)

    def hold_on(self, article: int) -> str:
        """Why the wire that a piece was made of keeps it from readers; empty where it doesn't."""
        item = self.filter(article=article).only("pub_status", "embargo_is_unclear").first()
        if item is None or item.is_usable:
            return ""
        if item.is_killed:
            return gettext("The agency has killed the wire that this piece was made of.")
        if item.pub_status == PubStatus.WITHHELD:
            return gettext("The agency withholds the wire that this piece was made of.")
        return gettext("The wire speaks of an embargo that a person must decide on first.")

    def for_listing(self) -> Self:
        return self.select_related("stream__source", "article", "newest").defer(
            "newest__original", "newest__body", "article__body", "article__body_html"
        )


class WireItem(models.Model):
    """An item of an agency through all its versions, and what the desk made of it.

    It is received by `articles.wire.receiving.receive` alone, and changes its state by the verbs of
    `articles.wire` alone. What lists ask of its newest version is kept beside it.
    """

    class State(models.TextChoices):
        NEW = "new", _("new")
        TAKEN = "taken", _("taken")
        LEFT = "left", _("left")
        FORGOTTEN = "forgotten", _("no longer kept")

    stream = models.ForeignKey(
        WireStream, on_delete=models.PROTECT, related_name="items", verbose_name=_("wire")
    )
    provider = LineField(_("provider"), max_length=120)
    guid = models.CharField(_("identifier"), max_length=500)
    newest = models.OneToOneField(
        "articles.WireVersion",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("newest version"),
    )
    # Its number, which outlives it: articles/wire/forgetting.py.
    version = models.PositiveBigIntegerField(_("version"), default=0)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.NEW)
    needs_person = models.BooleanField(
        default=False, help_text="A taken one with a version that nobody has decided on."
    )
    article = models.OneToOneField(
        Article,
        null=True,
        on_delete=models.PROTECT,
        related_name="wire_item",
        verbose_name=_("piece"),
    )
    # The version whose text the piece has, or was last compared with.
    taken_version = models.ForeignKey(
        "articles.WireVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    # The revision of the piece that holds that text, to tell whether the desk has touched it.
    taken_revision = models.PositiveIntegerField(default=0)
    # The agency killed it: what comes after is for a person to decide.
    was_killed = models.BooleanField(default=False)
    # When the agency took the piece from readers, until it may be used again.
    withheld_at = models.DateTimeField(null=True)
    # Of the newest version.
    headline = LineField(_("headline"), max_length=300)
    slugline = LineField(_("slugline"), max_length=160, blank=True)
    urgency = models.PositiveSmallIntegerField(_("urgency"), default=5)
    pub_status = models.CharField(
        _("publishing status"), max_length=8, choices=PubStatus, default=PubStatus.USABLE
    )
    embargo_until = models.DateTimeField(_("embargo until"), null=True)
    embargo_is_unclear = models.BooleanField(_("unclear embargo"), default=False)
    # What items that tell of the same have in common: see articles/wire/grouping.py.
    group = models.CharField(max_length=64, blank=True)
    search_text = models.TextField(blank=True, help_text="Headline, slugline and text, folded.")
    received_at = models.DateTimeField(_("came in"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True)

    objects = WireItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("wire item")
        verbose_name_plural = _("wire items")
        ordering = ["-received_at", "-pk"]
        permissions = [("take_wireitem", "Can take wires")]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "guid"], name="a_wire_identifier_is_unique_per_provider"
            ),
            models.CheckConstraint(
                condition=~Q(state="taken") | Q(article__isnull=False),
                name="a_taken_wire_has_a_piece",
            ),
        ]
        indexes = [
            # The desk's list: by time, of a state, of a wire.
            models.Index(fields=["state", "-received_at", "-id"], name="wire_by_time"),
            models.Index(fields=["stream", "state", "-received_at", "-id"], name="wire_of_stream"),
            # By urgency.
            models.Index(fields=["state", "urgency", "-received_at", "-id"], name="wire_urgent"),
            # Those that tell of the same.
            models.Index(
                fields=["group", "-received_at"], condition=~Q(group=""), name="wire_group"
            ),
            models.Index(
                fields=["-received_at"], condition=Q(needs_person=True), name="wire_needs_person"
            ),
        ]

    def __str__(self) -> str:
        return self.headline

    @property
    def is_new(self) -> bool:
        return self.state == self.State.NEW

    @property
    def is_taken(self) -> bool:
        return self.state == self.State.TAKEN

    @property
    def is_left(self) -> bool:
        return self.state == self.State.LEFT

    @property
    def is_forgotten(self) -> bool:
        return self.state == self.State.FORGOTTEN

    @property
    def is_killed(self) -> bool:
        return self.pub_status == PubStatus.CANCELED

    @property
    def is_usable(self) -> bool:
        """Whether the agency allows it now, embargo aside."""
        return self.pub_status == PubStatus.USABLE and not self.embargo_is_unclear

    @property
    def is_embargoed(self) -> bool:
        return self.embargo_until is not None and self.embargo_until > timezone.now()


class WireVersion(models.Model):
    """One version of an item as it came in: the original bytes, and what they were read as.

    Written once. `body` holds clean HTML; what is not for readers stands in `advisory` and
    `kept_back`, one paragraph a line. See articles/importers/wire/document.py.
    """

    item = models.ForeignKey(WireItem, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveBigIntegerField(_("version"))
    original = models.BinaryField()
    original_name = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the original bytes.")
    format = models.CharField(_("format"), max_length=20)
    pub_status = models.CharField(
        _("publishing status"), max_length=8, choices=PubStatus, default=PubStatus.USABLE
    )
    signal = models.CharField(
        max_length=10, blank=True, choices=[(each.value, each.value) for each in Signal if each]
    )
    embargo_until = models.DateTimeField(_("embargo until"), null=True)
    embargo_is_unclear = models.BooleanField(default=False)
    urgency = models.PositiveSmallIntegerField(_("urgency"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    slugline = LineField(_("slugline"), max_length=160, blank=True)
    headline = LineField(_("headline"), max_length=300)
    standfirst = models.TextField(_("standfirst"), blank=True)
    dateline = LineField(_("dateline"), max_length=160, blank=True)
    byline = LineField(_("byline"), max_length=300, blank=True)
    credit = LineField(_("credit line"), max_length=300, blank=True)
    body = BodyField(_("text"), blank=True)
    language = models.CharField(_("language"), max_length=20, blank=True)
    address = models.CharField(_("address at the source"), max_length=500, blank=True)
    advisory = models.TextField(_("advisory lines"), blank=True)
    kept_back = models.TextField(_("not for readers"), blank=True)
    correction = models.TextField(_("what was wrong"), blank=True)
    rights = models.TextField(_("rights"), blank=True)
    usage_terms = models.TextField(_("usage terms"), blank=True)
    subjects = models.JSONField(default=list)  # [{"code": …, "name": …}]
    keywords = models.JSONField(default=list)
    pictures = models.JSONField(default=list)  # [{"address", "alt", "caption", "credit"}]
    topics = models.ManyToManyField(Topic, blank=True, related_name="+")
    received_at = models.DateTimeField(_("came in"), default=timezone.now)

    class Meta:
        verbose_name = _("version of a wire")
        verbose_name_plural = _("versions of wires")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="a_wire_numbers_its_versions")
        ]

    def __str__(self) -> str:
        return f"{self.headline} ({self.number})"


class WireEvent(models.Model):
    """What happened to an item, for the desk: received, ignored, taken, left, updated, killed …"""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("came in")
        IGNORED = "ignored", _("ignored")
        TAKEN = "taken", _("taken")
        LEFT = "left", _("left")
        PUT_BACK = "put_back", _("put back")
        PUBLISHED = "published", _("published without a person")
        UPDATED = "updated", _("text replaced")
        COMPARED = "compared", _("compared by hand")
        CORRECTED = "corrected", _("correction told")
        KILLED = "killed", _("killed")
        WITHHELD = "withheld", _("withheld")
        FREED = "freed", _("usable again")
        EMBARGO = "embargo", _("embargo decided")
        NO_PICTURE = "picture", _("picture not to be had")

    item = models.ForeignKey(WireItem, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("what"), max_length=9, choices=Kind)
    version = models.PositiveBigIntegerField(_("version"), null=True)
    by = models.ForeignKey(
        "auth.User", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    note = LineField(_("note"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("event of a wire")
        verbose_name_plural = _("events of wires")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.get_kind_display()
