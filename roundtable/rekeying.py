"""New data keys for all owners, and every value closed anew with them, while the site runs.

A value names its key and the key its owner, so both keys of an owner open meanwhile. Each batch is a transaction of
its own and what is done stays done: a run that was stopped anywhere is gone on with by the next one. A row or key that
somebody holds is left for the next run: nobody waits for this in a circle, and no newer words are written over. An old
key goes when nothing has been closed with it for an hour, because who took up a value or a key before may still be at
work with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Exists, F, Func, Max, OuterRef

from roundtable import clock, vault
from roundtable.vault import DataKey, EncryptedText, Sealed

BATCH = 200
AT_WORK = timedelta(hours=1)  # no request or task lasts as long
Kinds = Counter[str]  # how many, by the kind of their owner


class KeyOf(Func):
    """Which data key closes a value, as its head says; 0 for an empty text."""

    template = "('x' || encode(substring(%(expressions)s from 2 for 8), 'hex'))::bit(64)::bigint"
    output_field = models.BigIntegerField()


def columns() -> Iterator[EncryptedText]:
    """Everything that is encrypted."""
    for model in apps.get_models():
        fields = () if model._meta.proxy else model._meta.local_concrete_fields
        yield from (field for field in fields if isinstance(field, EncryptedText))


@transaction.atomic
def begin() -> Kinds:
    """A new key for every owner, all at once; none while an earlier change is not at its end. How many were made.

    Who ends a key meanwhile waits, and then finds its successor too.
    """
    made: Kinds = Counter()
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {DataKey._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
    if DataKey.objects.old().exists():
        return made
    last = DataKey.objects.aggregate(last=Max("pk"))["last"] or 0
    left = DataKey.objects.current().filter(pk__lte=last).order_by("pk")
    now = clock.database_now()
    while keys := list(left[:BATCH]):
        left.filter(pk__in=[key.pk for key in keys]).update(left_at=now)
        DataKey.objects.bulk_create(DataKey.fresh(key.owner) for key in keys)
        made.update(key.kind for key in keys)
    return made


def move(column: EncryptedText) -> Iterator[Kinds]:
    """Closes with current keys what old ones close in this column. Batch by batch, how many values."""
    rows, after = named(column).filter(key__in=DataKey.objects.old().values("pk")), 0
    while True:
        with transaction.atomic(), vault.keys_held():
            batch = rows.filter(pk__gt=after).order_by("pk").select_for_update(skip_locked=True, no_key=True)
            found = list(batch.values_list("pk", "key")[:BATCH])
            keys = successors({old for _, old in found})
            moved = [_again(column, pk, keys[old]) for pk, old in found if old in keys]
        if not found:
            return
        yield Counter(moved)
        after = found[-1][0]


def named(column: EncryptedText) -> models.QuerySet[Any]:
    """All rows of its table, each with `key`: which data key closes the value."""
    return column.model._base_manager.annotate(key=KeyOf(F(column.attname)))


def successors(old: Collection[int]) -> dict[int, DataKey]:
    """By old key, the current one of its owner; the old ones are held, and noted as left just now.

    Whose keys are being ended at this moment is left out: nothing waits here.
    """
    held = list(DataKey.objects.filter(pk__in=old).order_by("pk").select_for_update(skip_locked=True))
    vault.hold(held)
    DataKey.objects.filter(pk__in=[key.pk for key in held]).update(left_at=clock.database_now())
    current = {key.owner: key for key in DataKey.objects.current().filter(owner__in=[key.owner for key in held])}
    return {key.pk: current[key.owner] for key in held if key.owner in current}


def _again(column: EncryptedText, pk: int, key: DataKey) -> str:
    """One value, closed anew; the kind of its owner. Read by itself: a file may be in it."""
    row = column.model._base_manager.filter(pk=pk)
    bound, value = row.values_list(column.bound_to, column.attname).get()
    place = column.place_of(bound)
    try:
        text = vault.unseal(value, place=place)
    except InvalidTag:
        raise ValueError(f"{column} of row {pk} does not open with the key that it names.") from None
    row.update(**{column.attname: Sealed(vault.seal(text, owner=key.owner, place=place, key=key))})
    return key.kind


def end() -> int:
    """Old keys that nothing is closed with, since an hour or longer, go. How many."""
    empty = DataKey.objects.old().filter(left_at__lte=clock.database_now() - AT_WORK)
    for column in columns():
        empty = empty.exclude(Exists(named(column).filter(key=OuterRef("pk"))))
    return empty.delete()[0]
