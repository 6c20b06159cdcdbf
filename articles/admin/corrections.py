"""The corrections of one piece: those made, and a form for one more."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from articles.admin.desk_page import desk_page, draw
from articles.models import Article, Correction


class CorrectionForm(forms.ModelForm):
    class Meta:
        model = Correction
        fields = ["kind", "text"]
        widgets = {"kind": forms.RadioSelect, "text": forms.Textarea(attrs={"rows": 5})}

    kind = forms.ChoiceField(
        label=_("Kind"),
        widget=forms.RadioSelect,
        choices=[
            (Correction.Kind.CORRECTION, _("Correction: something was wrong. Stands at the top.")),
            (
                Correction.Kind.CLARIFICATION,
                _("Clarification: something could be misread. Stands below the text."),
            ),
            (Correction.Kind.UPDATE, _("Update: something was added. Stands below the text.")),
            (
                Correction.Kind.RETRACTION,
                _("Retraction: the piece as a whole does not hold. Stands at the top."),
            ),
        ],
    )


class TakeBackForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("For the desk. Readers never see it.")
    )


def urls(model_admin: ModelAdmin) -> list[URLPattern]:
    one = "corrections/<int:correction_id>/taking-back/"
    return [
        desk_page(model_admin, "corrections/", corrections, needs="publish"),
        desk_page(model_admin, one, take_back_correction, needs="publish"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def corrections(request: HttpRequest, article: Article) -> HttpResponse:
    """The corrections of the piece; POST makes one."""
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            article.correct(by=cast(User, request.user), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Readers see it in the piece from now on."))
            return redirect("admin:articles_article_corrections", article.pk)
    return _page(request, article, form, status=422 if form.is_bound else 200)


@require_POST
def take_back_correction(
    request: HttpRequest, article: Article, correction_id: int
) -> HttpResponse:
    correction = get_object_or_404(article.corrections, pk=correction_id)
    form = TakeBackForm(request.POST, prefix=f"take-back-{correction_id}")
    if not form.is_valid():
        return _page(request, article, CorrectionForm(), taking_back=form, status=422)
    if correction.take_back(by=cast(User, request.user), **form.cleaned_data):
        messages.success(request, _("Taken back: readers see it no longer."))
    else:
        messages.warning(request, _("It was taken back already."))
    return redirect("admin:articles_article_corrections", article.pk)


def _page(
    request: HttpRequest,
    article: Article,
    form: CorrectionForm,
    *,
    taking_back: TakeBackForm | None = None,
    status: int = 200,
) -> HttpResponse:
    made: list[dict[str, Any]] = []
    for each in article.corrections.select_related("by", "taken_back_by"):
        prefix = f"take-back-{each.pk}"
        is_asked = taking_back is not None and taking_back.prefix == prefix
        made.append(
            {
                "correction": each,
                "form": taking_back if is_asked else TakeBackForm(prefix=prefix),
                "is_asked": is_asked,
            }
        )
    return draw(
        request,
        "admin/articles/life/corrections.html",
        article,
        str(_("Corrections")),
        status=status,
        form=form if article.is_public else None,
        made=made,
    )
