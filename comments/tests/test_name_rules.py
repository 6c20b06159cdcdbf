"""Names that look like the newsroom's own."""

from typing import Any

import pytest

from comments.models import Policy
from comments.moderation.findings import Severity
from comments.moderation.name_rules import RESERVED, reserved_name
from comments.tests.factories import make_submission

STAFF = ("The Daily Planet", "Hana Itō", "田中太郎", "Prince", "Олена Коваль")
RESERVED_HERE = "Ombudsman\nThe Desk\n読者室"

# The name, and which it looks like (None: nobody's).
CASES = [
    ("Editor", "Editor"),
    ("editor", "Editor"),
    ("EDITOR", "Editor"),
    ("Editor ", "Editor"),
    ("Еditor", "Editor"),  # Cyrillic Е
    ("Editοr", "Editor"),  # Greek ο
    ("Edit0r", "Editor"),
    ("Ed1tor", "Editor"),
    ("EdItor", "Editor"),
    ("Edltor", "Editor"),
    ("Éditör", "Editor"),
    ("ＥＤＩＴＯＲ", "Editor"),
    ("𝐄𝐝𝐢𝐭𝐨𝐫", "Editor"),
    ("E d i t o r", "Editor"),
    ("E.d.i.t.o.r", "Editor"),
    ("E-di-tor", "Editor"),
    ("3ditor", "Editor"),
    ("Chief Editor", "Editor"),
    ("Hana (editor)", "Editor"),
    ("The Editor", "Editor"),
    ("Editors", "Editors"),
    ("Аdmin", "Admin"),  # Cyrillic А
    ("Adrnin", "Admin"),
    ("ADMlN", "Admin"),
    ("@dmin", "Admin"),
    ("Admin123", "Admin"),
    ("M0derator", "Moderator"),
    ("Mod\u00e9rator", "Moderator"),
    ("Newsrоom", "Newsroom"),
    ("Redaktion", "Redaktion"),
    ("Редакция", "Редакция"),
    ("編集部", "編集部"),
    ("編集部の田中", "編集部"),
    ("週刊編集部", "編集部"),
    ("管理人", "管理人"),
    ("المحرر", "المحرر"),
    ("Ombudsman", "Ombudsman"),
    ("Our 0mbudsman", "Ombudsman"),
    ("the desk", "The Desk"),
    ("At the Desk", "The Desk"),
    ("読者室より", "読者室"),
    ("The Daily Planet", "The Daily Planet"),
    ("thedailyplanet", "The Daily Planet"),
    ("The Daily Planet Team", "The Daily Planet"),
    ("Hana Ito", "Hana Itō"),
    ("hana itō", "Hana Itō"),
    ("Ito Hana", "Hana Itō"),
    ("Hana Ito, The Planet", "Hana Itō"),
    ("Наnа Itо", "Hana Itō"),  # Cyrillic На, а, о
    ("田中太郎", "田中太郎"),
    ("田中 太郎", "田中太郎"),
    ("記者田中太郎", "田中太郎"),
    ("Prince", "Prince"),
    ("Олена Коваль", "Олена Коваль"),
    # --- Nobody's ---
    ("Hana", None),
    ("Hana W.", None),
    ("Ito", None),
    ("Hana Itoh", None),
    ("Prince Harry", None),
    ("The Artist formerly Prince", None),
    ("Daily Reader", None),
    ("Planet", None),
    ("Edith", None),
    ("Editha Torres", None),
    ("Editorialist", None),
    ("Adminah", None),
    ("Badmington", None),
    ("Modesto Rator", None),
    ("Desk", None),
    ("Theodesk", None),
    ("田中", None),
    ("太郎", None),
    ("編", None),
    ("Nguyễn Văn An", None),
    ("Олена", None),
    ("محمد", None),
    ("Reader 7", None),
    ("👋 Kim", None),
]


@pytest.mark.parametrize(("name", "looks_like"), CASES, ids=[case[0] for case in CASES])
def test_a_name_of_the_newsrooms_is_held(name, looks_like):
    policy = Policy(reserved_names=RESERVED_HERE)
    finding: Any = reserved_name(make_submission(name=name, policy=policy, staff_names=STAFF))
    if looks_like is None:
        assert finding is None
    else:
        assert (finding.rule, finding.severity) == ("reserved_name", Severity.HOLD)
        assert finding.reason == f"The name looks like “{looks_like}”, which is reserved."


def test_with_nothing_reserved_by_the_site_the_newsrooms_words_are():
    for name in RESERVED.splitlines():
        assert reserved_name(make_submission(name=name)), name
    assert reserved_name(make_submission(name="Ombudsman")) is None


def test_a_reserved_name_without_letters_reserves_nothing():
    policy = Policy(reserved_names="...\n \n!")
    assert reserved_name(make_submission(name="Hana", policy=policy)) is None
