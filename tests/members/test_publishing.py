"""Versions of a code of conduct: a correction asks nobody, a change everybody who waits or sits in a group."""

from __future__ import annotations

import pytest

from members import publishing
from members.models.conduct import Acceptance, CodeOfConduct
from members.models.program import Organizer, Program
from members.models.questions import asked_of
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db
ADD, PAGE = "/admin/members/codeofconduct/add/", "/conduct/cto/"


def told():
    return sorted(Letter.objects.filter(kind="members/code_changed").values_list("to", flat=True))


@pytest.fixture
def everybody(applicant):
    stages = ("submitted", "pooled", "placed", "declined", "withdrawn", "dormant")
    return {stage: applicant(stage.title(), stage=stage) for stage in stages}


@pytest.mark.parametrize(
    ("kind", "addresses"),
    [("correction", []), ("change", ["placed@applied.example.org", "pooled@applied.example.org"])],
)
def test_a_change_is_told_to_pooled_and_placed_and_a_correction_to_nobody(
    kind, addresses, everybody, program, organizer
):
    made = publishing.publish(program, text="Be very kind.", kind=kind, by=organizer)
    assert (made.number, made.kind, made.text, told()) == (2, kind, "Be very kind.", addresses)


def test_the_first_version_is_told_to_nobody_and_asks_nobody_again(program, organizer, ada):
    made = publishing.publish(program, text="Be kind.", kind="correction", by=organizer)
    assert (made.number, made.kind, told()) == (1, "change", [])
    assert list(CodeOfConduct.objects.owed_by(ada)) == []


def test_the_same_words_are_no_version(code, program, organizer):
    with pytest.raises(NotAllowed, match="version 1"):
        publishing.publish(program, text=" Be\nkind. ", kind="change", by=organizer)


@pytest.mark.parametrize(
    ("kinds", "accepted", "owed"),
    [
        (["correction"], [1], []),
        (["change"], [1], [2]),
        (["change"], [2], []),
        (["change", "correction"], [2], []),
        (["change", "correction"], [3], []),
        (["correction", "change"], [2], [3]),
        (["change", "change"], [1], [2, 3]),
        (["change", "change"], [1, 3], []),
    ],
)
def test_who_owes_a_yes(kinds, accepted, owed, code, program, organizer, ada):
    for number, kind in enumerate(kinds):
        publishing.publish(program, text=f"Be kind, {number}.", kind=kind, by=organizer)
    for number in accepted:
        Acceptance.objects.create(code=program.codes.get(number=number), person=ada)
    found = CodeOfConduct.objects.owed_by(ada).filter(program=program).order_by("number")
    assert list(found.values_list("number", flat=True)) == owed


@pytest.mark.parametrize(("kind", "asks"), [("correction", []), ("change", ["agreement"])])
def test_an_application_is_asked_again_by_a_change_only(kind, asks, applicant, program, organizer):
    application = applicant("Wanda")
    publishing.publish(program, text="Be very kind.", kind=kind, by=organizer)
    assert asked_of(application) == asks


def test_the_page_marks_what_changed_since_one_s_own_version(applicant, program, organizer, sign_in):
    person = applicant("Wanda", stage="placed").person
    publishing.publish(program, text="Be very kind.", kind="change", by=organizer)
    publishing.publish(program, text="Be <b>very</b> kind.", kind="change", by=organizer)
    text = sign_in(person).get(PAGE).content.decode()
    assert "Be <ins>&lt;b&gt;very&lt;/b&gt; </ins>kind." in text
    assert ("beside version 1" in text, "I accept version 3" in text) == (True, True)


def test_a_yes_is_one_row_and_leads_back_to_the_groups(applicant, program, organizer, sign_in):
    person = applicant("Wanda", stage="placed").person
    publishing.publish(program, text="Be very kind.", kind="change", by=organizer)
    client = sign_in(person)
    answers = [client.post(PAGE, {"version": "2"}) for _ in range(2)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/groups/")] * 2
    assert sorted(person.acceptances.values_list("code__number", "how")) == [(1, "page"), (2, "page")]
    assert "You have accepted this version" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("version", ["1", "3", "x", ""])
def test_a_version_that_was_not_read_is_not_accepted(version, applicant, program, organizer, sign_in):
    person = applicant("Wanda", stage="placed").person
    publishing.publish(program, text="Be very kind.", kind="change", by=organizer)
    sign_in(person).post(PAGE, {"version": version})
    assert list(person.acceptances.values_list("code__number", flat=True)) == [1]


def test_looking_accepts_nothing_and_strangers_are_asked_to_sign_in(code, client, sign_in, stranger):
    assert client.get(PAGE)["Location"].startswith("/accounts/login/")
    assert sign_in(stranger).get(PAGE).status_code == 200
    assert (Acceptance.objects.count(), sign_in(stranger).get("/conduct/none/").status_code) == (0, 404)


def test_an_organizer_publishes_in_the_admin(everybody, sign_in, organizer):
    client = sign_in(organizer)
    page = client.get(ADD).context["adminform"].form
    assert page.initial["text"] == "Be kind."
    sent = {"program": page.initial["program"], "text": "Be very kind.", "kind": "change"}
    assert client.post(ADD, sent).status_code == 302
    assert list(CodeOfConduct.objects.values_list("number", "kind", "text")) == [
        (2, "change", "Be very kind."),
        (1, "change", "Be kind."),
    ]
    assert len(told()) == 2


def test_the_same_words_are_refused_on_the_page(code, program, sign_in, organizer):
    sent = {"program": program.pk, "text": "Be kind.", "kind": "change"}
    answer = sign_in(organizer).post(ADD, sent)
    assert (answer.status_code, CodeOfConduct.objects.count()) == (200, 1)
    assert "Nothing would change" in answer.content.decode()


def test_nobody_publishes_for_a_program_that_is_not_theirs_or_for_a_city(code, sign_in, organizer, chapter, person):
    other = Program.objects.create(slug="other", name="Other")
    Organizer.objects.create(program=other, person=chapter, metro="Chicago")
    sent = {"program": other.pk, "text": "Be bold.", "kind": "change"}
    assert [sign_in(who).post(ADD, sent).status_code for who in (organizer, chapter)] == [200, 404]
    assert CodeOfConduct.objects.count() == 1
