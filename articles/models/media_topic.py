from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.topic import Topic


class MediaTopic(models.Model):
    """A term of IPTC's Media Topics, and the topic of this newsroom that wires with it get.

    Loaded from a file: see articles/media_topics.py. An editor may give it another topic, or none.
    """

    code = models.CharField(_("code"), max_length=8, unique=True)
    name = models.CharField(_("name"), max_length=160)
    broader = models.CharField(_("broader term"), max_length=8, blank=True)
    subject_code = models.CharField(
        _("older subject code"), max_length=8, blank=True, db_index=True
    )
    is_retired = models.BooleanField(_("retired"), default=False)
    topic = models.ForeignKey(
        Topic,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="media_topics",
        verbose_name=_("topic"),
    )

    class Meta:
        verbose_name = _("Media Topic")
        verbose_name_plural = _("Media Topics")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
