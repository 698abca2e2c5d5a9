"""Constraints say a rule in words; PostgreSQL cuts a longer name silently, and so two could become one."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.db import models

OURS = [
    model
    for app in ("roundtable", "outbox", "members", "groups", "meetings")
    for model in apps.get_app_config(app).get_models()
]
CONSTRAINTS = [(model, one) for model in OURS for one in model._meta.constraints]


@pytest.mark.parametrize(("model", "constraint"), CONSTRAINTS, ids=[one.name for _, one in CONSTRAINTS])
def test_a_constraint_is_named_by_its_sentence(model: type[models.Model], constraint: models.BaseConstraint) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z0-9]+){2,}", constraint.name)
    assert len(constraint.name.encode()) <= 63


def test_no_two_rules_have_one_name() -> None:
    names = [constraint.name for _, constraint in CONSTRAINTS]
    assert sorted(set(names)) == sorted(names)


def test_index_names_fit() -> None:
    assert [index.name for model in OURS for index in model._meta.indexes if len(index.name) > 30] == []


def test_an_order_ends_in_what_is_unique() -> None:
    """Else two pages of one list may show a row twice, and another never."""
    unsure = {model.__name__: model._meta.ordering for model in OURS if model._meta.ordering and not is_total(model)}
    assert unsure == {}


def is_total(model: type[models.Model]) -> bool:
    names = {str(name).removeprefix("-").removesuffix("_id") for name in model._meta.ordering or ()}
    unique = [{"pk"}, *({field.name} for field in model._meta.concrete_fields if field.unique)]
    unique += [
        set(one.fields)
        for one in model._meta.constraints
        if isinstance(one, models.UniqueConstraint) and one.condition is None
    ]
    return any(keys and keys <= names for keys in unique)


GOES_OR_STAYS = (models.CASCADE, models.PROTECT, models.RESTRICT)
BEARS_IT = {
    "a_group_that_went_into_another_is_closed": "a closed group that names no other one is a closed group",
    "a_hidden_author_is_no_named_sponsor": "it holds without a sponsor",
}


def test_what_a_deletion_empties_breaks_no_rule() -> None:
    """Rows that go with others are emptied first. Where an empty column brings a row under a rule that the next row
    meets already, nothing can be deleted: no person is erased, and no circle is forgotten."""
    found = {one.name for model, one in CONSTRAINTS if asked(one) & emptied(model)}
    assert found == BEARS_IT.keys()


def asked(constraint: models.BaseConstraint) -> set[str]:
    """The columns in which an empty value counts. Where values are unique two empty ones are two, if nothing else is
    said."""
    condition = getattr(constraint, "condition", None)
    names = {name.removesuffix("_id") for name in condition.referenced_base_fields} if condition else set()
    if isinstance(constraint, models.UniqueConstraint) and constraint.nulls_distinct is False:
        names |= set(constraint.fields)
    return names


def emptied(model: type[models.Model]) -> set[str]:
    """The columns that get another value when what they name is deleted."""
    keys = [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    return {field.name for field in keys if field.remote_field.on_delete not in GOES_OR_STAYS}
