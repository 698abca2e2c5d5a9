"""What organizers settled for somebody holds in every composition, and no page, reason or log names it."""

from __future__ import annotations

import pytest

from groups import composing, inviting, running
from groups.models.draft import Composition, DraftGroup, LeftOut
from groups.models.invitation import Invitation
from members import apart, companies, identity, ownwords
from members.models.apart import KeepApartLine
from members.models.application import IdentityAnswers
from members.models.conduct import Consent, wording_hash
from members.models.program import Organizer
from roundtable.audit import AuditLine
from roundtable.errors import NotAllowed

SECRET = "Zyzzyva Corp"


@pytest.fixture
def asked(pooled, organizer):
    """Six who could all meet; the first wants to meet nobody of a company, and two of them are there."""
    people = pooled(6)
    for one in people[1:3]:
        one.company, one.company_key = SECRET, "zyzzyva"
        one.save()
    line = KeepApartLine.objects.create(application=people[0], words=f"{SECRET}, the Brindlewick people")
    apart.whole_company(line, "zyzzyva", by=organizer)
    return people


def compose(program):
    composition = composing.start(program, by=None, seconds=3)
    running.work_next()
    composition.refresh_from_db()
    assert composition.progress == "done"
    return composition


def groups_of(composition):
    drafts = DraftGroup.objects.filter(composition=composition)
    return [{one.application_id for one in draft.invitations.all()} for draft in drafts]


def test_nobody_of_the_company_sits_with_who_asked(asked, program):
    me, *staff = [one.pk for one in asked[:3]]
    for members in groups_of(compose(program)):
        assert not (me in members and members & set(staff))


def test_it_holds_for_who_comes_later_and_for_a_spelling_that_is_joined_later(asked, program, organizer):
    later = asked[3]
    later.company, later.company_key = "Zyzzyva Labs", "zyzzyva labs"
    later.save()
    other = asked[4]
    other.company, other.company_key = "Apex", "apex"
    other.save()
    companies.join(program, "apex", "zyzzyva", by=organizer)
    theirs = {one.pk for one in asked[1:5]}
    assert [members & theirs for members in groups_of(compose(program)) if asked[0].pk in members] == []


def test_a_group_put_together_against_it_is_not_asked_and_nobody_is_named(asked, program, organizer):
    composition = Composition.objects.create(program=program, progress="done", zone="America/New_York")
    draft = DraftGroup.objects.create(
        composition=composition, number=1, mode="video", zone="America/New_York", window=3 * 48 + 34
    )
    for one in (asked[0], asked[1], asked[3]):
        Invitation.objects.create(draft=draft, application=one)
    with pytest.raises(NotAllowed) as refusal:
        inviting.release(draft, by=organizer)
    assert "A personal rule of somebody in this draft is broken." in str(refusal.value)
    assert [word for word in (SECRET, "zyzzyva", "apart") if word in str(refusal.value)] == []


def test_no_page_reason_or_log_of_a_composition_names_it(asked, program, organizer, client, caplog):
    composition = compose(program)
    client.force_login(organizer, backend="roundtable.sessions.Backend")
    page = client.get(f"/admin/groups/composition/show/{composition.public_id}/").content.decode()
    reasons = [*LeftOut.objects.values_list("sentence", flat=True), *DraftGroup.objects.values_list("card", flat=True)]
    lines = [*AuditLine.objects.values_list("verb", "about"), *(record.getMessage() for record in caplog.records)]
    told = f"{page}{reasons}{lines}{composition.certificate}"
    assert len(reasons) >= 1
    assert [
        word for word in ("brindlewick", "keep me apart", "kept apart", "company rule") if word in told.casefold()
    ] == []
    assert "zyzzyva" not in f"{reasons}{lines}{composition.certificate}".casefold()


def test_two_whose_own_words_mean_the_same_are_company_and_one_unread_is_left_out(pooled, program, organizer):
    people = pooled(5)
    said = {people[0]: "own:no degree at all", people[1]: "own:never studied", people[2]: "own:something else"}
    for one, value in said.items():
        told = identity.Told(frozenset({value}), frozenset({value}))
        row = IdentityAnswers(application=one, consented_at=one.submitted_at)
        row.answers = identity.written(told)
        row.save()
        Consent.objects.create(person=one.person, purpose="sensitive", wording=wording_hash("sensitive"))
    assert groups_of(compose(program)) == []
    Organizer.objects.filter(person=organizer).update(reads_own_words=True)
    for one in people[:2]:
        row = IdentityAnswers.objects.get(application=one)
        ownwords.give_meaning(program, row.public_id, said[one], "private:no degree", by=organizer)
    assert groups_of(compose(program)) == [{one.pk for one in (people[0], people[1], people[3], people[4])}]
