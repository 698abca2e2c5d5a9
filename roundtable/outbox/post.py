"""Writing letters, in the transaction of the act that causes them, and taking them back while they are still here."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.template import Context
from django.template.loader import get_template

from roundtable import clock, vault
from roundtable.outbox import mime
from roundtable.outbox.models import STILL_HERE, Letter, Priority, State, mark
from roundtable.outbox.tasks import drain


@dataclass(frozen=True)
class Draft:
    """A letter that somebody should get: its words are templates/email/<kind>/{subject.txt,body.txt,body.html}.

    `links` are secrets (tokens, codes): the templates see a mark under the same name. `ics` is a whole calendar
    object. `address` overrides the person's own, for a letter to an old or a not yet confirmed address.
    """

    kind: str
    to: Any  # a person, or None with an address
    about: str
    dedupe_key: str
    context: Mapping[str, Any] = field(default_factory=dict)
    ics: bytes | None = None
    links: Mapping[str, str] = field(default_factory=dict)
    priority: int = Priority.REST
    not_before: datetime | None = None
    expires_at: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    address: str = ""


def post(*drafts: Draft) -> None:
    """Letters into the outbox; one whose dedupe key is already there is the same letter and is left alone.

    Each e-mail is built once and dropped, so that what cannot be sent fails here, where somebody can mend it.
    """
    letters = [written(draft) for draft in drafts]
    for letter in letters:
        mime.build(letter, letter.secrets_by_mark()).message()
    close(letters)
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
    if letters and not any(call is nudge for _, call, *_ in connection.run_on_commit):
        transaction.on_commit(nudge, robust=True)  # robust: the act is done, whatever the broker says


def close(letters: Iterable[Letter]) -> None:
    """Their secrets, with one look for the key however many they are."""
    secret: list[Any] = [letter for letter in letters if letter.secret]
    if secret:
        key = vault.key_to_write(secret[0].key_owner())
    for letter in secret:
        letter.secret = vault.sealed(letter, "secret", letter.secret, key=key)


def known(keys: Iterable[str]) -> set[str]:
    """Of these dedupe keys, those whose letter is in the outbox, whatever became of it."""
    return set(Letter.objects.filter(dedupe_key__in=list(keys)).values_list("dedupe_key", flat=True))


def nudge() -> None:
    """Wakes a worker. Without a broker this fails at once, and the next tick of the schedule sends the letters."""
    drain.apply_async(expires=5, retry=False)


def written(draft: Draft) -> Letter:
    """The letter in words, marks instead of secrets."""
    shown = {
        "site_url": settings.SITE_URL,
        "site_name": settings.SITE_NAME,
        "to": draft.to,
        **draft.context,
        **{name: mark(name) for name in draft.links},
    }
    now = clock.now()
    return Letter(
        kind=draft.kind,
        priority=draft.priority,
        dedupe_key=draft.dedupe_key,
        person_id=draft.to.pk if draft.to else None,
        about=draft.about,
        to=draft.address or draft.to.email,
        subject=" ".join(words(draft.kind, "subject.txt", shown).split()),
        text=words(draft.kind, "body.txt", shown),
        html=get_template(f"email/{draft.kind}/body.html").render(shown),
        ics=draft.ics,
        headers=dict(draft.headers),
        secret=json.dumps(dict(draft.links)) if draft.links else None,  # type: ignore[misc] # nullable, see the model
        created_at=now,
        not_before=draft.not_before or now,
        expires_at=draft.expires_at,
    )


def words(kind: str, part: str, shown: Mapping[str, Any]) -> str:
    """A plain text: an apostrophe in a name stays one."""
    template: Any = get_template(f"email/{kind}/{part}")
    return str(template.template.render(Context(dict(shown), autoescape=False)))


def cancel(about: str, *, kinds: tuple[str, ...] = (), person: models.Model | None = None) -> int:
    """Takes back the letters about a thing that have not left. How many; where none, a correcting one is needed."""
    letters = Letter.objects.filter(about=about)
    if kinds:
        letters = letters.filter(kind__in=kinds)
    if person is not None:
        letters = letters.filter(person_id=person.pk)
    return take_back(letters)


def hasten(about: str) -> int:
    """What waits for its hour leaves now, because the next news is about to overtake it. How many."""
    now = clock.now()
    return Letter.objects.filter(about=about, state=State.QUEUED, not_before__gt=now).update(not_before=now)


def take_back(letters: models.QuerySet[Letter]) -> int:
    """Of these letters, those that have not left end here. How many."""
    return letters.filter(state__in=STILL_HERE).update(state=State.CANCELLED, secret=None)


def send_again(letters: models.QuerySet[Letter]) -> int:
    """Of these letters, those that failed go out again, from the first attempt on. How many.

    One that was taken back, or is past its time, stays where it is: its secret is gone, or its news is old.
    """
    now = clock.now()
    failed = letters.filter(state=State.FAILED, blanked_at=None).exclude(expires_at__lte=now)
    return failed.update(state=State.QUEUED, attempts=0, not_before=now, last_error="")
