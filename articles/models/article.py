from collections.abc import Callable
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.body_html import BodyField
from articles.drawn_html import BodyQuerySet, DrawnBodyField, made_of_body
from articles.models.article_indexes import INDEXES
from articles.models.author import Author
from articles.models.correction import Correction
from articles.models.counted import CountedField
from articles.models.former_slug import FormerSlug
from articles.models.image import Image
from articles.models.image_use import ImageUse
from articles.models.recording import RecordingUse
from articles.models.revision import Revision
from articles.models.section import Section
from articles.models.source import WEB_ADDRESS, Indexing, Source
from articles.models.state_change import SEEN_ALREADY, StateChange
from articles.models.takes_replies import TakesReplies
from articles.models.topic import Topic
from articles.reading_time import ReadingTimeField
from newsroom import prepared
from newsroom.language import direction_of
from newsroom.line_field import LineField
from newsroom.paths import SlugPath

LANGUAGE_TAG = RegexValidator(r"\A[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", _("Like en, ja or pt-BR."))

path_of = SlugPath("articles:detail")


def default_language() -> str:
    return settings.LANGUAGE_CODE


class ArticleQuerySet(BodyQuerySet["Article"]):
    def published(self, *, until: datetime | prepared.Given | None = None) -> Self:
        """What readers may see: let out by an editor, its time has come, its embargo is over.
        With `until`, nothing that is dated later; a Given one is no moment to come."""
        now = prepared.now()
        return self.filter(
            models.Q(embargo_until=None) | models.Q(embargo_until__lte=now),
            status=Article.Status.PUBLISHED,
            published_at__lte=min(until, now) if isinstance(until, datetime) else until or now,
        ).order_by("-published_at", "-pk")

    def public_among(self, few: Any) -> Self:
        """Of a few pieces, by their keys, those that readers may see, in no order. Each is looked
        up: by published() SQLite would go through all that is public for them, and PostgreSQL
        may do that the other way."""
        if connection.vendor == "sqlite":
            return self.filter(Article.objects.is_public_of("pk"), pk__in=few)
        return self.published().order_by().filter(pk__in=few)

    def is_public_of(self, key: str) -> models.Exists:
        """Whether the piece that `key` of an outer query names is what readers may see."""
        return models.Exists(self.published().filter(pk=models.OuterRef(key)))

    def gone(self) -> Self:
        """What readers could see until it was withdrawn."""
        was_embargoed = models.Q(embargo_until__gt=models.F("withdrawn_at"))
        withdrawn = self.filter(status=Article.Status.WITHDRAWN)
        return withdrawn.filter(~was_embargoed, published_at__lte=models.F("withdrawn_at"))

    def known(self) -> Self:
        """What readers can see, or could: its address answers."""
        return self.published() | self.gone()

    def for_reading(self) -> Self:
        """With all that its page shows of a piece but bylines and topics (articles/addresses.py),
        and whether it `is_corrected`."""
        return (
            self.annotate(is_corrected=models.Exists(Correction.objects.of_outer_article()))
            .select_related("section", "source", "lead_image", "share_image")
            .defer("body", "desk_notes")
        )

    def for_feeds(self) -> Self:
        """With what a feed tells of a piece but bylines, topics and corrections (feeds/fed.py)."""
        return self.select_related("section", "source", "lead_image").defer("body", "desk_notes")


class Article(TakesReplies, models.Model):
    """A piece, from the first draft to its withdrawal.

    Its state changes through the verbs below alone. Each is safe to repeat, runs in one
    transaction, and leaves a StateChange and a Revision. *Scheduled* is no state: it is
    published with a `published_at` or an embargo that has not passed. Whoever saves other
    fields calls `record` in the same transaction.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in_review", _("in review")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Direction(models.TextChoices):
        LEFT_TO_RIGHT = "ltr", _("left to right")
        RIGHT_TO_LEFT = "rtl", _("right to left")

    headline = LineField(_("headline"), max_length=160)
    slug = models.SlugField(_("slug"), max_length=160, unique=True)
    standfirst = LineField(
        _("standfirst"), max_length=400, blank=True, help_text=_("One or two sentences below it.")
    )
    dateline = LineField(
        _("dateline"), max_length=60, blank=True, help_text=_("The place it was reported from.")
    )
    body = BodyField(_("body"))
    body_html = DrawnBodyField()
    reading_minutes = ReadingTimeField()
    desk_notes = models.TextField(
        _("notes for the desk"), max_length=5000, blank=True, help_text=_("Readers never see them.")
    )
    language = models.CharField(
        _("language"), max_length=20, default=default_language, validators=[LANGUAGE_TAG]
    )
    text_direction = models.CharField(
        _("direction of the text"),
        max_length=3,
        choices={"": _("that of its language")} | dict(Direction.choices),
        default="",
        blank=True,
    )
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, verbose_name=_("section"), related_name="articles"
    )
    topics = models.ManyToManyField(
        Topic, blank=True, verbose_name=_("topics"), related_name="articles"
    )
    authors = models.ManyToManyField(Author, through="Byline", related_name="articles")
    source = models.ForeignKey(
        Source,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("source"),
        related_name="articles",
    )
    source_url = models.CharField(
        _("address at the source"), max_length=500, blank=True, validators=[WEB_ADDRESS]
    )
    credit_line = LineField(
        _("credit line"), max_length=160, blank=True, help_text=_("Empty: that of the source.")
    )
    indexing = models.CharField(
        _("search engines"),
        max_length=10,
        choices={"": _("as the source has it")} | dict(Indexing.choices),
        default="",
        blank=True,
    )
    lead_image = models.ForeignKey(
        Image,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("lead picture"),
        related_name="led_articles",
    )
    lead_alt = LineField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_("What the picture shows, for those who can't see it."),
    )
    lead_is_decorative = models.BooleanField(
        _("decorative"), default=False, help_text=_("It tells nothing that the text does not.")
    )
    lead_caption = LineField(_("caption"), max_length=400, blank=True)
    lead_credit = LineField(_("credit"), max_length=160, blank=True)
    status = models.CharField(
        _("state"), max_length=12, choices=Status, default=Status.DRAFT, editable=False
    )
    published_at = models.DateTimeField(_("publication time"), null=True, blank=True)
    embargo_until = models.DateTimeField(
        _("embargo until"),
        null=True,
        blank=True,
        help_text=_("Nobody sees it before, whatever the publication time."),
    )
    changed_at = models.DateTimeField(
        null=True, editable=False, help_text="When readers last saw it change in substance."
    )
    withdrawn_reason = LineField(
        _("reason for the withdrawal"), max_length=300, blank=True, editable=False
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    version = models.PositiveIntegerField(
        default=0, editable=False, help_text="The number of its newest revision."
    )
    reply_count = CountedField(help_text="Approved replies, counted by the app that keeps them.")
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("begun by"),
    )
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("piece")
        verbose_name_plural = _("pieces")
        permissions = [("publish_article", "Can publish, correct and withdraw pieces")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="published") | models.Q(published_at__isnull=False),
                name="a_published_article_has_a_date",
                violation_error_message=_("A published piece needs a publication time."),
            )
        ]
        indexes = INDEXES

    def __str__(self) -> str:
        return self.headline

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The drawn body is written whenever the body is, and the uses of pictures follow."""
        if "body" in (kwargs.get("update_fields") or ()):
            kwargs["update_fields"] = {*kwargs["update_fields"], *made_of_body(Article)}
        with transaction.atomic():
            super().save(*args, **kwargs)
            ImageUse.objects.follow(self, kwargs.get("update_fields"))
            RecordingUse.objects.follow(self, kwargs.get("update_fields"))

    def get_absolute_url(self) -> str:
        return path_of(self.slug)

    def clean(self) -> None:
        """Its address is no other piece's former one, and readers don't lose sight of it."""
        FormerSlug.objects.refuse(self.slug, self.pk)
        is_unseen = self.public_from is not None and self.public_from > timezone.now()
        if is_unseen and Article.objects.published().filter(pk=self.pk).exists():
            raise ValidationError({"published_at": SEEN_ALREADY})

    @property
    def direction(self) -> str:
        """The direction of its text, for the dir attribute: its own, else its language's."""
        return self.text_direction or direction_of(self.language)

    @property
    def credit(self) -> str:
        return self.credit_line or (self.source.credit_line if self.source else "")

    @property
    def indexed(self) -> str:
        """What search engines are told, an Indexing. Canonical needs an address at the source."""
        rule = self.indexing or (self.source.indexing if self.source else Indexing.INDEX)
        if rule == Indexing.CANONICAL and not self.source_url:
            return Indexing.INDEX
        return rule

    @property
    def canonical_url(self) -> str:
        """The page that search engines are to show for it: its own, or the original."""
        if self.indexed == Indexing.CANONICAL:
            return self.source_url
        return f"{settings.SITE_URL}{self.get_absolute_url()}"

    @property
    def public_from(self) -> datetime | None:
        """The moment from which readers see it; None for what is not published."""
        if not self.is_published or self.published_at is None:
            return None
        return max(self.published_at, self.embargo_until or self.published_at)

    @property
    def modified_at(self) -> datetime | None:
        """When readers last saw it change: never before it was published."""
        if self.published_at is None or self.changed_at is None:
            return self.published_at
        return max(self.published_at, self.changed_at)

    @property
    def was_modified(self) -> bool:
        return self.modified_at != self.published_at

    @property
    def is_public(self) -> bool:
        """The same question as `published()`."""
        return self.public_from is not None and self.public_from <= timezone.now()

    @property
    def is_gone(self) -> bool:
        """The same question as `gone()`."""
        if not (self.is_withdrawn and self.published_at and self.withdrawn_at):
            return False
        return max(self.published_at, self.embargo_until or self.published_at) <= self.withdrawn_at

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_in_review(self) -> bool:
        return self.status == self.Status.IN_REVIEW

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def is_scheduled(self) -> bool:
        return self.is_published and not self.is_public

    @property
    def is_withdrawn(self) -> bool:
        return self.status == self.Status.WITHDRAWN

    def submit_for_review(self, *, by: User, note: str = "") -> bool:
        """A reporter is done; an editor is asked to read it. Nothing else than a draft is."""
        return self._change(self.Status.IN_REVIEW, by, note, lambda now: now.is_draft)

    def send_back(self, *, by: User, note: str = "") -> bool:
        """An editor has read it, and the reporter has more to do. Also what is scheduled."""
        return self._change(
            self.Status.DRAFT, by, note, lambda now: now.is_in_review or now.is_scheduled
        )

    def publish(self, *, by: User, at: datetime | None = None, note: str = "") -> bool:
        """Let readers see it from `at` on: by default from the time it has, else from now.

        A withdrawn piece comes back. No piece is dated before its embargo. Raises ValidationError
        for a time to come of a piece that readers see already.
        """
        return self._change(self.Status.PUBLISHED, by, note, lambda now: True, at=at)

    def schedule(self, *, by: User, at: datetime, note: str = "") -> bool:
        """Let readers see it from a moment to come. Raises ValidationError for one that passed."""
        if at <= timezone.now():
            raise ValidationError(_("This moment has passed."))
        return self.publish(by=by, at=at, note=note)

    def withdraw(self, *, by: User, reason: str = "", note: str = "") -> bool:
        """Take a published piece from the site: its address answers 410 Gone, with the reason.

        The note is for the desk alone. What nobody has seen yet will not be seen, and nothing
        says that it was to be.
        """
        return self._change(
            self.Status.WITHDRAWN, by, note, lambda now: now.is_published, reason=reason
        )

    def bring_back(self, *, by: User, note: str = "") -> bool:
        """Undo a withdrawal: under its old date and address, as if it had not been."""
        return self._change(self.Status.PUBLISHED, by, note, lambda now: now.is_withdrawn)

    def correct(self, *, by: User, kind: str, text: str) -> Correction:
        """Tell readers what was wrong. Raises ValidationError for what no reader has seen."""
        return Correction.objects.make(self, by=by, kind=kind, text=text)

    def restore_revision(self, number: int, *, by: User, onto: int | None = None) -> list[str]:
        """Make it again what the revision holds; its state and address stay. A new one records it.

        The names of what the revision had and is no more: an author, a topic, a picture. Raises
        Revision.DoesNotExist, and ValidationError for one that was erased, or where the newest
        version is no longer that `onto` which it was to be restored.
        """
        return Revision.objects.restore(self, number, by=by, onto=onto)

    def move_to(self, section: Section, *, by: User) -> bool:
        """File it under another section, on record; False where it is in that one already."""
        return section.take_in(self, by=by)

    def record(self, *, by: User, note: str = "", is_minor: bool = False) -> Revision:
        """Keep what the piece is now, in the database, as its newest revision.

        Where nothing changed since the last one, that is returned. A change in substance that
        readers can see is dated, unless it is minor; an address they knew keeps leading here.
        """
        return Revision.objects.record(self, by=by, note=note, is_minor=is_minor)

    def _change(
        self, to: Status, by: User, note: str, where: Callable[["Article"], bool], **how: Any
    ) -> bool:
        return StateChange.objects.make(self, to, by=by, note=note, where=where, **how)
