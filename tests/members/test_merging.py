"""Two applications of one person become one, and an organizer's word on companies."""

from __future__ import annotations

import json

import pytest

from members import companies, merging
from members.models.apart import KeepApart, KeepApartLine
from members.models.application import IdentityAnswers
from members.models.conduct import Acceptance
from members.models.hours import Hours
from members.models.review import CompanyWord, Note
from roundtable.audit import AuditLine
from roundtable.errors import NotAllowed


@pytest.fixture
def two(applicant):
    return applicant("Ada One", role="cto", topics=["hiring"]), applicant("Bea Two", role="vp", topics=["metrics"])


def test_the_kept_one_takes_over_what_was_ticked_and_the_other_is_declined(two, organizer, letters):
    kept, other = two
    Hours.objects.filter(application=other).update(good="f" * 84, zone="Europe/Berlin")
    merging.merge(kept, other, taken=["role", "hours"], by=organizer)
    kept.refresh_from_db()
    other.refresh_from_db()
    assert (kept.stage, kept.role, kept.topics) == ("submitted", "vp", ["hiring"])
    assert Hours.objects.get(application=kept).zone == "Europe/Berlin"
    assert (other.stage, other.role) == ("declined", "vp")
    assert letters() == [("members/declined_duplicate", other.person.email, "queued")]
    assert AuditLine.objects.filter(verb="merged", about=f"application:{kept.pk}").count() == 1


def test_notes_agreements_pairs_and_requests_come_along(two, applicant, organizer):
    kept, other = two
    third = applicant("Grace")
    Acceptance.objects.filter(person=kept.person).delete()
    Note.objects.create(application=other, author=organizer, text="met her")
    KeepApart.objects.create(program=kept.program, one=other, other=third)
    KeepApart.objects.create(program=kept.program, one=kept, other=other)
    line = KeepApartLine.objects.create(application=other, words="Initech")
    KeepApart.objects.create(program=kept.program, one=other, other=third, line=line)
    merging.merge(kept, other, taken=[], by=organizer)
    assert [note.text for note in kept.notes.all()] == ["met her"]
    assert Acceptance.objects.filter(person=kept.person, how="merged").count() == 1
    mine = KeepApartLine.objects.get(application=kept)
    pairs = [(pair.one_id, pair.other_id, pair.line_id) for pair in KeepApart.objects.order_by("pk")]
    assert pairs == [(kept.pk, third.pk, mine.pk), (kept.pk, third.pk, None)]
    assert mine.words == "Initech"


@pytest.mark.parametrize("consented", [True, False])
def test_wishes_of_both_are_kept_unseen_and_a_missing_yes_stays_missing(consented, two, sensitive, organizer):
    kept, other = two
    sensitive(kept, '{"dimensions": [], "never_alone": ["gender:woman"]}')
    row = sensitive(other, '{"dimensions": ["carer:yes"], "never_alone": []}')
    if not consented:
        IdentityAnswers.objects.filter(pk=row.pk).update(consented_at=None)
    merging.merge(kept, other, taken=[], by=organizer)
    joined = IdentityAnswers.objects.get(application=kept)
    assert json.loads(joined.answers) == {"dimensions": ["carer:yes"], "never_alone": ["gender:woman"]}
    assert bool(joined.consented_at) is consented


@pytest.mark.parametrize("stage", ["declined", "withdrawn", "placed"])
def test_only_what_waits_becomes_one_and_a_refusal_changes_nothing(stage, applicant, organizer, letters):
    kept, other = applicant("Ada One"), applicant("Bea Two", stage=stage)
    with pytest.raises(NotAllowed, match="that wait"):
        merging.merge(kept, other, taken=["role"], by=organizer)
    assert letters() == []


def test_an_application_is_not_merged_with_itself(two, organizer):
    with pytest.raises(NotAllowed, match="Only two applications"):
        merging.merge(two[0], two[0], taken=[], by=organizer)


def keys(*applications):
    for application in applications:
        application.refresh_from_db()
    return [application.company_key for application in applications]


def test_two_names_are_one_company_from_now_on(applicant, program, organizer):
    one = applicant("Ada", company="Rapid Payments", company_key="rapid payments")
    other = applicant("Grace", company="RapidPay", company_key="rapidpay")
    assert companies.join(program, "rapidpay", "rapid payments", by=organizer) == 1
    assert keys(one, other) == ["rapid payments", "rapid payments"]
    assert companies.key_of(program, "RapidPay Inc") == "rapid payments"
    with pytest.raises(NotAllowed, match="one company already"):
        companies.join(program, "rapidpay", "rapid payments", by=organizer)


def test_a_name_that_begins_with_another_is_parted_and_stays_so(applicant, program, organizer):
    acme = applicant("Ada", company="Acme", company_key="acme")
    labs = applicant("Grace", company="Acme Labs", company_key="acme")
    assert companies.key_of(program, "Acme Labs") == "acme"
    assert companies.part(program, "acme labs", by=organizer) == 1
    assert keys(acme, labs) == ["acme", "acme labs"]
    assert companies.key_of(program, "Acme Labs") == "acme labs"
    assert CompanyWord.objects.get().counts_as == "acme labs"


@pytest.mark.parametrize("company", ["", "between jobs", "rather not say"])
def test_no_company_counts_as_none(company, program):
    assert companies.key_of(program, company) == ""
