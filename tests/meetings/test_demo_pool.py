"""The invented people who wait for the open roundtable of a first start."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from members.models.application import Application

pytestmark = pytest.mark.django_db


def test_a_first_visitor_sees_where_people_wait(client):
    call_command("demo")
    call_command("demo_pool")
    call_command("demo_pool")
    assert Application.objects.filter(stage="pooled").count() == 10
    text = client.get("/").content.decode()
    assert "9 people wait" in text
    assert 'href="/programs/tech-roundtable/chicago/"' in text


def test_and_what_earlier_roundtables_were_about(client):
    call_command("demo")
    call_command("demo_pool")
    page = client.get("/roundtables/tech-roundtable/").content.decode()
    assert ("September 2020" in page, page.count('<th scope="row">')) == (True, 4)


def test_it_needs_the_demo_programs():
    with pytest.raises(CommandError, match="There is no program tech-roundtable: run bin/manage demo first"):
        call_command("demo_pool")
