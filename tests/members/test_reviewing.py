from __future__ import annotations

from datetime import timedelta

import pytest

from members import reviewing
from members.models.application import IdentityAnswers, Placed
from members.models.hours import Hours
from members.models.place import PlaceAlias
from members.stages import DeclineCode
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter

MINNEAPOLIS, SPRINGFIELD = 5037649, 4250542


def state(application):
    application.refresh_from_db()
    return application.stage, bool(application.held_at), bool(application.decided_at)


def test_an_accepted_application_is_pooled_and_its_letter_waits_a_quarter_of_an_hour(
    applicant, organizer, letters, clock
):
    application = applicant("Wanda")
    decision = reviewing.accept(application, by=organizer)
    assert state(application) == ("pooled", False, True)
    assert letters() == [("members/accepted", "wanda@applied.example.org", "queued")]
    assert Letter.objects.get().not_before == clock.now() + timedelta(minutes=15)
    assert (decision.from_stage, decision.to_stage, decision.decided_by) == ("submitted", "pooled", organizer)


@pytest.mark.parametrize("why", list(DeclineCode))
def test_each_no_has_a_letter_of_its_own_and_the_organizers_words_stay_inside(why, applicant, organizer, letters):
    application = applicant("Wanda")
    reviewing.decline(application, why, by=organizer, words="a private remark")
    assert state(application) == ("declined", False, True)
    assert letters() == [(f"members/declined_{why}", "wanda@applied.example.org", "queued")]
    letter = Letter.objects.get()
    assert "remark" not in letter.text + letter.html
    assert [note.text for note in application.notes.all()] == ["a private remark"]


@pytest.mark.parametrize("act", ["accept", "decline", "hold"])
def test_undo_takes_back_decision_and_letter(act, applicant, organizer, letters):
    application = applicant("Wanda", agreed=act != "hold")
    act_on(application, act, organizer)
    reviewing.undo(application, by=organizer)
    assert state(application) == ("submitted", False, False)
    assert [state for _, _, state in letters()] == ["cancelled"]
    assert application.decisions.get().undone_at is not None


def test_after_a_quarter_of_an_hour_a_decision_stands(applicant, organizer, clock):
    application = applicant("Wanda")
    reviewing.accept(application, by=organizer)
    clock.forward(minutes=15)
    with pytest.raises(NotAllowed, match="letter has left"):
        reviewing.undo(application, by=organizer)
    assert state(application) == ("pooled", False, True)


def test_undo_has_nothing_to_take_back_twice(applicant, organizer):
    application = applicant("Wanda")
    reviewing.accept(application, by=organizer)
    reviewing.undo(application, by=organizer)
    with pytest.raises(NotAllowed, match="no decision"):
        reviewing.undo(application, by=organizer)


def test_who_was_declined_out_of_the_pool_comes_back_to_be_looked_at(applicant, organizer):
    application = applicant("Wanda", stage="pooled")
    reviewing.decline(application, DeclineCode.NO_POOL, by=organizer)
    reviewing.undo(application, by=organizer)
    assert state(application) == ("submitted", False, False)


def test_a_decision_after_a_decision_replaces_its_letter(applicant, organizer, letters):
    application = applicant("Wanda")
    reviewing.accept(application, by=organizer)
    reviewing.decline(application, DeclineCode.AUDIENCE, by=organizer)
    assert [(kind, state) for kind, _, state in letters()] == [
        ("members/accepted", "cancelled"),
        ("members/declined_audience", "queued"),
    ]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"agreed": False}, "code of conduct"),
        ({"zone": ""}, "place is not clear"),
        ({"placed": Placed.ASK}, "place is not clear"),
        ({"placed": Placed.ASK, "mode": "video"}, None),
        ({"mode": "in_person", "metro": ""}, "place is not clear"),
        ({"stage": "pooled"}, "cannot become pooled"),
        ({"stage": "withdrawn"}, "cannot become pooled"),
        ({}, None),
    ],
)
def test_only_what_has_no_open_question_is_accepted(fields, sentence, applicant, organizer, letters):
    application = applicant("Wanda", **fields)
    before = application.stage
    if sentence is None:
        reviewing.accept(application, by=organizer)
        assert state(application)[0] == "pooled"
        return
    with pytest.raises(NotAllowed, match=sentence):
        reviewing.accept(application, by=organizer)
    assert (state(application)[0], letters()) == (before, [])


def test_who_is_accepted_is_still_asked_what_does_not_keep_them_out(applicant, organizer):
    application = applicant("Wanda")
    IdentityAnswers.objects.create(application=application, answers='{"dimensions": ["gender:woman"]}')
    reviewing.accept(application, by=organizer)
    kinds = sorted(Letter.objects.exclude(state="cancelled").values_list("kind", flat=True))
    assert kinds == ["members/accepted", "members/question"]


def test_hold_asks_for_what_is_open_and_for_nothing_else(applicant, organizer, letters):
    application = applicant("Wanda", agreed=False)
    reviewing.hold(application, by=organizer)
    assert state(application) == ("submitted", True, False)
    letter = Letter.objects.get()
    assert letter.kind == "members/question"
    assert ("code of conduct" in letter.text, "Where are you" in letter.text) == (True, False)


def test_hold_without_an_open_question_writes_to_nobody(applicant, organizer, letters):
    application = applicant("Wanda")
    reviewing.hold(application, by=organizer)
    assert (state(application), letters()) == (("submitted", True, False), [])
    with pytest.raises(NotAllowed, match="already"):
        reviewing.hold(application, by=organizer)


def test_one_refusal_stops_nobody_else(applicant, organizer):
    fine, open_one = applicant("Wanda"), applicant("Xenia", agreed=False)
    sweep = reviewing.each([open_one, fine], lambda one: reviewing.accept(one, by=organizer))
    assert (sweep.done, [(one, sentence[:23]) for one, sentence in sweep.refused]) == (
        1,
        [(open_one, "The code of conduct is ")],
    )
    assert (state(fine)[0], state(open_one)[0]) == ("pooled", "submitted")


def test_a_settled_place_teaches_the_same_words_and_gives_the_clock(applicant, organizer):
    nowhere = {"placed": Placed.UNKNOWN, "place_name": "", "metro": "", "zone": ""}
    first = applicant("Wanda", place_text="by the big loon", **nowhere)
    second = applicant("Xenia", place_text="By the BIG loon!", **nowhere)
    third = applicant("Yoko", place_text="elsewhere", **nowhere)
    settled = reviewing.settle_place(first, MINNEAPOLIS, by=organizer)
    assert {one.pk for one in settled} == {first.pk, second.pk}
    assert PlaceAlias.objects.meanings(first.program) == {"by the big loon": MINNEAPOLIS}
    for application in (first, second):
        application.refresh_from_db()
        assert (application.placed, application.place_name, application.metro) == (
            "resolved",
            "Minneapolis",
            "Twin Cities",
        )
        assert Hours.objects.get(application=application).zone == "America/Chicago"
    third.refresh_from_db()
    assert third.placed == "unknown"


def test_a_name_with_rivals_teaches_nothing(applicant, organizer):
    application = applicant("Wanda", place_text="Springfield", placed=Placed.ASK)
    other = applicant("Xenia", place_text="Springfield", placed=Placed.ASK)
    assert reviewing.settle_place(application, SPRINGFIELD, by=organizer) == [application]
    other.refresh_from_db()
    assert (other.placed, PlaceAlias.objects.count()) == ("ask", 0)


def test_an_unknown_place_is_refused(applicant, organizer):
    application = applicant("Wanda", placed=Placed.ASK)
    with pytest.raises(NotAllowed, match="no such place"):
        reviewing.settle_place(application, 0, by=organizer)


def act_on(application, act, organizer):
    if act == "decline":
        return reviewing.decline(application, DeclineCode.AUDIENCE, by=organizer)
    return {"accept": reviewing.accept, "hold": reviewing.hold}[act](application, by=organizer)


@pytest.mark.django_db(transaction=True)
def test_two_organizers_at_once_decide_once(applicant, organizer, superuser, at_once, letters):
    application = applicant("Wanda")
    outcome = at_once(
        lambda: reviewing.accept(application, by=organizer),
        lambda: reviewing.accept(application, by=superuser),
    )
    assert [type(error) for error in outcome.errors] == [NotAllowed]
    assert application.decisions.count() == 1
    assert letters() == [("members/accepted", "wanda@applied.example.org", "queued")]


@pytest.mark.parametrize(
    ("others", "told"), [(3, "a few people wait."), (4, "5 people wait, you among them."), (6, "7 people wait")]
)
def test_the_letter_of_acceptance_tells_how_many_wait_from_five_on(others, told, applicant, organizer):
    for number in range(others):
        applicant(f"P{number}", stage="pooled", mode="in_person")
    reviewing.accept(applicant("Wanda", mode="in_person"), by=organizer)
    text = Letter.objects.get(kind="members/accepted").text
    assert f"- Bay Area, in person: {told}" in text
    assert "/status/" in text
    assert "Would you host?" in text
