"""Encryption at rest: a dump, a backup or a stolen disk shows lengths and counts, never words.

Each group and each person has a data key, wrapped by the ring FIELD_KEYS, which is kept apart from SECRET_KEY. A value
is bound to its table, column and row, so a copy in another row does not open. Ending a data key ends what it closed.
A value names its key, so an owner may have two: a current one that closes, and an old one that is being left
(rekeying.py).
"""

import base64
import secrets
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django import forms
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models, transaction
from django.db.models.query_utils import DeferredAttribute

if TYPE_CHECKING:
    TextBase = models.Field[str, str]
else:
    TextBase = models.Field  # only the stubs know the types of a field

Row = TypeVar("Row", bound=NamedTuple)
VERSION = 1
HEAD = struct.Struct(">BQ12s")  # version, data key id, nonce; then ciphertext and tag


@lru_cache(maxsize=4)
def ring(text: str) -> dict[str, bytes]:
    """The ring keys by id, newest first. Raises ImproperlyConfigured for anything but `id:base64 of 32 bytes`."""
    pairs = [entry.partition(":") for entry in text.replace(" ", "").split(",") if entry]
    keys = {name: base64.b64decode(value) for name, _, value in pairs}
    if not keys or len(keys) != len(pairs) or any(len(key) != 32 for key in keys.values()):
        raise ImproperlyConfigured("FIELD_KEYS holds `id:base64 of 32 bytes`, newest first, separated by commas.")
    return keys


class DataKeyQuerySet(models.QuerySet["DataKey"]):
    def current(self) -> "DataKeyQuerySet":
        """What closes new words: one for each owner."""
        return self.filter(left_at=None)

    def old(self) -> "DataKeyQuerySet":
        """What only opens, until nothing is closed with it any more."""
        return self.exclude(left_at=None)


class DataKey(models.Model):
    """One key of 256 bits, wrapped by a key of the ring; a dump for backup leaves this table out."""

    owner = models.TextField()  # group:7, person:3, letters
    wrapped = models.BinaryField()
    ring_id = models.TextField()
    left_at = models.DateTimeField(null=True)  # of an old one: when words last went from it to the current one

    objects = DataKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "left_at"], nulls_distinct=False, name="an_owner_has_one_current_data_key"
            ),
        ]

    def __str__(self) -> str:
        return f"data key {self.pk}"

    @classmethod
    def fresh(cls, owner: str) -> "DataKey":
        """A new one, not saved."""
        key = cls(owner=owner)
        key.wrap(secrets.token_bytes(32))
        return key

    @property
    def kind(self) -> str:
        """Of its owner: group, person, letters."""
        return self.owner.partition(":")[0]

    def wrap(self, key: bytes) -> None:
        """With the newest key of the ring."""
        self.ring_id, over = next(iter(ring(settings.FIELD_KEYS).items()))
        nonce = secrets.token_bytes(12)
        self.wrapped = nonce + AESGCM(over).encrypt(nonce, key, self.owner.encode())

    def unwrap(self) -> bytes:
        """The key itself. Raises InvalidTag for a wrong ring key, KeyError for one that was taken from the ring."""
        sealed, over = bytes(self.wrapped), ring(settings.FIELD_KEYS)[self.ring_id]
        return AESGCM(over).decrypt(sealed[:12], sealed[12:], self.owner.encode())


held: ContextVar[dict[int, AESGCM] | None] = ContextVar("held", default=None)


@contextmanager
def keys_held() -> Iterator[None]:
    """While this lasts (one request, one task) an unwrapped key is kept for reading; afterwards it is gone."""
    token = held.set({})
    try:
        yield
    finally:
        held.reset(token)


def key_to_write(owner: str) -> DataKey:
    """The owner's data key, made at the first need. Never remembered: a rollback may take a new one back."""
    return DataKey.objects.current().filter(owner=owner).first() or keys_to_write([owner])[owner]


def keys_to_write(owners: Iterable[str]) -> dict[str, DataKey]:
    """The data keys of many owners at once, made where they are missing: three queries, however many rows follow."""
    wanted = set(owners)
    current = DataKey.objects.current().filter(owner__in=wanted)
    missing = wanted.difference(current.values_list("owner", flat=True))
    fresh = [DataKey.fresh(owner) for owner in sorted(missing)]
    DataKey.objects.bulk_create(fresh, ignore_conflicts=True)  # somebody else may have been first
    return {key.owner: key for key in current.all()}


def hold(keys: Iterable[DataKey]) -> None:
    """Keeps these keys for reading while `keys_held` lasts, so that many rows do not ask for them one by one."""
    known = held.get()
    if known is not None:
        known.update({key.pk: AESGCM(key.unwrap()) for key in keys})


def key_to_read(key_id: int) -> AESGCM:
    """The data key that a value names. Raises DataKey.DoesNotExist where it was ended: the words are gone."""
    known = held.get()
    if known is not None and key_id in known:
        return known[key_id]
    key = AESGCM(DataKey.objects.get(pk=key_id).unwrap())
    if known is not None:
        known[key_id] = key
    return key


def seal(text: str, *, owner: str, place: str, key: DataKey | None = None) -> bytes:
    """Encrypts for one owner, bound to one place. An empty text stays empty: there is nothing to hide in it."""
    if not text:
        return b""
    key, nonce = key or key_to_write(owner), secrets.token_bytes(12)
    return HEAD.pack(VERSION, key.pk, nonce) + AESGCM(key.unwrap()).encrypt(nonce, text.encode(), place.encode())


def unseal(sealed: bytes, *, place: str) -> str:
    """Decrypts what belongs here. Raises InvalidTag for a wrong key, another place or changed bytes."""
    if not sealed:
        return ""
    version, key_id, nonce = HEAD.unpack_from(sealed)
    if version != VERSION:
        raise ValueError("This value was written in a form that this version does not know.")
    return key_to_read(key_id).decrypt(nonce, sealed[HEAD.size :], place.encode()).decode()


def forget(owner: str) -> None:
    """Ends an owner's data keys: what they closed can never be read again, neither here nor in a backup without the
    key table."""
    DataKey.objects.filter(owner=owner).delete()


@transaction.atomic
def rewrap_all() -> int:
    """Wraps every data key with the newest ring key, so that older ones may leave the ring. How many were done."""
    newest = next(iter(ring(settings.FIELD_KEYS)))
    old = list(DataKey.objects.select_for_update().exclude(ring_id=newest).order_by("pk"))
    for key in old:
        key.wrap(key.unwrap())
    DataKey.objects.bulk_update(old, ["wrapped", "ring_id"], batch_size=500)
    return len(old)


class Sealed(bytes):
    """A value as it lies in the database. It prints as a word, so that no log or page shows its bytes."""

    def __repr__(self) -> str:
        return "<sealed>"

    __str__ = __repr__


def sealed(row: models.Model, name: str, text: str, *, key: DataKey) -> Sealed:
    """A value closed ahead with a key already at hand, for `bulk_create` of many rows."""
    field: Any = row._meta.get_field(name)
    return Sealed(seal(text, owner=key.owner, place=field.place(row), key=key))


def rows(found: models.QuerySet[Any], kind: type[Row]) -> Iterator[Row]:
    """Rows as named tuples whose fields are columns, what is encrypted in words: to look through thousands of which
    few are shown. The column that binds the words (`bound_to`) is among them.
    """
    names: tuple[str, ...] = kind._fields
    columns = {field.name: field for field in found.model._meta.concrete_fields}
    closed = [(names.index(name), columns[name]) for name in names if isinstance(columns.get(name), EncryptedText)]
    bound = {at: names.index(field.bound_to) for at, field in closed}
    for row in found.values_list(*names):
        words = list(row)
        for at, field in closed:
            words[at] = unseal(row[at], place=field.place_of(row[bound[at]]))
        yield kind._make(words)


class Opening(DeferredAttribute):
    """Reading the attribute opens the value, because only here its row is known."""

    field: "EncryptedText"

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is not None and isinstance(value, Sealed):
            return unseal(value, place=self.field.place(instance))
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        """Without this the instance's own dictionary would answer before `__get__` is asked."""
        instance.__dict__[self.field.attname] = value


class EncryptedText(TextBase):
    """Text that only this application can read.

    The model has a random id, given before the insert, that binds the value to its row (`bound_to`), and may have
    `key_owner()`: "person:3" or "group:7"; without it the site's own key is used. Lookups and `update()` raise.
    """

    descriptor_class = Opening

    def __init__(self, *args: Any, bound_to: str = "public_id", **kwargs: Any) -> None:
        self.bound_to = bound_to
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | ({"bound_to": self.bound_to} if self.bound_to != "public_id" else {})

    def get_internal_type(self) -> str:
        return "BinaryField"

    def place(self, instance: models.Model) -> str:
        """Table, column, row: the one place where the value opens."""
        return self.place_of(getattr(instance, self.bound_to))

    def place_of(self, row: str) -> str:
        """The same for a row that is known by its id alone."""
        return f"{self.model._meta.db_table}|{self.column}|{row}"

    def from_db_value(self, value: Any, expression: object, connection: object) -> Sealed | None:
        return None if value is None else Sealed(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 -- Django's signature
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        owner = getattr(model_instance, "key_owner", lambda: "site")()
        return Sealed(seal(value, owner=owner, place=self.place(model_instance)))

    def get_prep_value(self, value: Any) -> Any:
        if value in (None, b"", "") or isinstance(value, Sealed):
            return value or (None if value is None else b"")
        raise TypeError(f"{self.name} is encrypted: assign to the attribute and save the row.")

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002 -- Django's
        value = value if prepared else self.get_prep_value(value)
        return None if value is None else connection.Database.Binary(bytes(value))

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":  # there or not is no secret, and the table's own constraints ask it
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self.name} is encrypted: the database cannot compare it.")

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError(f"{self.name} is encrypted and goes into no fixture.")

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.CharField, "widget": forms.Textarea, **kwargs})
