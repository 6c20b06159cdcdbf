"""The catalogues of translations: what the source says, in newsroom/locale/.

`make messages` calls this. It reads the source, brings each .po up to date, and compiles it. What
is new stands there untranslated; what is no longer said is gone. docs/translating.md tells more.
"""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "newsroom/locale"
APPS = ("newsroom", "articles", "comments")
SOURCES = {
    "django": ("py", "html", "txt"),  # as Django names its catalogues
    "djangojs": ("js",),
}
SINGLE, PLURAL, WITH_CONTEXT = None, (1, 2), ((1, "c"), 2)
KEYWORDS = {
    "_": SINGLE,
    "gettext": SINGLE,
    "gettext_lazy": SINGLE,
    "gettext_noop": SINGLE,
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
    "pgettext": WITH_CONTEXT,
    "pgettext_lazy": WITH_CONTEXT,
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
    # In scripts: what the catalogue says, or the text itself where it could not be loaded.
    "say": SINGLE,
    "sayNumber": PLURAL,
}

NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)  # a catalogue changes with its texts alone
HEADER = r"""msgid ""
msgstr ""
"Project-Id-Version: Newsroom\n"
"Language: {language}\n"
"Plural-Forms: {plural}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""


def translated_languages() -> list[str]:
    """All but the one that the source is written in."""
    return [code for code, _ in settings.LANGUAGES if not code.startswith("en")]


def po_file(language: str, domain: str) -> Path:
    return LOCALE / to_locale(language) / "LC_MESSAGES" / f"{domain}.po"


def source_files(domain: str) -> Iterator[Path]:
    folders = {"py": APPS, "js": ("static/js",)}
    for kind in SOURCES[domain]:
        for folder in folders.get(kind, ("templates",)):
            for file in sorted((ROOT / folder).rglob(f"*.{kind}")):
                if "tests" not in file.relative_to(ROOT).parts:
                    yield file


def said(domain: str) -> Catalog:
    """A catalogue without translations of all that the source says."""
    catalogue = Catalog(project="Newsroom", creation_date=NO_DATE, fuzzy=False)
    for file in source_files(domain):
        where = file.relative_to(ROOT).as_posix()
        for _, message, comments, context in messages_in(file):
            catalogue.add(message, locations=[(where, 0)], auto_comments=comments, context=context)
    return catalogue


def messages_in(file: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    text = file.read_text()
    method = "javascript" if file.suffix == ".js" else "python"
    if file.suffix in {".html", ".txt"}:
        # What Django makes of a template is Python, but for its indentation: brackets allow any.
        text = f"({templatize(text)}\n)"
    source = io.BytesIO(text.encode())
    yield from extract(
        method,
        source,
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        options={"parse_template_string": True},
        strip_comment_tags=True,
    )


def stored(language: str, domain: str) -> Catalog:
    with po_file(language, domain).open("rb") as file:
        return read_po(file, locale=to_locale(language), domain=domain)


def compiled(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def written(catalogue: Catalog) -> bytes:
    """The .po: sorted, without line numbers and dates, so that it changes with its texts alone."""
    out = io.BytesIO()
    head = HEADER.format(language=catalogue.locale, plural=catalogue.plural_forms)
    out.write(head.encode())
    write_po(
        out,
        catalogue,
        width=96,
        omit_header=True,
        sort_by_file=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    return out.getvalue()


def update(language: str, domain: str) -> Catalog:
    """Bring a catalogue, or a new one, up to date with the source. Guesses no translation."""
    file = po_file(language, domain)
    if file.exists():
        catalogue = stored(language, domain)
    else:
        catalogue = Catalog(locale=to_locale(language), project="Newsroom", fuzzy=False)
        catalogue.language_team = language
    catalogue.update(said(domain), no_fuzzy_matching=True, update_header_comment=False)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(written(catalogue))
    file.with_suffix(".mo").write_bytes(compiled(catalogue))
    return catalogue


def untranslated(catalogue: Catalog) -> list[str]:
    missing = []
    for message in catalogue:
        texts = message.string if isinstance(message.string, tuple | list) else [message.string]
        if message.id and (message.fuzzy or not all(texts)):
            missing.append(str(message.id))
    return missing


def main() -> None:
    for language in translated_languages():
        for domain in SOURCES:
            missing = untranslated(update(language, domain))
            print(f"{po_file(language, domain).relative_to(ROOT)}: {len(missing)} untranslated")


if __name__ == "__main__":
    main()
