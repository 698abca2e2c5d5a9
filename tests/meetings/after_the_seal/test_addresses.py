"""The list for a reply-all: only with each member's tick, as a file too, and true when somebody leaves."""

import pytest
from django.urls import reverse

from groups import repairing
from groups.models.group import Membership
from members.models.person import Person
from roundtable.audit import AuditLine

pytestmark = pytest.mark.django_db


def of(first):
    return Membership.objects.get(person__email=f"{first}@example.org")


@pytest.fixture
def shared(group, client):
    """Ada and Grace ticked, Hedy did not; Ada looks."""
    for name in ("ada", "grace"):
        repairing.share_address(of(name), shares=True)
    client.force_login(of("ada").person)
    return group


def page(client, group):
    return client.get(reverse("meetings:group", args=[group.public_id])).content.decode()


def file(client, group):
    return client.post(reverse("meetings:addresses", args=[group.public_id])).content.decode().splitlines()


def test_only_who_ticked_stands_in_list_and_file(client, shared):
    assert "mailto:ada%40example.org,grace%40example.org" in page(client, shared)
    assert "hedy@example.org" not in page(client, shared)
    rows = ["name,email", "Ada Lovelace,ada@example.org", "Grace Hopper,grace@example.org"]
    assert file(client, shared) == rows


@pytest.mark.parametrize("ends", ["taken back", "left"])
def test_who_takes_it_back_or_leaves_is_in_neither(client, shared, ends):
    if ends == "left":
        repairing.leave(of("grace"), back_to_pool=True)
    else:
        repairing.share_address(of("grace"), shares=False)
    assert file(client, shared) == ["name,email", "Ada Lovelace,ada@example.org"]
    assert "grace@example.org" not in page(client, shared)


def test_that_the_file_was_taken_is_written_down_in_counts(client, shared):
    file(client, shared)
    line = AuditLine.objects.get(verb="exported addresses")
    assert (line.actor, line.about, line.count) == (of("ada").person, f"group:{shared.pk}", 2)


def test_a_name_is_never_a_formula(client, shared):
    Person.objects.filter(email="grace@example.org").update(name='=HYPERLINK("//evil")')
    assert any(row.startswith("\"'=HYPERLINK") for row in file(client, shared))


@pytest.mark.parametrize("sharing", [1, 3])
def test_the_page_asks_as_often_for_one_as_for_three(client, group, sharing, django_assert_num_queries):
    for name in ("ada", "grace", "hedy")[:sharing]:
        repairing.share_address(of(name), shares=True)
    client.force_login(of("ada").person)
    with django_assert_num_queries(17):
        page(client, group)
