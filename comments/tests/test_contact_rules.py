"""Email addresses and telephone numbers in a text, and what only looks like them."""

from typing import Any

import pytest

from comments.models import Policy
from comments.moderation.contact_rules import contact_details
from comments.moderation.findings import Severity
from comments.tests.typed import typed

# What it is, what is typed, and the part that is found (None: nothing).
CASES = [
    # --- Email addresses ---
    ("an address", "Write to name@example.org please", "name@example.org"),
    ("an address in brackets", "(name@example.org)", "name@example.org"),
    ("an address with tags", "name<b>@</b>example.org", "name@example.org"),
    ("an address with an entity", "name&#64;example.org", "name@example.org"),
    ("a full-width at sign", "name＠example.org", "name＠example.org"),
    ("full-width dots", "name@example．org", "name@example．org"),
    ("an address beside Japanese", "連絡は name@example.jp まで", "name@example.jp"),
    ("a Russian address", "почта@пример.рф", "почта@пример.рф"),
    ("spelt", "name at example dot org", "name at example dot org"),
    ("spelt in capitals", "Name AT Example DOT Com", "Name AT Example DOT Com"),
    ("spelt with brackets", "name (at) example (dot) org", "name (at) example (dot) org"),
    ("spelt with brackets, tight", "name[at]example[dot]org", "name[at]example[dot]org"),
    ("spelt in part", "name (at) example.org", "name (at) example.org"),
    ("spelt, the dot alone", "name@example dot org", "name@example dot org"),
    ("spelt with spaces", "name @ example . org", "name @ example . org"),
    ("spelt in German", "name ät beispiel punkt de", "name ät beispiel punkt de"),
    ("spelt in Spanish", "nombre arroba ejemplo punto com", "nombre arroba ejemplo punto com"),
    ("spelt, two labels", "name at mail dot example dot com", "name at mail dot example dot com"),
    ("look at a host", "Look at example.org and see", None),
    ("a dot in the sky", "He stared at a dot in the sky", None),
    ("a boom", "They laughed at the dot com boom", None),
    ("a package", "react@18.2.0 broke it", None),
    ("a mention", "@hana I agree. Right?", None),
    ("prices", "3 apples @ 2.50 each", None),
    # --- Telephone numbers ---
    ("with a country code", "Call me: +44 20 7946 0958!", "+44 20 7946 0958"),
    ("without spaces", "+442079460958", "+442079460958"),
    ("with a trunk zero", "+49 (0)30 901820", "+49 (0)30 901820"),
    ("with 00", "0044 20 7946 0958", "0044 20 7946 0958"),
    ("British", "020 7946 0958", "020 7946 0958"),
    ("British mobile", "07700 900123", "07700 900123"),
    ("German", "030/9018-2000", "030/9018-2000"),
    ("French", "06 12 34 56 78", "06 12 34 56 78"),
    ("French with dots", "06.12.34.56.78", "06.12.34.56.78"),
    ("Japanese", "電話は03-1234-5678です", "03-1234-5678"),
    ("Japanese mobile", "090-1234-5678", "090-1234-5678"),
    ("full-width digits", "０９０－１２３４－５６７８", "０９０－１２３４－５６７８"),
    ("Arabic digits", "هاتف ٠٢٠٧٩٤٦٠٩٥٨", "٠٢٠٧٩٤٦٠٩٥٨"),
    ("American", "212-555-0123", "212-555-0123"),
    ("American with brackets", "(212) 555-0123", "(212) 555-0123"),
    ("American with dots", "212.555.0123", "212.555.0123"),
    ("after a word", "WhatsApp 1234567", "1234567"),
    ("after a word and a colon", "Tel.: 555 12 34", "555 12 34"),
    ("Russian", "тел. 8 912 345-67-89", "8 912 345-67-89"),
    ("without separators", "07700900123", "07700900123"),
    ("years", "the war of 1914-1918", None),
    ("years in a row", "1990-1995-2000-2005", None),
    ("a date", "on 01.02.2003", None),
    ("a date with hyphens", "2024-01-31", None),
    ("a date and a time", "01.02.2003 04:05", None),
    ("an American date", "09/11/2001", None),
    ("an ISBN", "ISBN 978-3-16-148410-0", None),
    ("an ISBN of ten digits", "ISBN 0-306-40615-2", None),
    ("an ISBN that begins like a number", "ISBN 03-064-06152", None),
    ("a bare ISBN", "978-3-16-148410-0", None),
    ("scores", "They won 3-2, 0-0, 4-1 and 6-4 7-6 6-3", None),
    ("a price", "$1,234,567.89", None),
    ("a price with spaces", "1 000 000 000 €", None),
    ("a decimal", "0.123456789", None),
    ("pi", "3.14159265358979", None),
    ("a share", "051.234567 %", None),
    ("a Japanese street", "丸の内1-2-3 45-67", None),
    ("a Japanese postal code", "〒060-0001 12-34", None),
    ("an American postal code", "Boston, MA 02110-1301, USA", None),
    ("statistics", "12 345 678 of 98 765 432", None),
    ("a serial number", "case 4711081512", None),
    ("an address of a network", "192.168.100.200", None),
    ("a temperature", "+35 and -12 degrees", None),
    ("an agent", "007 and 0815", None),
    ("noughts", "000000000000", None),
    ("a number in an address", "https://example.org/0123456789/", None),
    ("a decimal with a sign", "+0.1234567", None),
    ("a percentage", "+12345678%", None),
]


@pytest.mark.parametrize(
    ("text", "found"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_contact_details_are_seen_and_nothing_else(text, found):
    reply = typed(text)
    finding: Any = contact_details(reply)
    assert (finding and reply.readable[slice(*finding.span)]) == found
    if finding:
        assert (finding.rule, finding.severity) == ("contact_details", Severity.HOLD)
        assert finding.reason
    assert contact_details(typed(text, policy=Policy(hold_contact_details=False))) is None


@pytest.mark.parametrize("name", ["Hana +44 20 7946 0958", "hana at example dot org"])
def test_names_are_read_too(name):
    finding: Any = contact_details(typed("Hello.", name=name))
    assert finding.span is None
    assert finding.reason.endswith("It stands in the name.")


def test_no_reason_quotes_an_address():
    finding: Any = contact_details(typed("name@example.org"))
    assert finding.reason == "It has an email address in it."
