"""The form in which a moderator says what the queue shows, and what it shows now."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, Section
from comments.moderation.rule_names import OF_FINDINGS, name_of
from comments.queue import ADDRESS, LANGUAGE, MAX_WORDS, Age, Choice, NotAChoice, Order, Tab
from newsroom.primary_keys import is_key

NO_ADDRESS = gettext_lazy(
    "Email addresses are not searched for. A chief moderator can find the sender of one."
)
# Fields that are called as the parameter that they make.
PARAMETERS = ("q", "rule", "age", "language", "order", "tab", "sender", "likely", "sure")


class FilterForm(forms.Form):
    """What is left empty narrows nothing. `choice` is what it asks for, once it is valid."""

    q = forms.CharField(label=gettext_lazy("Text or name"), required=False, max_length=MAX_WORDS)
    piece = forms.CharField(
        label=gettext_lazy("Piece (address or number)"), required=False, max_length=300
    )
    section = forms.ModelChoiceField(
        label=gettext_lazy("Section"),
        queryset=Section.objects.order_by("position", "name"),
        required=False,
        empty_label=gettext_lazy("all"),
    )
    rule = forms.ChoiceField(
        label=gettext_lazy("Rule"),
        required=False,
        choices=lambda: [("", _("all")), *OF_FINDINGS.items()],
    )
    age = forms.ChoiceField(
        label=gettext_lazy("Came in"),
        required=False,
        choices=lambda: [("", _("at any time")), *Age.choices],
    )
    language = forms.RegexField(
        LANGUAGE,
        label=gettext_lazy("Language of the piece"),
        required=False,
        max_length=20,
        error_messages={"invalid": gettext_lazy("A language is written as in “en” or “pt-BR”.")},
    )
    order = forms.ChoiceField(label=gettext_lazy("Order"), required=False, choices=Order.choices)
    tab = forms.ChoiceField(required=False, choices=Tab.choices, widget=forms.HiddenInput)
    sender = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    likely = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    sure = forms.CharField(required=False, max_length=3, widget=forms.HiddenInput)

    def clean_q(self) -> str:
        words: str = self.cleaned_data["q"]
        if ADDRESS.search(words):
            # It isn't written into the page again either.
            self.data = {name: self.data[name] for name in self.data} | {"q": ""}
            raise forms.ValidationError(str(NO_ADDRESS))
        return words

    def clean_piece(self) -> str:
        """The number of the piece; empty for none."""
        text: str = self.cleaned_data["piece"].strip()
        if not text:
            return ""
        if is_key(text):
            found = Article.objects.filter(pk=int(text))
        else:
            path = unquote(text).replace("\0", "").partition("?")[0].partition("#")[0].rstrip("/")
            found = Article.objects.filter(slug=path.rpartition("/")[2])
        number = found.values_list("pk", flat=True).first()
        if number is None:
            raise forms.ValidationError(_("There is no such piece."))
        return str(number)

    @property
    def before(self) -> Choice:
        """What the queue showed when the form was drawn, as far as that makes sense."""
        try:
            return Choice.parse({"tab": self.data.get("tab", "")})
        except NotAChoice:
            return Choice()

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            data = self.cleaned_data
            section = data["section"]
            query = {name: str(data[name] or "") for name in PARAMETERS}
            query |= {"article": data["piece"], "section": str(section.pk) if section else ""}
            try:
                self.choice = Choice.parse(query)
            except NotAChoice as refusal:
                raise forms.ValidationError(str(refusal)) from None
        return self.cleaned_data


def form_of(choice: Choice) -> FilterForm:
    """With what is chosen now. The tab stays as it is, and so does whose replies these are."""
    said = {name: getattr(choice, name) for name in PARAMETERS}
    return FilterForm(initial=said | {"piece": choice.article or "", "section": choice.section})


@dataclass(frozen=True)
class Chosen:
    """One thing that narrows the list, in words, and the query without it."""

    label: str
    value: str
    without: str


def chosen_in(choice: Choice) -> Iterator[Chosen]:
    """All that narrows the list, besides its tab."""
    if choice.q:
        yield Chosen(_("Text or name"), choice.q, choice.as_query(q=""))
    if choice.article:
        piece = Article.objects.filter(pk=choice.article).values_list("headline", flat=True)
        title = piece.first() or str(choice.article)
        yield Chosen(_("Piece"), title, choice.as_query(article=None))
    if choice.section:
        section = Section.objects.filter(pk=choice.section).values_list("name", flat=True)
        name = section.first() or str(choice.section)
        yield Chosen(_("Section"), name, choice.as_query(section=None))
    if choice.rule:
        yield Chosen(_("Rule"), name_of(choice.rule), choice.as_query(rule=""))
    if choice.sender:
        yield Chosen(_("Sender"), str(choice.sender), choice.as_query(sender=None))
    if choice.age:
        yield Chosen(_("Came in"), str(choice.age.label), choice.as_query(age=None))
    if choice.language:
        yield Chosen(_("Language of the piece"), choice.language, choice.as_query(language=""))
    if choice.likely:
        yield Chosen(_("Likely decision"), str(choice.likely.label), choice.as_query(likely=None))
    if choice.sure:
        yield Chosen(_("Sure"), f"≥ {choice.sure} %", choice.as_query(sure=None))
