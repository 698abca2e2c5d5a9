"""Every personal field: why it is there, who reads it, until when, and how it goes.

This is the table that /privacy/ shows and that erasure goes by. A field that is linked to a person and not declared
here fails a test: hand-written deletions forget.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from roundtable.register import between, groups, meetings, members, rota, site
from roundtable.register.kept import Kept

TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.GenericIPAddressField)
OURS = ("roundtable", "outbox", "members", "groups", "meetings")
THEIRS = ("account", "mfa", "usersessions", "admin")

REGISTER: list[Kept] = [*site.ROWS, *members.ROWS, *groups.ROWS, *meetings.ROWS, *rota.ROWS, *between.ROWS]


def declared() -> set[str]:
    """`app.Model.field` of everything in the register."""
    return {f"{kept.model}.{field}" for kept in REGISTER for field in kept.fields.split()}


def personal() -> set[str]:
    """`app.Model.field` of every text, and every link to a person, in all models that lead to a person."""
    known = [model for label in OURS + THEIRS for model in apps.get_app_config(label).get_models()]
    linked = linked_to_a_person(known)
    return {f"{model._meta.label}.{field.name}" for model in linked for field in told(model)}


def undeclared() -> set[str]:
    """Personal fields without a rule. There should be none."""
    return personal() - declared()


def linked_to_a_person(known: list[type[models.Model]]) -> set[type[models.Model]]:
    """The person's own model and all from which foreign keys lead to it, over however many steps."""
    person = apps.get_model(settings.AUTH_USER_MODEL)  # noqa: TID251 -- this layer may not know the members' app
    linked: set[Any] = {person}
    while more := {model for model in known if model not in linked and leads_to(model) & linked}:
        linked |= more
    return linked


def leads_to(model: type[models.Model]) -> set[Any]:
    """The models that this one's foreign keys point at."""
    return {field.related_model for field in model._meta.concrete_fields if field.is_relation}


def told(model: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    """The fields that can say something about somebody: free text, bytes, and the link to the person itself."""
    for field in model._meta.concrete_fields:
        text = isinstance(field, TEXTS) or field.get_internal_type() == "BinaryField"
        if (text and not field.choices and field.name != "public_id") or points_at_a_person(field):
            yield field


def points_at_a_person(field: models.Field[Any, Any]) -> bool:
    return field.related_model is apps.get_model(settings.AUTH_USER_MODEL)  # noqa: TID251 -- as above
