"""A wire that waits to be compared with its piece, and the page on which that is done."""

from articles.models import Article
from articles.tests.wire_desk import bring, page_of
from articles.wire.taking import take
from newsroom.tests.browsing import dom, fields_of

OLD = "<p>The tide rose to three metres.</p><p>Two ferries turned back.</p><p>Nobody was hurt.</p>"
OURS = OLD.replace("Two ferries", "Both ferries")
CLASH = OLD.replace("three", "four").replace("Two ferries", "Three ferries")


def edit(article, by, **fields):
    for name, value in fields.items():
        setattr(article, name, value)
    article.save()
    article.record(by=by)


def waiting(editor, *, new=CLASH, ours=OURS, is_public=False, **fields):
    """A taken wire that the desk has edited and the agency has sent anew."""
    item = bring(body=OLD, headline="Barrier closes")
    article = take(item, by=editor)
    edit(article, editor, body=ours)
    if is_public:
        article.publish(by=editor)
    fields = {"version": 2, "headline": "Barrier closes", "body": new} | fields
    item = bring(guid=item.guid, **fields)
    assert item.needs_person
    return item


def compare(item):
    return f"{page_of(item)}compare/"


def send(client, item, button="_save", choose="", **changes):
    """Fill in the form as a browser does; `choose` is for each place where nothing is chosen."""
    page = client.get(compare(item))
    assert page.status_code == 200
    fields = fields_of(page)
    if choose:
        fields |= dict.fromkeys(open_places(page), choose)
    return client.post(compare(item), fields | changes | {button: "pressed"})


def open_places(page):
    """The names of the places where a person must choose."""
    places = [
        each for each in dom(page).iter("fieldset") if "is-undecided" in each.get("class", "")
    ]
    return [each.get("id") for each in places]


def article_of(item):
    return Article.objects.get(wire_item=item)
