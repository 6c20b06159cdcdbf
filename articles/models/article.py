from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.body_html import BodyField
from articles.models.author import Author
from articles.models.section import Section, Topic
from articles.models.source import WEB_ADDRESS, Source
from articles.models.state_change import StateChange
from newsroom.line_field import LineField

LANGUAGE_TAG = RegexValidator(r"\A[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", _("Like en, ja or pt-BR."))


def default_language() -> str:
    return settings.LANGUAGE_CODE


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> Self:
        """What readers may see: let out by an editor, and its time has come."""
        return self.filter(
            status=Article.Status.PUBLISHED, published_at__lte=timezone.now()
        ).order_by("-published_at", "-pk")

    def withdrawn(self) -> Self:
        """What readers could see once and no longer can."""
        return self.filter(status=Article.Status.WITHDRAWN, published_at__lte=timezone.now())

    def for_listing(self) -> Self:
        """With all that a list shows, and without the body."""
        return (
            self.select_related("section", "source")
            .prefetch_related(models.Prefetch("bylines", Byline.objects.with_authors()))
            .defer("body")
        )

    def for_reading(self) -> Self:
        """With all that the page of a piece shows."""
        return self.select_related("section", "source").prefetch_related(
            models.Prefetch("bylines", Byline.objects.with_authors()), "topics"
        )


class Article(models.Model):
    """A piece, from the first draft to its withdrawal.

    Its state changes through the verbs below alone. Each is safe to repeat, runs in one
    transaction, and leaves a StateChange. *Scheduled* is no state: it is published with a
    `published_at` that has not come.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in_review", _("in review")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    headline = LineField(_("headline"), max_length=160)
    slug = models.SlugField(_("slug"), max_length=160, unique=True)
    standfirst = LineField(
        _("standfirst"), max_length=400, blank=True, help_text=_("One or two sentences below it.")
    )
    dateline = LineField(
        _("dateline"), max_length=60, blank=True, help_text=_("The place it was reported from.")
    )
    body = BodyField(_("body"))
    language = models.CharField(
        _("language"), max_length=20, default=default_language, validators=[LANGUAGE_TAG]
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
    status = models.CharField(
        _("state"), max_length=12, choices=Status, default=Status.DRAFT, editable=False
    )
    published_at = models.DateTimeField(_("publication time"), null=True, blank=True)
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("piece")
        verbose_name_plural = _("pieces")
        permissions = [("publish_article", "Can publish and withdraw pieces")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="published") | models.Q(published_at__isnull=False),
                name="a_published_article_has_a_date",
                violation_error_message=_("A published piece needs a publication time."),
            )
        ]
        indexes = [
            # published(): the front page and the feeds.
            models.Index(fields=["status", "-published_at", "-id"], name="article_newest"),
            # published() within a section.
            models.Index(
                fields=["section", "status", "-published_at", "-id"],
                name="article_newest_in_section",
            ),
        ]

    def __str__(self) -> str:
        return self.headline

    def get_absolute_url(self) -> str:
        return reverse("articles:detail", args=[self.slug])

    @property
    def direction(self) -> str:
        """The direction its language is written in, for the dir attribute."""
        return "rtl" if self.language.partition("-")[0] in settings.LANGUAGES_BIDI else "ltr"

    @property
    def is_public(self) -> bool:
        """The same question as `published()`."""
        return self.is_published and self.published_at <= timezone.now()  # type: ignore[operator]

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
        return self._change(self.Status.IN_REVIEW, by, note, only_from=[self.Status.DRAFT])

    def send_back(self, *, by: User, note: str = "") -> bool:
        """An editor has read it, and the reporter has more to do."""
        return self._change(self.Status.DRAFT, by, note, only_from=[self.Status.IN_REVIEW])

    def publish(self, *, by: User, at: datetime | None = None, note: str = "") -> bool:
        """Let readers see it from `at` on: by default from the time it has, else from now."""
        return self._change(self.Status.PUBLISHED, by, note, at=at)

    def withdraw(self, *, by: User, note: str = "") -> bool:
        """Take a published piece from the site: its address answers 410 Gone."""
        return self._change(self.Status.WITHDRAWN, by, note, only_from=[self.Status.PUBLISHED])

    def _change(
        self,
        to: Status,
        by: User,
        note: str,
        *,
        at: datetime | None = None,
        only_from: list[Status] | None = None,
    ) -> bool:
        """Change the state and record it; False where nothing was to change.

        The row is locked and read again first, so that of two people who act at once the second
        acts on what the first has left.
        """
        with transaction.atomic():
            current = (
                Article.objects.select_for_update().only("status", "published_at").get(pk=self.pk)
            )
            before = self.status = current.status
            self.published_at = current.published_at
            if only_from is not None and before not in only_from:
                return False
            if to == self.Status.WITHDRAWN and not self.is_public:
                self.published_at = None  # nobody has seen it, so nothing is gone
            if to == self.Status.PUBLISHED:
                self.published_at = at or current.published_at or timezone.now()
                if before == to and self.published_at == current.published_at:
                    return False
            self.status = to
            self.save(update_fields=["status", "published_at", "updated_at"])
            StateChange.objects.create(
                article=self,
                by=by,
                from_status=before,
                to_status=to,
                published_at=self.published_at,
                note=note,
            )
        return True


class BylineQuerySet(models.QuerySet["Byline"]):
    def with_authors(self) -> Self:
        return self.select_related("author")


class Byline(models.Model):
    """An author of a piece; the smallest position is named first."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, verbose_name=_("author"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = BylineQuerySet.as_manager()

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("byline")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "author"],
                name="an_author_is_named_once",
                violation_error_message=_("This author is named already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.author)
