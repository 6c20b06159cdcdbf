"""On a model of its own: newsroom has no record, its apps have."""

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps

from newsroom.append_only import AppendOnly, RecordsAreFinal

with isolate_apps("newsroom"):

    class Note(AppendOnly):
        text = models.CharField(max_length=20)

        class Meta:
            app_label = "newsroom"


@pytest.fixture
def note(db):
    sql, _ = connection.schema_editor(collect_sql=True).table_sql(Note)
    with connection.cursor() as cursor:
        cursor.execute(sql)
    return Note.objects.create(text="first")


def texts():
    return list(Note.objects.order_by("pk").values_list("text", flat=True))


def test_records_are_added_and_read(note):
    Note(text="second").save()
    Note.objects.bulk_create([Note(text="third")])
    assert texts() == ["first", "second", "third"]


def change(note):
    note.text = "changed"
    note.save()


FORBIDDEN = {
    "saving it again": change,
    "saving one field": lambda note: note.save(update_fields=["text"]),
    "deleting it": lambda note: note.delete(),
    "updating all": lambda note: Note.objects.update(text="changed"),
    "updating some": lambda note: Note.objects.filter(pk=note.pk).update(text="changed"),
    "updating in bulk": lambda note: Note.objects.bulk_update([note], ["text"]),
    "deleting all": lambda note: Note.objects.all().delete(),
    "deleting some": lambda note: Note.objects.filter(pk=note.pk).delete(),
    "updating or creating": lambda note: Note.objects.update_or_create(
        {"text": "changed"}, pk=note.pk
    ),
}


@pytest.mark.parametrize("attempt", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_a_record_is_neither_changed_nor_deleted(note, attempt):
    with pytest.raises(RecordsAreFinal):
        attempt(note)
    assert texts() == ["first"]


def test_a_new_object_does_not_take_the_place_of_a_record(note):
    with pytest.raises(IntegrityError), transaction.atomic():
        Note(pk=note.pk, text="changed").save()
    assert texts() == ["first"]


def test_a_record_that_meets_another_does_not_change_it(note):
    with pytest.raises(RecordsAreFinal):
        Note.objects.bulk_create(
            [Note(pk=note.pk, text="changed")],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["text"],
        )
    assert texts() == ["first"]
