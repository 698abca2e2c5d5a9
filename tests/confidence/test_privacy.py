"""Each personal column has a rule in the register, the models keep the rule, and an erased person is gone."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from django.test import Client

from members import leaving
from members.models.person import Person
from roundtable import privacy
from roundtable.register.kept import Erased, Kept
from tests.confidence.reading import dump, found_in
from tests.confidence.world import World

# It belongs to an address, before there is a person; erasing looks it up by that.
BEFORE_ANYBODY = {"members.Unconfirmed"}


def model_of(kept: Kept) -> type[models.Model]:
    return apps.get_model(kept.model)  # noqa: TID251 -- the register names models


def goes_with_the_person(model: type[models.Model]) -> bool:
    """Whether some chain of cascades leads to the person."""
    if model is Person:
        return True
    foreign = [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    return any(
        field.remote_field.on_delete is models.CASCADE
        and field.related_model is not model
        and goes_with_the_person(field.related_model)
        for field in foreign
    )


def links_to_people(kept: Kept) -> list[models.ForeignKey[Person, Person]]:
    fields = [model_of(kept)._meta.get_field(name) for name in kept.fields.split()]
    return [field for field in fields if isinstance(field, models.ForeignKey) and field.related_model is Person]


def test_every_personal_field_is_declared_and_nothing_that_is_not_there() -> None:
    extra = {name for name in privacy.declared() - privacy.personal() if name.rpartition(".")[0] not in BEFORE_ANYBODY}
    assert (privacy.undeclared(), extra) == (set(), set())


def test_no_field_has_two_rules() -> None:
    fields = [f"{kept.model}.{field}" for kept in privacy.REGISTER for field in kept.fields.split()]
    assert sorted(set(fields)) == sorted(fields)


@pytest.mark.parametrize("kept", privacy.REGISTER, ids=lambda kept: f"{kept.model}.{kept.fields.split()[0]}")
def test_the_models_do_what_the_register_says_of_erasure(kept: Kept) -> None:
    on_delete = {field.remote_field.on_delete for field in links_to_people(kept)}
    held = {
        Erased.ROW: goes_with_the_person(model_of(kept)) or kept.model in BEFORE_ANYBODY,
        Erased.UNNAMED: on_delete == {models.SET_NULL},
        Erased.STAYS: not on_delete,
        Erased.EMPTIED: False,
    }
    assert held[kept.erased]


@pytest.mark.django_db
def test_of_an_erased_person_no_table_holds_a_word(world: World) -> None:
    person = world.cast["invited"]
    words = [person.name, person.email, person.public_id]
    assert found_in(dump(), words) == set(words)
    leaving.erase(person)
    assert found_in(dump(), words) == set()


@pytest.mark.django_db
def test_the_page_has_a_row_for_each_rule() -> None:
    page = Client().get("/privacy/").content.decode()
    assert page.count('<th scope="row">') == len(privacy.REGISTER)
