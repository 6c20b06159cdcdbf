"""Exports of WordPress, read item by item, and what is mended on the way."""

import gzip
import random
import subprocess
import sys
from pathlib import Path

import pytest

from articles.importers.errors import Refused
from articles.importers.wordpress.opening import Source
from articles.importers.wordpress.reading import read
from articles.importers.wordpress.records import (
    AuthorRecord,
    Mended,
    PostRecord,
    SiteRecord,
    TermRecord,
)
from tests.soak import SEED, size

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared/data/wordpress"
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/{v}/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="{scheme}://wordpress.org/export/{v}/"><channel>
<title>Old paper</title><link>https://old.example/</link><language>en</language>
<wp:wxr_version>{v}</wp:wxr_version><wp:base_site_url>https://old.example</wp:base_site_url>
<wp:base_blog_url>https://old.example/blog/</wp:base_blog_url>
<wp:author><wp:author_id>2</wp:author_id><wp:author_login>ada</wp:author_login>
<wp:author_display_name><![CDATA[Ada Quist]]></wp:author_display_name></wp:author>
<wp:category><wp:category_nicename>news</wp:category_nicename><wp:cat_name>News</wp:cat_name></wp:category>
<wp:tag><wp:tag_slug>sea</wp:tag_slug><wp:tag_name>Sea</wp:tag_name></wp:tag>
"""
ITEM = """<item><title>Tides &amp; time</title><link>https://old.example/tides/</link>
<pubDate>Fri, 20 Nov 2020 08:00:00 +0000</pubDate><dc:creator>ada</dc:creator>
<content:encoded><![CDATA[{text}]]></content:encoded><excerpt:encoded><![CDATA[Short.]]></excerpt:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_date>2020-11-20 09:00:00</wp:post_date>
<wp:post_date_gmt>{gmt}</wp:post_date_gmt><wp:post_name>tides</wp:post_name>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type><wp:is_sticky>1</wp:is_sticky>
<wp:comment_status>closed</wp:comment_status>
<category domain="category" nicename="news"><![CDATA[News]]></category>
<category domain="post_tag" nicename="sea"><![CDATA[Sea]]></category>
<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>7</wp:meta_value></wp:postmeta>
<wp:comment><wp:comment_id>5</wp:comment_id><wp:comment_author>Bo</wp:comment_author>
<wp:comment_author_email>bo@reader.example</wp:comment_author_email>
<wp:comment_date_gmt>2020-11-21 10:00:00</wp:comment_date_gmt>
<wp:comment_content>Yes.</wp:comment_content>
<wp:comment_approved>0</wp:comment_approved><wp:comment_parent>4</wp:comment_parent></wp:comment>
</item>
"""
END = "</channel></rss>\n"


def item(number=17, text="The text.", gmt="2020-11-20 08:00:00"):
    return ITEM.format(number=number, text=text, gmt=gmt)


def export(*items, v="1.2", scheme="http"):
    return HEAD.format(v=v, scheme=scheme) + "".join(items or [item()]) + END


def records(text, tmp_path, name="export.xml"):
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read(file, name))


def of(kind, found):
    return [each for each in found if isinstance(each, kind)]


@pytest.mark.parametrize("v", ["1.0", "1.1", "1.2"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_version_is_read_whichever_way_its_namespace_is_written(tmp_path, v, scheme):
    found = records(export(v=v, scheme=scheme), tmp_path)
    assert found[0] == SiteRecord("https://old.example/blog", "Old paper", "en", v)
    assert of(AuthorRecord, found) == [AuthorRecord("ada", "Ada Quist", 2)]
    terms = [(each.taxonomy, each.slug, each.name) for each in of(TermRecord, found)]
    assert terms == [("category", "news", "News"), ("post_tag", "sea", "Sea")]
    [post] = of(PostRecord, found)
    assert (post.number, post.type, post.status, post.slug) == (17, "post", "publish", "tides")
    assert (post.title, post.text, post.excerpt) == ("Tides & time", "The text.", "Short.")
    assert post.at is not None and post.at.isoformat() == "2020-11-20T08:00:00+00:00"
    assert post.terms == (("category", "news", "News"), ("post_tag", "sea", "Sea"))
    assert (post.is_sticky, post.takes_replies, post.creator) == (True, False, "ada")
    assert post.values_of("_thumbnail_id") == ["7"]
    [reply] = post.replies
    assert (reply.number, reply.name, reply.approved, reply.parent) == (5, "Bo", "0", 4)
    assert reply.email == "bo@reader.example" and "bo@" not in repr(post)
    assert of(Mended, found) == []


def test_a_file_may_be_compressed(tmp_path):
    file = tmp_path / "export.xml.gz"
    file.write_bytes(gzip.compress(export().encode()))
    assert len(of(PostRecord, Source(file).records())) == 1
    file.write_bytes(gzip.compress(export().encode())[:-40])
    with pytest.raises(Refused, match="compressed file is broken"):
        list(Source(file).records())


@pytest.mark.parametrize(
    ("damage", "told", "text"),
    [
        (lambda s: s.replace("The text.", "caf\xe9").encode("cp1252"), "Windows-1252", "caf\xe9"),
        (lambda s: s.replace("The text.", "a\x07b"), "Control characters", "ab"),
        (lambda s: "\n\n" + s, "Blank lines", "The text."),
        (lambda s: "Warning: x in y.php\n" + s, "before the export", "The text."),
        (lambda s: s.replace("The text.", "a <![CDATA[b]]> c"), "CDATA", "a <![CDATA[b]]> c"),
        (lambda s: s.replace("<wp:wxr_version>1.2</wp:wxr_version>", ""), "version", "The text."),
    ],
)
def test_what_sites_break_is_mended_and_told(tmp_path, damage, told, text):
    found = records(damage(export()), tmp_path)
    assert any(told in each.what for each in of(Mended, found))
    assert of(PostRecord, found)[0].text == text


def test_a_bare_ampersand_and_entities_of_html_are_read(tmp_path):
    text = export().replace("Tides &amp; time", "Tides & time&nbsp;now")
    assert of(PostRecord, records(text, tmp_path))[0].title == "Tides & time\xa0now"


def test_a_zero_date_in_utc_is_made_out_from_the_others(tmp_path):
    found = records(export(item(gmt="0000-00-00 00:00:00")), tmp_path)
    [post] = of(PostRecord, found)
    assert post.at is not None and post.at.hour == 8
    assert "Its date in UTC is missing" in of(Mended, found)[0].what


def test_missing_titles_slugs_and_numbers_are_told(tmp_path):
    bare = "<item><wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>"
    found = records(export(bare), tmp_path)
    said = " ".join(each.what for each in of(Mended, found))
    for words in ("number", "date", "title", "slug"):
        assert words in said


def test_a_broken_file_gives_what_was_whole_and_names_line_and_item(tmp_path):
    text = export(item(1), item(2), "<item><title>x</item>", item(3))
    file = tmp_path / "broken.xml"
    file.write_text(text)
    found = []
    with pytest.raises(Refused) as refused:
        for record in read(file, "broken.xml"):
            found.append(record)
    assert [post.number for post in of(PostRecord, found)] == [1, 2]
    place = refused.value.place
    assert place.file == "broken.xml"
    assert place.line == text[: text.index("<title>x")].count("\n") + 1
    assert "item 3" in place.item


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
def test_a_file_that_ends_too_early_is_refused(tmp_path, cut):
    text = export(*(item(number) for number in range(1, 9)))
    with pytest.raises(Refused):
        records(text[: int(len(text) * cut)], tmp_path)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no <rss>"),
        ("Hello", "no <rss>"),
        ("<rss version='2.0'><channel/></rss>", "no export of WordPress"),
        ('<!DOCTYPE rss [<!ENTITY a "b">]>' + export(), "document type"),
    ],
)
def test_what_is_no_export_is_refused(tmp_path, text, reason):
    with pytest.raises(Refused, match=reason):
        records(text, tmp_path)


def test_lines_are_counted_beyond_what_parsers_remember(tmp_path):
    text = export(item(1, "line\n" * 70_000), item(2))
    second = of(PostRecord, records(text, tmp_path))[1]
    assert second.place.line == text[: text.rindex("<item>")].count("\n") + 1


MEASURE = """
import os, resource, sys
sys.path.insert(0, {root!r})
os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
import django
django.setup()
from pathlib import Path
from articles.importers.wordpress.reading import read
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
number = sum(1 for _ in read(Path({file!r}), "large.xml"))
print(number, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.soak
def test_memory_does_not_grow_with_the_file(tmp_path):
    megabytes = size(24, 2048)
    file = tmp_path / "large.xml"
    one = item(text="x" * 100_000)
    with file.open("w") as opened:
        opened.write(HEAD.format(v="1.2", scheme="http"))
        for _ in range(megabytes * 10):
            opened.write(one)
        opened.write(END)
    code = MEASURE.format(root=str(ROOT), file=str(file))
    environment = {"NEWSROOM_STATE": str(tmp_path / "state"), "PATH": ""}
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    number, kilobytes = map(int, run.stdout.split())
    assert number == megabytes * 10 + 4
    assert kilobytes < 60_000


@pytest.mark.soak
def test_a_damaged_export_is_read_or_refused(tmp_path):
    chance = random.Random(SEED)
    whole = export(item(1), item(2, "a ]]> b & <c"), item(3)).encode()
    outcomes = {"read": 0, "refused": 0}
    for _ in range(size(300, 5_000)):
        data = bytearray(whole)
        for _each in range(chance.randint(1, 5)):
            at = chance.randrange(len(data))
            if chance.random() < 0.5:
                data[at] = chance.randrange(256)
            else:
                del data[at : at + chance.randint(1, 60)]
        try:
            records(bytes(data), tmp_path)
            outcomes["read"] += 1
        except Refused:
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 0


WHOLE = [path for path in sorted(SHARED.glob("*.xml")) if path.name != "malformed.xml"]


def test_the_exports_that_others_share_are_read():
    for path in WHOLE:
        found = list(read(path, path.name))
        assert of(SiteRecord, found)[0].address.startswith("http")
    if (broken := SHARED / "malformed.xml").exists():
        with pytest.raises(Refused) as refused:
            list(read(broken, broken.name))
        assert refused.value.place.line > 0
