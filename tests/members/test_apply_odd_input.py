"""Every page of the application with whatever a browser, a program or a prankster sends: never a 500, never doubled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from members import drafting
from members.forms.application import PAGES, TOO_FAST, TOO_OLD, begun
from members.forms.draft import LONGEST_KEPT, MOST_KEPT
from members.models.application import Application, Unconfirmed
from members.models.program import Program
from tests.members.conftest import ANSWERS, APPLY, CONFIRM

ODD = {
    "nothing": "",
    "ten thousand letters": "x" * 10_000,
    "one long word with spaces": "ab " * 5_000,
    "control characters": "a\x01\x07\x1b[31mb",
    "NUL": "a\x00b",
    "bidi": "\u202eevil\u2066",
    "zero width": "a\u200b\u200d\ufeffb",
    "emoji": "👩🏽‍💻🇨🇭",
    "combining": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "template": "{{7*7}}{% url 'x' %}",
    "line breaks": "a\r\nBcc: e@example.org\nSubject: x",
    "formula": "=cmd|'/c calc'!A1",
    "number": "-1e999",
    "far beyond": "9" * 400,
    "a digit that is no number": "²",
    "zone": "Etc/../../passwd",
    "hours": "Mon 25:30",
    "lone surrogate": "%ED%A0%80",
}


@pytest.fixture
def half_way(client, checked):
    """All pages filled in but not sent."""
    session = client.session
    session["drafts"] = {"cto": Unconfirmed.objects.get().public_id}
    session.save()
    return client


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize("page", PAGES)
def test_no_field_of_any_page_breaks_by_it(page, odd, half_way, answers):
    good = answers(page, **({"agree_coming": None} if page == "check" else {}))  # so that nothing is sent by the way
    fields = ["meant", "draft", "then", *PAGES[page].base_fields]
    for bad in (fields[0::3], fields[1::3], fields[2::3]):  # the other two thirds are as they should be
        response = half_way.post(f"{APPLY}{page}/", good | {name: [odd, odd] for name in bad})
        assert (bad, response.status_code) in [(bad, 200), (bad, 302)]
    half_way.post(f"{APPLY}{page}/", dict.fromkeys(PAGES[page].base_fields, odd))
    assert [half_way.get(f"{APPLY}{shown}/").status_code for shown in (page, "check")] == [200, 200]
    assert (Unconfirmed.objects.count(), Application.objects.count()) == (1, 0)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_no_small_answer_breaks_by_it(odd, client, code):
    for url in ("/places/", f"{APPLY}people/"):
        assert client.get(url, {"q": odd, "hours": odd, "zone": odd}).status_code in (200, 404)
    answer = client.get(f"{APPLY}people/", {"hours": "f" * 84, "zone": odd})
    assert (answer.status_code, answer.content) in [(200, b'{"people": null}'), (404, answer.content)]


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_no_code_breaks_by_it(odd, client, fill):
    fill(client)
    assert client.post(CONFIRM, {"code": odd}).status_code == 200
    assert Application.objects.count() == 0


def test_of_an_endless_page_a_beginning_is_kept(half_way):
    half_way.post(f"{APPLY}wishes/", {"gives": "x" * 20_000, "topics": ["hiring"] * 900, "unknown": "x"})
    kept = drafting.typed(Unconfirmed.objects.get())["wishes"]
    assert {name: (len(values), len(values[0])) for name, values in kept.items()} == {
        "gives": (1, LONGEST_KEPT),
        "topics": (MOST_KEPT, 6),
    }


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        ({"website": "http://buy.example"}, TOO_FAST),
        ({"begun": "invented"}, TOO_FAST),
        ({"begun": None}, TOO_FAST),
        ({"begun": timedelta(seconds=2)}, TOO_FAST),
        ({"begun": timedelta(seconds=3)}, ""),
        ({"begun": timedelta(days=1)}, ""),
        ({"begun": timedelta(days=1, seconds=1)}, TOO_OLD),
    ],
)
def test_programs_are_asked_to_try_again_and_people_lose_nothing(sent, refusal, client, code, answers):
    if isinstance(sent.get("begun"), timedelta):
        sent = {"begun": begun(ago=sent["begun"])}
    response = client.post(APPLY, answers("you", **sent))
    assert (response.status_code, Unconfirmed.objects.count()) == ((200, 0) if refusal else (302, 1))
    if refusal:
        form = response.context["form"]
        assert (form.non_field_errors(), form["name"].value()) == ([refusal], "Wanda Ruiz")


def test_what_was_too_old_counts_at_the_second_press(client, code, answers):
    old = client.post(APPLY, answers("you", begun=begun(ago=timedelta(days=2))))
    assert client.post(APPLY, answers("you", begun=old.context["begun"])).status_code == 302


def test_five_applications_an_hour_from_one_place_and_who_is_signed_in_is_not_counted(code, answers, sign_in, stranger):
    statuses = [Client().post(APPLY, answers("you", email=f"p{n}@example.org")).status_code for n in range(6)]
    assert statuses == [302] * 5 + [429]
    assert sign_in(stranger).post(APPLY, answers("you")).status_code == 302


def test_one_address_gets_three_codes_a_day(client, fill, clock):
    fill(client)
    statuses = []
    for _ in range(3):
        clock.forward(minutes=2)
        statuses.append(client.post(CONFIRM, {"then": "again"}).status_code)
    assert statuses == [302, 302, 429]


@pytest.mark.parametrize("page", list(PAGES)[1:])
def test_pages_out_of_order_lead_to_the_first(page, client, code):
    assert client.get(f"{APPLY}{page}/").url == APPLY
    assert client.post(f"{APPLY}{page}/", ANSWERS[page]).url == APPLY
    assert Unconfirmed.objects.count() == 0


def test_a_page_that_is_none_is_not_found(client, code):
    assert [client.get(f"{APPLY}{page}/").status_code for page in ("nowhere", "0", "%00", "you%0d%0a")] == [404] * 4


class TestAnything(TestCase):
    """Hypothesis sends pages."""

    def setUp(self) -> None:
        self.program = Program.objects.create(slug="cto", name="CTO circles")
        drafting.begin(self.program, email="wanda@example.org")

    @settings(max_examples=40, deadline=None)
    @given(st.sampled_from(list(PAGES)), st.data())
    def test_any_text_in_any_field(self, page: str, data: st.DataObject) -> None:
        names = sorted(PAGES[page].base_fields)
        sent = data.draw(st.dictionaries(st.sampled_from(names), st.lists(st.text(max_size=60), max_size=3)))
        draft = Unconfirmed.objects.get()
        session = self.client.session
        session["drafts"] = {"cto": draft.public_id}
        session.save()
        words = {name: [value.encode("utf-8", "replace").decode() for value in values] for name, values in sent.items()}
        assert self.client.post(f"{APPLY}{page}/", words).status_code in (200, 302)
        assert self.client.get(f"{APPLY}check/").status_code == 200
