"""People who sign in: applicants, members, organizers. An account has no password; a code by e-mail opens it."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Lower
from django.utils.functional import cached_property

from roundtable import clock


def new_public_id() -> str:
    """16 characters of chance: an id that tells neither order nor number, and no secret either."""
    return secrets.token_urlsafe(12)


def mailbox_in(column: str) -> Func:
    """The address in this column without a tag, as `members.duplicates.mailbox` has it; people are indexed by it."""
    tag, nothing = Value("[+].*@"), Value("@")
    return Func(F(column), tag, nothing, function="regexp_replace", output_field=models.TextField())


class People(BaseUserManager["Person"]):
    def create_user(self, email: str, **fields: Any) -> Person:
        """A person known by their address, in lower case, without a password."""
        person = self.model(email=email.strip().lower(), **fields)
        person.set_unusable_password()
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Whoever runs the site. The rights of a superuser end where a group's content begins."""
        return self.create_user(email, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> Person:
        """By address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser, PermissionsMixin):
    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    initials = models.CharField(max_length=6, blank=True)
    pronouns = models.CharField(max_length=40, blank=True)
    zone = models.CharField(max_length=60, default="UTC")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=clock.now, editable=False)

    objects = People()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name_plural = "people"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_per_address_whatever_its_case"),
        ]
        indexes = [models.Index(mailbox_in("email"), name="person_by_mailbox")]

    def __str__(self) -> str:
        return self.name or self.initials or "somebody"

    @cached_property
    def roles(self) -> tuple[tuple[int, str], ...]:
        """The programs that this person organizes, each with the city of a chapter, or with "" for all of it.

        Asked once in a request, so that everything after it is cut by plain numbers.
        """
        return tuple(self.organizing.values_list("program_id", "metro"))

    @property
    def is_organizer(self) -> bool:
        """Staff who look after at least one program, or all of them as superusers."""
        return self.is_active and self.is_staff and (self.is_superuser or bool(self.roles))

    @property
    def whole_programs(self) -> frozenset[int]:
        """The keys of the programs that they organize in every city."""
        return frozenset(program for program, metro in self.roles if not metro)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.initials
