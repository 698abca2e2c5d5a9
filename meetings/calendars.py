"""What each person chooses for their own calendar: answers from the page, the words for a date, another address.

Dates that are in a calendar already follow by the sweep in `following`. An address is confirmed by a code, so that
nobody sends dates into a stranger's calendar.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from hmac import compare_digest

from django.db import transaction

from meetings import receipts
from meetings.ics import SUMMARY
from meetings.models.calendar import MOST_TRIES, CalendarChoice
from members.models.person import Person
from roundtable import audit, clock, limits
from roundtable.errors import NotAllowed
from roundtable.outbox.post import post

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is taken for another
CODES_A_DAY = 5


def of(person: Person) -> CalendarChoice:
    """As chosen, or as everybody has it."""
    return CalendarChoice.objects.filter(person=person).first() or CalendarChoice(person=person)


def echo(person: Person, *, wanted: bool) -> None:
    """Whether answers on the page go into this person's calendar by mail; twice is once."""
    CalendarChoice.objects.update_or_create(person=person, defaults={"echoes": wanted})


def label(person: Person) -> str:
    """By which words this person's calendar names a date."""
    return of(person).label or SUMMARY


def call_it(person: Person, words: str) -> None:
    """Other words for the dates in one's own calendar; none at all are ours again."""
    words = " ".join(words.split())
    CalendarChoice.objects.update_or_create(person=person, defaults={"label": "" if words == SUMMARY else words})


def address(person: Person) -> str:
    """Where this person's dates are mailed to."""
    return of(person).address or person.email


@transaction.atomic
def ask_address(person: Person, wanted: str) -> bool:
    """Dates shall go to another address: a code goes there. Whether one has; the sign-in address needs none.

    Raises TooMany after a few a day.
    """
    choice = _held(person)
    if wanted.casefold() == person.email.casefold():
        _take(choice, "")
        return False
    if wanted.casefold() == choice.address.casefold():
        return False
    limits.count("calendar address", person.pk, most=CODES_A_DAY, within=timedelta(days=1))
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
    choice.asked, choice.code_hash, choice.coded_at, choice.tries = wanted, _hashed(code), clock.now(), 0
    choice.save()
    post(receipts.confirm_calendar(choice, f"{code[:4]}-{code[4:]}"))
    return True


def confirm_address(person: Person, code: str) -> None:
    """With the right code dates go to the new address from now on. Three tries, one hour. Raises NotAllowed."""
    proven = _tried(person, code)
    if not proven:
        raise NotAllowed("This is not the code of the letter. Look for the newest letter, or ask for another code.")
    with transaction.atomic():
        choice = _held(person)
        if choice.asked == proven:  # another one that was asked for meanwhile waits for its own code
            _take(choice, proven)
            audit.note(person, "chose a calendar address", f"person:{person.pk}")


@transaction.atomic
def _tried(person: Person, code: str) -> str:
    """The address that this code proves, or none. The try is counted before it looks, in a transaction of its own: a
    refusal must not take the count back.
    """
    choice = _held(person)
    late = choice.coded_at is None or clock.now() >= choice.coded_at + receipts.CODE_LIVES
    if late or choice.tries >= MOST_TRIES:
        raise NotAllowed("This code no longer counts: three tries or an hour have passed. Ask for another one.")
    choice.tries += 1
    choice.save(update_fields=["tries"])
    return choice.asked if compare_digest(choice.code_hash, _hashed(code)) else ""


def _take(choice: CalendarChoice, address: str) -> None:
    choice.address, choice.asked, choice.code_hash, choice.coded_at, choice.tries = address, "", "", None, 0
    choice.save()


def _held(person: Person) -> CalendarChoice:
    CalendarChoice.objects.get_or_create(person=person)
    return CalendarChoice.objects.select_for_update().get(person=person)


def _hashed(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
