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
