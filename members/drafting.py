"""An application on its way, before there is an account: begun, kept page by page, left, found again, confirmed.

Lock order: draft, person, application.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from hmac import compare_digest

from allauth.account.models import EmailAddress
from django.db import models, transaction
from django.db.models import Q

from members import applying, letters
from members.applying import Given
from members.models.application import Application, Unconfirmed
from members.models.person import Person
from members.models.program import Program
from roundtable import clock, links
from roundtable.errors import NotAllowed
from roundtable.outbox.post import cancel, post

CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"  # no vowels, no words; no 0, 1, O, I
MOST_TRIES = 3
LIVES = timedelta(days=30)
UNFINISHED_AFTER = timedelta(days=3)
SAME_PRESS = timedelta(seconds=60)
Typed = Mapping[str, Sequence[str]]


@transaction.atomic
def begin(program: Program, *, email: str, person: Person | None = None, source: str = "") -> Unconfirmed:
    """A new draft under this address, known or unknown alike, and under the partner's link by which it came.

    `person` is who is signed in.
    """
    applying.refuse_closed(program, clock.now(), person)
    draft = Unconfirmed(program=program, email=email.strip().lower(), made_at=clock.now(), edited_at=clock.now())
    draft.answers = json.dumps({"pages": {}})
    draft.source = program.sources.filter(slug=source).first() if source else None
    draft.save()
    return draft


def typed(draft: Unconfirmed) -> dict[str, Typed]:
    """By page what was typed there, as a form sends it."""
    found: dict[str, Typed] = json.loads(draft.answers).get("pages", {})
    return found


@transaction.atomic
def keep(draft: Unconfirmed, page: str, words: Typed, *, email: str = "") -> Unconfirmed:
    """Keeps a page, right or wrong. Changed words end a code that is out, another address all links to this draft."""
    draft = _locked(draft)
    pages = typed(draft)
    if pages.get(page) != words:
        draft.answers = json.dumps({"pages": pages | {page: words}})
        draft.code_hash = ""
    if email and email.strip().lower() != draft.email:
        draft.email, draft.code_hash = email.strip().lower(), ""
        links.end(draft.about)
        cancel(draft.about)
    draft.page, draft.edited_at = page, clock.now()
    draft.save()
    return draft


@transaction.atomic
def leave(draft: Unconfirmed) -> None:
    """A letter with the link that brings the person back to the page where they left."""
    post(letters.resume(draft, _link(draft)))


@transaction.atomic
def send_code(draft: Unconfirmed, given: Given) -> Unconfirmed:
    """Closes the checked form until its code is typed, and sends the code. Pressed twice, it is sent once."""
    draft = _locked(draft)
    applying.refuse_closed(draft.program, clock.now())
    if not is_new_code(draft):
        return draft
    now = clock.now()
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
    draft.answers = json.dumps({"pages": typed(draft), "given": dict(given)})
    draft.code_hash, draft.coded_at, draft.tries, draft.edited_at = _hashed(code), now, 0, now
    draft.save()
    post(letters.confirm_address(draft, f"{code[:4]}-{code[4:]}"))
    return draft


def is_new_code(draft: Unconfirmed) -> bool:
    """Whether a press now sends a letter: not while the same form's code is less than a minute old."""
    return not draft.code_hash or draft.coded_at is None or clock.now() >= draft.coded_at + SAME_PRESS


def confirm(draft: Unconfirmed, code: str) -> Application:
    """With the right code the form becomes an application, and its address an account. Three tries, one hour."""
    if not _tried(draft, code):
        raise NotAllowed("This is not the code of the letter. Look for the newest letter, or ask for another code.")
    return _confirmed(draft)


@transaction.atomic
def _tried(draft: Unconfirmed, code: str) -> bool:
    """Counts the try before it looks, in a transaction of its own: a refusal must not take the count back."""
    draft = _locked(draft)
    late = draft.coded_at is None or clock.now() >= draft.coded_at + letters.APPLYING_CODE_LIVES
    if late or not draft.code_hash or draft.tries >= MOST_TRIES:
        raise NotAllowed("This code no longer counts: three tries or an hour have passed. Ask for another one.")
    draft.tries += 1
    draft.save(update_fields=["tries"])
    return compare_digest(draft.code_hash, _hashed(code))


@transaction.atomic
def _confirmed(draft: Unconfirmed) -> Application:
    draft = _locked(draft)
    given = json.loads(draft.answers)["given"]
    person = Person.objects.filter(email=draft.email).first()
    if person is None:
        person = Person.objects.create_user(draft.email, name=given["name"], zone=given["zone"])
    if not person.is_active:
        raise NotAllowed("This address cannot apply. Please write to the organizers.")
    known = EmailAddress.objects.filter(user=person, email=draft.email).update(verified=True)
    if not known:
        EmailAddress.objects.create(user=person, email=draft.email, verified=True, primary=True)
    application = applying.submit(person, draft.program, given, how="form", sent_at=draft.coded_at, source=draft.source)
    drop(Unconfirmed.objects.filter(program=draft.program, email=draft.email))
    return application


@transaction.atomic
def send(person: Person, draft: Unconfirmed, given: Given) -> Application:
    """The same for somebody who is signed in: their address needs no code."""
    draft = _locked(draft)
    application = applying.submit(person, draft.program, given, source=draft.source)
    drop(Unconfirmed.objects.filter(Q(program=draft.program, email=person.email) | Q(pk=draft.pk)))
    return application


@transaction.atomic
def drop(drafts: models.QuerySet[Unconfirmed]) -> None:
    """Drafts and everything that leads to them: links end, letters that have not left stay here."""
    for draft in drafts:
        links.end(draft.about)
        cancel(draft.about)
    drafts.delete()


@transaction.atomic
def remind() -> None:
    """E03 to who left three days ago: once per address and program, while the program takes applications."""
    now = clock.now()
    left = Unconfirmed.objects.select_for_update(of=("self",)).select_related("program")
    waiting = left.filter(reminded_at=None, edited_at__lte=now - UNFINISHED_AFTER)
    for draft in waiting.filter(program__in=Program.objects.taking(now)).order_by("edited_at", "pk"):
        others = Unconfirmed.objects.filter(program=draft.program, email=draft.email).exclude(pk=draft.pk)
        if not others.filter(Q(edited_at__gt=draft.edited_at) | Q(reminded_at__isnull=False)).exists():
            post(letters.unfinished(draft, _link(draft)))
            draft.reminded_at = now
            draft.save(update_fields=["reminded_at"])


def _link(draft: Unconfirmed) -> str:
    return links.make(letters.DRAFT_LINK, draft.about, None, clock.now() + LIVES)


def _locked(draft: Unconfirmed) -> Unconfirmed:
    """The draft as it is now. Raises NotAllowed where it was sent or deleted in another tab meanwhile."""
    found = (
        Unconfirmed.objects.select_for_update(of=("self",))
        .select_related("program", "source")
        .filter(pk=draft.pk)
        .first()
    )
    if found is None:
        raise NotAllowed("This application was sent or deleted in another window.")
    return found


def _hashed(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
