"""Exports of WordPress as tests need them: WXR 1.2, from a few words about each item."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

SITE = "https://old.example"
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>The Old Paper</title><link>{site}</link><language>{language}</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>{site}</wp:base_site_url>
<wp:base_blog_url>{site}</wp:base_blog_url>
"""
TAIL = "</channel></rss>\n"


def cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def author(login: str, name: str = "", number: int = 1) -> str:
    return (
        f"<wp:author><wp:author_id>{number}</wp:author_id>"
        f"<wp:author_login>{cdata(login)}</wp:author_login>"
        f"<wp:author_email>{cdata(f'{login}@secret.example')}</wp:author_email>"
        f"<wp:author_display_name>{cdata(name)}</wp:author_display_name></wp:author>\n"
    )


def category(slug: str, name: str, parent: str = "", number: int = 0) -> str:
    return (
        f"<wp:category><wp:term_id>{number}</wp:term_id>"
        f"<wp:category_nicename>{cdata(slug)}</wp:category_nicename>"
        f"<wp:category_parent>{cdata(parent)}</wp:category_parent>"
        f"<wp:cat_name>{cdata(name)}</wp:cat_name></wp:category>\n"
    )


def tag(slug: str, name: str, number: int = 0) -> str:
    return (
        f"<wp:tag><wp:term_id>{number}</wp:term_id><wp:tag_slug>{cdata(slug)}</wp:tag_slug>"
        f"<wp:tag_name>{cdata(name)}</wp:tag_name></wp:tag>\n"
    )


def item(number: int, title: str = "A headline", **given: Any) -> str:
    """A post, or what `type` says. `terms` are (taxonomy, slug, name); `meta` is a dictionary or
    pairs; `at` is a moment in GMT as 2024-05-01 10:00:00."""
    type_, status = given.pop("type", "post"), given.pop("status", "publish")
    at = given.pop("at", "2024-05-01 10:00:00")
    slug = given.pop("slug", f"post-{number}")
    link = given.pop("link", f"{SITE}/2024/05/{slug}/" if status == "publish" else "")
    meta = given.pop("meta", ())
    pairs = meta.items() if isinstance(meta, dict) else meta
    parts = [
        f"<item><title>{cdata(title)}</title><link>{escape(link or f'{SITE}/?p={number}')}</link>",
        f"<dc:creator>{cdata(given.pop('creator', 'maud'))}</dc:creator>",
        f'<guid isPermaLink="false">{SITE}/?p={number}</guid>',
        f"<content:encoded>{cdata(given.pop('text', '<p>Some words.</p>'))}</content:encoded>",
        f"<excerpt:encoded>{cdata(given.pop('excerpt', ''))}</excerpt:encoded>",
        f"<wp:post_id>{number}</wp:post_id><wp:post_date>{cdata(at)}</wp:post_date>",
        f"<wp:post_date_gmt>{cdata(at)}</wp:post_date_gmt>",
        f"<wp:post_modified_gmt>{cdata(given.pop('changed_at', at))}</wp:post_modified_gmt>",
        f"<wp:comment_status>{cdata(given.pop('comments', 'open'))}</wp:comment_status>",
        f"<wp:post_name>{cdata(slug)}</wp:post_name><wp:status>{cdata(status)}</wp:status>",
        f"<wp:post_parent>{given.pop('parent', 0)}</wp:post_parent>",
        f"<wp:menu_order>{given.pop('position', 0)}</wp:menu_order>",
        f"<wp:post_type>{cdata(type_)}</wp:post_type>",
        f"<wp:post_password>{cdata(given.pop('password', ''))}</wp:post_password>",
        f"<wp:is_sticky>{given.pop('sticky', 0)}</wp:is_sticky>",
    ]
    if file := given.pop("file", ""):
        parts.append(f"<wp:attachment_url>{cdata(file)}</wp:attachment_url>")
    for taxonomy, term_slug, name in given.pop("terms", ()):
        parts.append(
            f"<category domain={quoteattr(taxonomy)} nicename={quoteattr(term_slug)}>"
            f"{cdata(name)}</category>"
        )
    for key, value in pairs:
        parts.append(
            f"<wp:postmeta><wp:meta_key>{cdata(key)}</wp:meta_key>"
            f"<wp:meta_value>{cdata(value)}</wp:meta_value></wp:postmeta>"
        )
    parts += given.pop("replies", ())
    assert not given, f"unknown: {given}"
    return "".join(parts) + "</item>\n"


def reply(number: int, text: str = "I agree.", **given: Any) -> str:
    at = given.pop("at", "2024-05-02 10:00:00")
    written = {
        "comment_id": number,
        "comment_author": given.pop("name", "Ann"),
        "comment_author_email": given.pop("email", f"ann{number}@reader.example"),
        "comment_author_url": given.pop("website", ""),
        "comment_author_IP": "203.0.113.9",
        "comment_date": at,
        "comment_date_gmt": at,
        "comment_content": text,
        "comment_approved": given.pop("approved", "1"),
        "comment_type": given.pop("type", "comment"),
        "comment_parent": given.pop("parent", 0),
        "comment_user_id": 0,
    }
    assert not given, f"unknown: {given}"
    fields = "".join(f"<wp:{key}>{cdata(str(value))}</wp:{key}>" for key, value in written.items())
    return f"<wp:comment>{fields}</wp:comment>"


def attachment(number: int, file: str, title: str = "A boat", alt: str = "", **given: Any) -> str:
    given.setdefault("link", f"{SITE}/attached-{number}/")
    given |= {"type": "attachment", "status": "inherit", "text": ""}
    given["meta"] = {"_wp_attachment_image_alt": alt} if alt else {}
    given["file"] = f"{SITE}/wp-content/uploads/{file}"
    return item(number, title, **given)


def wxr(*parts: str, site: str = SITE, language: str = "en-US") -> str:
    return HEAD.format(site=site, language=language) + "".join(parts) + TAIL


def export(folder: Path, parts: Iterable[str], name: str = "export.xml", **given: Any) -> Path:
    file = folder / name
    file.write_text(wxr(*parts, **given), encoding="utf-8")
    return file
