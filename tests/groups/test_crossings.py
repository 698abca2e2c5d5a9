"""A pool passes a line: hosts hear of it once, and again when it had fallen below in between."""

from __future__ import annotations

import pytest

from groups import crossings
from groups.models.draft import Composition
from groups.models.offer import Crossing
from members.models.application import Application
from roundtable.outbox.models import Letter
from tests.groups.conftest import NAMES, applicant

pytestmark = pytest.mark.django_db


@pytest.fixture
def fill(program):
    """So many people in all in the pool; the first ones would host."""

    def to(count, hosts=1):
        for name in NAMES[Application.objects.count() : count]:
            applicant(program, name)
        for one in Application.objects.order_by("pk")[:hosts]:
            Application.objects.filter(pk=one.pk).update(extra={"could": ["host"]})

    return to


def told():
    return sorted(Letter.objects.filter(kind="groups/start_here").values_list("to", flat=True))


def line():
    return Crossing.objects.values_list("line", "times").get()


def test_seven_people_are_a_taster_and_no_letter(fill):
    fill(7)
    crossings.look()
    assert (line(), told()) == ((5, 1), [])


def test_with_eight_each_host_has_one_letter(fill):
    fill(8, hosts=2)
    crossings.look()
    assert (line(), told()) == ((8, 1), ["ada@example.org", "grace@example.org"])


def test_looking_again_tells_nobody_again(fill):
    fill(8)
    crossings.look()
    assert crossings.look() == 0
    assert told() == ["ada@example.org"]


def test_without_anybody_who_would_host_eight_are_still_a_taster(fill):
    fill(8, hosts=0)
    crossings.look()
    assert (line(), told()) == ((5, 1), [])


def test_a_line_passed_again_is_news_again(fill):
    fill(8)
    crossings.look()
    Application.objects.filter(person__email="hedy@example.org").update(stage="dormant")
    crossings.look()
    assert line() == (5, 1)
    Application.objects.update(stage="pooled")
    crossings.look()
    assert (line(), told()) == ((8, 2), ["ada@example.org", "ada@example.org"])


def test_a_pool_that_has_emptied_starts_from_nothing(fill):
    fill(8)
    crossings.look()
    Application.objects.update(stage="dormant")
    crossings.look()
    assert line() == (0, 1)


def test_with_twelve_and_two_hosts_a_composition_is_ordered(fill):
    fill(12, hosts=2)
    crossings.look()
    assert line() == (12, 1)
    assert Composition.objects.values_list("made_by", "progress").get() == (None, "waiting")


def test_while_a_composition_runs_the_line_waits(fill, program):
    fill(12, hosts=2)
    Composition.objects.create(program=program)
    assert crossings.look() == 0
    assert list(Crossing.objects.all()) == []
    Composition.objects.all().delete()
    assert crossings.look() == 1


def test_an_open_program_starts_no_circles(fill, program):
    fill(12, hosts=2)
    program.roster = "open"
    program.save()
    crossings.look()
    assert (line(), told(), Composition.objects.count()) == ((12, 1), [], 0)


def test_the_letter_names_nobody_and_ends_with_one_button(fill):
    fill(8)
    crossings.look()
    letter = Letter.objects.get(kind="groups/start_here")
    assert [name for name in ("Grace", "Hopper", "Hedy") if name in letter.text + letter.html] == []
    assert letter.headers["List-Unsubscribe"].startswith("<http")
    assert "8 people wait" in letter.text
