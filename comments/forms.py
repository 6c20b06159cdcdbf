from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from comments import body_html, identity
from comments.models import Comment, Subscription
from comments.normalising import normalised
from comments.posting import Draft, ParentGone
from comments.reader_form import AddressField, ReaderForm, TrapField
from newsroom.page_store import carries
from newsroom.primary_keys import is_key

DRAWN = signing.Signer(salt="comments.form.drawn")
# The box of the form, and what it asks for.
NOTICES = {
    "notify_answers": Subscription.Kind.OWN.value,
    "notify_all": Subscription.Kind.ALL.value,
}


def drawn_now() -> str:
    """What a form carries, to tell later when it was drawn: when its page was first drawn so."""
    stamp = DRAWN.sign(f"{timezone.now().timestamp():.2f}")
    carries(stamp)
    return stamp


class BoundEmailField(BoundField):
    @property
    def aria_describedby(self) -> str:
        return f"email-notes {super().aria_describedby or ''}".strip()


class ReplyEmailField(AddressField):
    """Described by the note above the form that says what happens to it."""

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundField:
        return BoundEmailField(form, self, field_name)


class ReplyTextField(forms.CharField):
    """Its length is that of what is stored: a line end is one character, as browsers count it."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(normalised(str(value)) if value else value)


class ScriptField(forms.CharField):
    """What the page's script fills in: nothing where it is too long, and never an error."""

    def __init__(self, *, longest: int) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)
        self.longest = longest

    def clean(self, value: Any) -> str:
        return value if isinstance(value, str) and len(value) <= self.longest else ""


class TextForm(ReaderForm):
    """The text of a reply, as its author or the newsroom writes it."""

    comment = ReplyTextField(
        label=_("Comment"),
        max_length=body_html.MAX_LENGTH,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Please write your comment.")},
    )
    html = ""  # what readers will see
    readable = ""  # the text as readers will see it, without its markup

    def clean_comment(self) -> str:
        text: str = self.cleaned_data["comment"]
        html = body_html.clean(text)
        if body_html.is_empty(html):
            raise ValidationError(self.fields["comment"].error_messages["required"], "required")
        self.html, self.readable = html, body_html.readable(html)
        return text


class ReplyForm(TextForm):
    """The form "Leave a Reply" under a piece, with the fields browsers know from WordPress."""

    author = forms.CharField(
        label=_("Name"),
        max_length=identity.MAX_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please give a name.")},
    )
    email = ReplyEmailField()
    url = forms.CharField(
        label=_("Website"),
        max_length=identity.MAX_WEBSITE,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "url", "inputmode": "url"}),
    )
    subject = TrapField()
    parent = forms.CharField(required=False, widget=forms.HiddenInput)
    drawn = forms.CharField(required=False, widget=forms.HiddenInput)
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    notify_answers = forms.BooleanField(
        label=_("Mail me about answers and what becomes of my reply"), required=False
    )
    notify_all = forms.BooleanField(
        label=_("Mail me about all new replies to this piece"),
        required=False,
        help_text=_("You get one mail first, a few minutes later, to confirm it."),
    )
    proof = ScriptField(longest=400)  # tokens of earlier replies, parted by spaces
    work = ScriptField(longest=2000)  # the solution of a proof of work

    def __init__(self, article: Article, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.article = article
        self.initial.setdefault("drawn", drawn_now())

    def clean_author(self) -> str:
        name = identity.clean_name(self.cleaned_data["author"])
        if identity.holds_an_address(name):
            raise ValidationError(identity.WOULD_PUBLISH_ADDRESS)
        return name

    def clean_url(self) -> str:
        website = self.cleaned_data["url"]
        if identity.holds_an_address(website):
            raise ValidationError(identity.WOULD_PUBLISH_ADDRESS)
        return identity.clean_website(website)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if address := data.get("email"):
            for field in ("comment", "author", "url"):
                # As typed, and as it is read once its markup is drawn.
                text = f"{data.get(field, '')}\n{self.readable if field == 'comment' else ''}"
                if identity.holds_this_address(text, address):
                    self.add_error(field, identity.WOULD_PUBLISH_ADDRESS)
        if self.data.get("parent") and self.answered is None:
            self.answer_the_piece()
            self.add_error(None, str(ParentGone()))
        return data

    def answer_the_piece(self) -> None:
        """Where what it answered is gone: sent again, it stands under the piece itself."""
        self.empty("parent")
        self.__dict__["answered"] = None

    @cached_property
    def answered(self) -> Comment | None:
        """The reply this one answers: approved, under the same piece, or none."""
        number = str(self.data.get("parent") or self.initial.get("parent") or "")
        if not is_key(number):
            return None
        return Comment.objects.under(self.article).filter(pk=int(number)).first()

    @property
    def seconds_taken(self) -> float | None:
        """How long ago the form was drawn; None without a time stamp of this site's."""
        try:
            drawn = float(DRAWN.unsign(self.cleaned_data["drawn"]))
        except (signing.BadSignature, ValueError):
            return None
        return timezone.now().timestamp() - drawn

    def draft(self, *, network: str = "") -> Draft:
        """What the valid form says, and the network it came from."""
        data = self.cleaned_data
        return Draft(
            article=self.article,
            parent=self.answered,
            name=data["author"],
            email=data["email"],
            website=data["url"],
            text=data["comment"],
            html=self.html,
            key=data["key"],
            trap=data["subject"],
            seconds_taken=self.seconds_taken,
            proof=data["proof"],
            work=data["work"],
            network=network,
            notices=frozenset(kind for field, kind in NOTICES.items() if data[field]),
        )
