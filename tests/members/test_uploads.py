"""A file on its way in: one yes is one import, a dead worker leaves nothing half done, and every try ends."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, connection

from members import leaving, tasks
from members.importing import Outcome, uploads
from members.models.application import Application
from members.models.person import Person
from members.models.review import Import, Step, Upload
from roundtable.errors import NotAllowed

GRACE = {"Name": "Grace Hopper", "Email": "grace@example.org", "Company": "Navy Yard"}
LONG = uploads.AT_ONCE + 1


@pytest.fixture
def kept(program, code, sheet, organizer):
    """A file of so many rows, with its columns settled where that is asked for."""

    def keep(*rows, count=0):
        many = [{"Name": f"Person {n}", "Email": f"p{n}@example.org", "Company": f"c{n}"} for n in range(count)]
        return uploads.keep(program, sheet(*(rows or many)), by=organizer)

    return keep


@pytest.fixture
def checked(kept):
    def make(*rows, count=0):
        upload = uploads.check(kept(*rows, count=count), {})
        uploads.run_waiting()
        upload.refresh_from_db()
        return upload

    return make


def state(upload):
    upload.refresh_from_db()
    return upload.step, upload.tries, bool(upload.content), Application.objects.count()


def test_a_short_file_is_checked_and_taken_in_at_once(kept):
    upload = uploads.check(kept({}, GRACE), {})
    assert (upload.step, uploads.report_of(upload).created, Application.objects.count()) == ("checked", 2, 0)
    upload = uploads.take(upload)
    assert (upload.step, uploads.report_of(upload).created, Application.objects.count()) == ("done", 2, 2)


def test_a_long_file_waits_for_a_worker_both_times(kept):
    upload = uploads.check(kept(count=LONG), {})
    assert state(upload) == ("checking", 0, True, 0)
    tasks.import_waiting()
    assert state(upload) == ("checked", 1, True, 0)
    uploads.take(upload)
    assert state(upload) == ("taking", 0, True, 0)
    assert uploads.progress_of(upload) == ("placed", 250, LONG)  # of the check; the import has not begun
    tasks.import_waiting()
    assert state(upload) == ("done", 1, False, LONG)
    assert uploads.progress_of(upload) == ("written", LONG, LONG)


def test_a_short_file_among_long_ones_does_not_wait(kept):
    long, short = kept(count=LONG), kept({})
    uploads.check(long, {})
    assert (uploads.check(short, {}).step, state(long)[0]) == ("checked", "checking")


def test_between_report_and_yes_the_file_is_closed_and_afterwards_gone(checked, organizer):
    upload = checked({"Company": "Zyzzyva", "Topics": "x" * 300, "Gender": "qwertz", "Where are you based?": "Zyzzyva"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT content, report FROM members_upload")
        assert [b"Zyzzyva" in bytes(cell) for cell in cursor.fetchone()] == [False, False]
    upload = uploads.take(upload)
    assert (upload.content, "Zyzzyva" in upload.report) == ("", False)
    made = Import.objects.get()
    assert (made.made_by, made.rows, made.created, made.updated, made.unchanged) == (organizer, 1, 1, 0, 0)
    assert "Zyzzyva" not in json.dumps(made.findings)


def test_a_refused_file_stays_until_the_organizer_decides(checked):
    upload = uploads.take(checked({}, GRACE | {"Email": "nobody"}))
    assert (upload.step, uploads.report_of(upload).count(Outcome.REFUSED), Person.objects.count()) == ("checked", 1, 1)
    upload = uploads.take(upload, leave_out_refused=True)
    assert (upload.step, Application.objects.get().person.email) == ("done", "ada@example.org")


def test_a_second_yes_is_the_first_one(checked):
    upload = checked({})
    assert [uploads.take(upload).step, uploads.take(upload).step, Import.objects.count()] == ["done", "done", 1]


@pytest.mark.django_db(transaction=True)
def test_two_windows_at_once_import_once(checked, at_once):
    upload = checked({}, GRACE)
    outcome = at_once(*[partial(uploads.take, upload)] * 3)
    assert (outcome.errors, Import.objects.count(), Application.objects.count()) == ([], 1, 2)


@pytest.mark.django_db(transaction=True)
def test_the_same_file_uploaded_twice_at_once_makes_nobody_twice(checked, at_once):
    outcome = at_once(*[partial(uploads.take, checked({}, GRACE)) for _ in range(2)])
    assert outcome.errors == []
    uploads.run_waiting()
    assert (Application.objects.count(), Person.objects.filter(email="ada@example.org").count()) == (2, 1)
    assert sorted(Import.objects.values_list("created", "unchanged")) == [(0, 2), (2, 0)]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_take_up_one_file_once(kept, at_once):
    upload = uploads.check(kept(count=LONG), {})
    assert at_once(uploads.run_waiting, uploads.run_waiting).errors == []
    assert state(upload) == ("checked", 1, True, 0)


@pytest.mark.parametrize("act", ["check", "take"])
def test_a_killed_worker_is_followed_by_the_next_once_its_time_is_over(act, checked, clock, monkeypatch):
    upload = checked(count=LONG)
    uploads.take(upload) if act == "take" else uploads.check(upload, {})
    with monkeypatch.context() as patch:
        patch.setattr(uploads, "work", lambda upload: None)  # claimed, and then the worker is gone
        uploads.run_waiting()
    upload.refresh_from_db()
    assert (upload.tries, upload.claimed_until) == (1, clock.now() + uploads.CLAIMED_FOR)
    uploads.run_waiting()
    assert state(upload)[:2] == ("taking" if act == "take" else "checking", 1)
    clock.forward(minutes=3)
    uploads.run_waiting()
    assert state(upload) == (("done", 2, False, LONG) if act == "take" else ("checked", 2, True, 0))


def test_after_three_interruptions_it_ends_with_a_sentence_and_nothing_was_taken_in(checked, clock, monkeypatch):
    upload = uploads.take(checked(count=LONG))
    monkeypatch.setattr(uploads, "work", lambda upload: None)
    for _ in range(4):
        uploads.run_waiting()
        clock.forward(minutes=3)
    assert state(upload) == ("failed", 3, False, 0)
    assert upload.failure == uploads.INTERRUPTED


def test_a_try_that_was_overtaken_writes_nothing(checked, clock):
    upload = uploads.take(checked(count=LONG))
    stale = uploads._claim(Upload.objects.select_for_update())
    clock.forward(minutes=3)
    uploads.run_waiting()
    before = state(upload), Import.objects.count()
    uploads.work(stale)
    assert (state(upload), Import.objects.count()) == before
    assert before == (("done", 2, False, LONG), 1)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(RuntimeError("a bug"), uploads.OURS), (SoftTimeLimitExceeded(), uploads.TOO_LONG)],
)
def test_what_goes_wrong_ends_as_a_sentence_and_leaves_nothing(error, sentence, checked, monkeypatch):
    upload = checked({}, GRACE)

    def breaks(*args, **kwargs):
        raise error

    monkeypatch.setattr("members.importing.writing._ask", breaks)  # the last thing of all, when everybody is written
    uploads.take(upload)
    assert state(upload) == ("failed", 1, False, 0)
    assert (upload.failure, Person.objects.count(), upload.report) == (sentence, 1, "")


def test_who_applies_in_that_very_moment_makes_it_try_again(checked, monkeypatch):
    upload = checked({}, GRACE)
    with monkeypatch.context() as patch:
        patch.setattr("members.importing.writing._ask", lambda entries: (_ for _ in ()).throw(IntegrityError()))
        uploads.take(upload)
    assert state(upload) == ("taking", 1, True, 0)
    uploads.run_waiting()
    assert state(upload) == ("done", 2, False, 2)


def test_a_file_is_kept_for_a_day(checked, clock):
    upload = checked({})
    clock.forward(hours=24)
    for act in (uploads.take, uploads.columns, lambda one: uploads.check(one, {})):
        with pytest.raises(NotAllowed, match="upload it again"):
            act(upload)
    clock.forward(seconds=1)
    leaving.tidy()
    assert (Upload.objects.count(), Application.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"Name": "left_out"}, "No column holds names."),
        ({"Email": "extra"}, "No column holds e-mail addresses."),
        ({"Company": "name"}, "Two columns are “Name”; leave one of them out."),
    ],
)
def test_columns_that_make_no_applications_are_refused_with_the_reason(chosen, sentence, kept):
    upload = kept({})
    with pytest.raises(NotAllowed, match=sentence.replace("“", ".").replace("”", ".")):
        uploads.check(upload, chosen)
    assert state(upload)[0] == "kept"


def test_columns_may_be_settled_anew_after_the_report_but_not_while_it_is_at_work(checked, kept):
    upload = uploads.check(checked({}), {"Company": "left_out"})
    assert uploads.report_of(upload).columns["Company"] == "left_out"
    busy = uploads.check(kept(count=LONG), {})
    with pytest.raises(NotAllowed, match="already"):
        uploads.check(busy, {})


def test_without_a_report_there_is_no_yes(kept):
    with pytest.raises(NotAllowed, match="Look at the report"):
        uploads.take(kept({}))


@pytest.mark.parametrize("raw", [b"", b"Name,Email\n", b"\x89PNG\r\n", b"Ada,ada@example.org\n", b"x" * (11 * 1024**2)])
def test_a_file_that_nobody_could_read_is_not_kept(raw, program, organizer):
    with pytest.raises(NotAllowed):
        uploads.keep(program, raw, by=organizer)
    assert Upload.objects.count() == 0


def test_a_file_is_claimed_for_longer_than_its_task_may_run():
    task = tasks.import_waiting
    assert timedelta(seconds=task.time_limit) < uploads.CLAIMED_FOR
    assert task.soft_time_limit < task.time_limit


def test_every_step_is_left_by_somebody():
    """None of them is for ever: a worker, the organizer or the end of the day moves each on."""
    assert set(Step) == {"kept", "checking", "checked", "taking", "done", "failed"}
