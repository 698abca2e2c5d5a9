"""Keep-apart lists: from a person's words to pairs that no group holds, and back again."""

from __future__ import annotations

import pytest

from members import apart, applying, companies, leaving
from members.models.apart import KeepApart, KeepApartLine
from members.models.application import Application
from members.models.review import Impression
from roundtable.audit import AuditLine
from roundtable.errors import NotAllowed

pytestmark = pytest.mark.django_db
PAGE = "/admin/members/application/keep-apart/"


@pytest.fixture
def line():
    """One line of somebody's list."""

    def make(application, words="Jo Doe"):
        return KeepApartLine.objects.create(application=application, words=words)

    return make


@pytest.fixture
def say(sign_in):
    """An organizer's word on a line, as the page sends it."""

    def send(organizer, line, act, *others, seen=None, **more):
        data = {
            "line": line.public_id,
            "act": act,
            "other": [one.public_id for one in others],
            "seen": [one.public_id for one in (others if seen is None else seen)],
            **more,
        }
        url = f"/admin/members/application/review/{line.application.public_id}/apart/"
        answer = sign_in(organizer).post(url, data, follow=True)
        if answer.status_code != 200:
            return answer.status_code
        return [str(message) for message in answer.context["messages"]]

    return send


def pairs():
    return list(KeepApart.objects.order_by("pk").values_list("one", "other"))


def verdict(line):
    return KeepApartLine.objects.get(pk=line.pk).verdict


def test_one_click_keeps_two_apart_and_undo_takes_it_back(applicant, line, say, organizer):
    wanda, jo = applicant("Wanda Ruiz"), applicant("Jo Doe")
    asked = line(wanda)
    assert say(organizer, asked, "apart", jo) == ["They will not sit in one group. The line is settled."]
    assert (pairs(), verdict(asked)) == ([(wanda.pk, jo.pk)], "people")
    say(organizer, asked, "apart", jo)
    assert pairs() == [(wanda.pk, jo.pk)]
    assert say(organizer, asked, "undo") == ["The line is open again."]
    assert (pairs(), verdict(asked)) == ([], "open")
    told = AuditLine.objects.filter(about=f"application:{wanda.pk}").order_by("pk").values_list("verb", flat=True)
    assert list(told) == ["keep-apart line settled", "keep-apart line settled", "keep-apart line opened"]


def test_nobody_here_settles_a_line(applicant, line, say, organizer, sign_in):
    wanda, jo = applicant("Wanda Ruiz"), applicant("Jo Doe")
    asked = line(wanda)
    assert say(organizer, asked, "nobody", seen=[jo]) == ["Nobody else here is meant. The line is settled."]
    assert (pairs(), verdict(asked)) == ([], "nobody")
    assert "Every line is settled" in sign_in(organizer).get(PAGE).content.decode()
    assert "Jo Doe" in sign_in(organizer).get(f"{PAGE}?show=settled").content.decode()


def test_a_settled_line_opens_again_for_somebody_who_fits_and_comes_later(applicant, line, organizer):
    asked, other = line(applicant("Wanda Ruiz")), line(applicant("Xenia Ort"), "Somebody Else")
    for one in (asked, other):
        apart.nobody(one, seen=[], by=organizer)
    newcomer = applicant("Jo Doe")
    apart.look_again([newcomer])
    assert (verdict(asked), verdict(other)) == ("open", "nobody")
    apart.nobody(asked, seen=[newcomer.pk], by=organizer)
    apart.look_again([newcomer])
    assert verdict(asked) == "nobody"


def test_a_new_application_and_a_new_name_are_compared_at_once(applicant, line, organizer, person, program, checked):
    asked = line(applicant("Wanda Ruiz"), "Zoe Zimmer")
    apart.nobody(asked, seen=[], by=organizer)
    applying.submit(person("Zoe"), program, checked | {"name": "Zoe Zimmer"})
    assert verdict(asked) == "open"
    second = line(applicant("Xenia Ort"), "Yara Young")
    apart.nobody(second, seen=[], by=organizer)
    other = applicant("Otto Obst").person
    applying.change_profile(other, name="Yara Young", initials="", pronouns="", zone="UTC")
    assert verdict(second) == "open"


def test_a_company_holds_for_who_comes_later_and_under_another_spelling(applicant, line, say, organizer):
    wanda = applicant("Wanda Ruiz")
    asked = line(wanda, "Rival Corp")
    said = say(organizer, asked, "company", company="rival")
    assert said == ["Nobody of this company will sit with them, now or later. The line is settled."]
    assert (pairs(), verdict(asked)) == ([], "company")
    apart.look_again([applicant("Ray", company="Rival", company_key="rival")])
    assert verdict(asked) == "company"
    assert say(organizer, asked, "company", company="quarry works") == [
        "This line names another company. Look at it once more."
    ]


def test_a_list_that_changes_keeps_what_was_made_of_lines_that_stay(applicant, organizer):
    wanda, jo, ray = applicant("Wanda Ruiz"), applicant("Jo Doe"), applicant("Ray Nunez")
    apart.write(wanda, ["Jo Doe", "Ray Nunez"])
    first, second = KeepApartLine.objects.order_by("pk")
    apart.keep_apart(first, [jo], seen=[jo.pk], by=organizer)
    apart.keep_apart(second, [ray], seen=[ray.pk], by=organizer)
    apart.write(wanda, ["Third One", "Ray Nunez"])
    assert [(one.words, one.verdict) for one in KeepApartLine.objects.order_by("pk")] == [
        ("Ray Nunez", "people"),
        ("Third One", "open"),
    ]
    assert pairs() == [(wanda.pk, ray.pk)]


@pytest.mark.parametrize("way", ["withdraw", "delete", "erase"])
def test_pairs_end_with_the_list_they_were_made_of(way, applicant, line, organizer, sign_in):
    wanda, jo = applicant("Wanda Ruiz"), applicant("Jo Doe")
    apart.keep_apart(line(wanda), [jo], seen=[jo.pk], by=organizer)
    both = line(jo, "Wanda Ruiz")
    apart.keep_apart(both, [wanda], seen=[wanda.pk], by=organizer)
    if way == "withdraw":
        leaving.withdraw(wanda)
    elif way == "delete":
        sign_in(wanda.person).post(f"/status/{wanda.public_id}/apart/")
    else:
        leaving.erase(wanda.person)
    assert list(KeepApartLine.objects.values_list("pk", flat=True)) == [both.pk]
    assert pairs() == ([] if way == "erase" else [(wanda.pk, jo.pk)])  # what the other one asked for stays


def test_after_a_no_the_list_goes_once_the_no_stands(applicant, line, clock):
    wanda = applicant("Wanda Ruiz", stage="declined", decided_at=clock.now())
    line(wanda)
    leaving.tidy()
    assert KeepApartLine.objects.count() == 1
    clock.forward(minutes=16)
    leaving.tidy()
    assert KeepApartLine.objects.count() == 0


def test_the_other_person_never_learns_of_it(applicant, line, organizer, sign_in):
    wanda, jo = applicant("Wanda Ruiz"), applicant("Jo Doe", stage="pooled")
    apart.keep_apart(line(wanda, "Jo Doe, my old boss"), [jo], seen=[jo.pk], by=organizer)
    browser = sign_in(jo.person)
    shown = "".join(browser.get(url).content.decode() for url in ("/status/", "/me/", "/me/export/"))
    assert "Wanda" not in shown
    assert "my old boss" not in shown
    assert "my old boss" in sign_in(wanda.person).get("/me/export/").content.decode()


def test_a_chapter_sees_its_own_city_and_leaves_the_rest_open(applicant, line, say, chapter, sign_in, organizer):
    wanda = applicant("Wanda Ruiz", metro="Chicago")
    here, there = applicant("Jo Doe", metro="Chicago"), applicant("Joe Doe", metro="Boston")
    asked, foreign = line(wanda), line(there, "Zed Zonk")
    shown = sign_in(chapter).get(PAGE).content.decode()
    assert [name in shown for name in ("Wanda Ruiz", "Jo Doe", "Joe Doe", "Zed Zonk")] == [True, True, False, False]
    assert say(chapter, asked, "apart", there) == ["Nobody was chosen, so nothing was done."]
    assert say(chapter, foreign, "nobody") == 404
    assert say(chapter, asked, "apart", here)[0].startswith("That is noted. The line stays open")
    assert (pairs(), verdict(asked)) == ([(wanda.pk, here.pk)], "open")
    apart.keep_apart(asked, [there], seen=[there.pk], by=organizer)
    assert verdict(asked) == "people"
    assert say(chapter, asked, "undo") == ["This was settled by somebody who looks after the whole program; ask them."]
    assert len(pairs()) == 2


def test_on_a_first_pass_without_names_nobody_is_named_by_a_line(applicant, line, program, organizer, sign_in, say):
    program.blind_first_pass = True
    program.save()
    wanda, jo = applicant("Wanda Ruiz", stage="pooled"), applicant("Jo Doe")
    asked, hers = line(wanda), line(jo, "Somebody Else")
    shown = sign_in(organizer).get(PAGE).content.decode()
    assert [word in shown for word in ("Wanda Ruiz", jo.public_id, "Somebody Else")] == [True, False, False]
    assert say(organizer, asked, "nobody")[0].startswith("That is noted")
    Impression.objects.create(application=jo, organizer=organizer, audience=2, conversation=2, coming=2)
    assert jo.public_id in sign_in(organizer).get(PAGE).content.decode()
    assert hers.verdict == "open"


@pytest.mark.parametrize("gone", ["line", "other", "self"])
def test_a_late_click_does_nothing_and_says_why(gone, applicant, line, organizer):
    wanda, jo = applicant("Wanda Ruiz"), applicant("Jo Doe")
    asked = line(wanda)
    if gone == "line":
        KeepApartLine.objects.all().delete()
    elif gone == "other":
        leaving.withdraw(jo)
    others = [Application.objects.get(pk=(wanda if gone == "self" else jo).pk)]
    with pytest.raises(NotAllowed):
        apart.keep_apart(asked, others, seen=[], by=organizer)
    assert pairs() == []


@pytest.mark.parametrize("sent", [{}, {"act": "apart"}, {"act": "eat", "line": "x"}, {"act": "nobody", "line": "\x00"}])
def test_odd_input_changes_nothing(sent, applicant, line, organizer, sign_in):
    wanda = applicant("Wanda Ruiz")
    asked = line(wanda)
    url = f"/admin/members/application/review/{wanda.public_id}/apart/"
    assert sign_in(organizer).post(url, sent).status_code == 302
    assert verdict(asked) == "open"


def test_on_the_card_one_request_settles_a_line(applicant, line, organizer, sign_in):
    wanda, jo = applicant("Wanda Ruiz"), applicant("Jo Doe")
    asked = line(wanda)
    url = f"/admin/members/application/review/{wanda.public_id}/apart/"
    data = {"line": asked.public_id, "act": "apart", "other": jo.public_id, "seen": jo.public_id, "back": ""}
    answer = sign_in(organizer).post(url, data, headers={"hx-request": "true"}).content.decode()
    assert "Kept apart from <bdi>Jo Doe</bdi>" in answer
    assert "The line is settled" in answer


def test_the_review_bar_counts_lines_that_are_open(applicant, line, organizer, sign_in):
    wanda, jo = applicant("Wanda Ruiz"), applicant("Jo Doe")
    first, _second = line(wanda), line(wanda, "Rival Corp")
    line(applicant("Gone", stage="withdrawn"), "Jo Doe")
    assert "Keep apart (2)" in sign_in(organizer).get("/admin/members/application/review/").content.decode()
    apart.keep_apart(first, [jo], seen=[jo.pk], by=organizer)
    assert "Keep apart (1)" in sign_in(organizer).get("/admin/members/application/review/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_for_one_and_for_three(
    count, applicant, line, organizer, sign_in, django_assert_num_queries
):
    for number in range(count):
        line(applicant(f"Asker{number} Long"), f"Asker{number} Long")
        paired = line(applicant(f"Second{number} Short"), f"Target{number} Far")
        apart.keep_apart(paired, [applicant(f"Target{number} Far")], seen=[], by=organizer)
        line(paired.application, "Some Company")
    browser = sign_in(organizer)
    with django_assert_num_queries(12):
        assert browser.get(PAGE).status_code == 200


def test_two_spellings_that_an_organizer_joins_later_are_one_company_for_the_line(applicant, line, program, organizer):
    asked = line(applicant("Wanda Ruiz"), "Rival Corp")
    apart.whole_company(asked, "rival", by=organizer)
    applicant("Ray", company="Apex", company_key="apex")
    companies.join(program, "rival", "apex", by=organizer)
    assert companies.counted(program, {KeepApartLine.objects.get().company, "apex"})["rival"] == "apex"
