"""The letters of applying, review and sign-in. Their words are templates/email/members/<kind>/.

A letter names nobody but its reader; whatever is about others stands on the page behind its link.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.urls import reverse

from members.models.application import Application, Unconfirmed
from members.models.conduct import CodeOfConduct
from members.models.person import Person
from members.models.review import Decision
from members.stages import DECLINE_REASONS
from roundtable import clock, links
from roundtable.outbox.models import mark
from roundtable.outbox.post import Draft

CODE_LIVES = timedelta(minutes=10)
PLACE_LINK_LIVES = timedelta(days=30)
ASKS_PLACE = "place"  # the purpose of the links in E04
APPLYING_CODE_LIVES = timedelta(hours=1)
DRAFT_LINK = "draft"
MONTHLY = "members/monthly"
WAITS = "waiting"  # the purpose of the links in E07: pause, come back, still there
WAITING_LINK_LIVES = timedelta(days=90)
OF_DECISIONS = ("members/accepted", "members/question", *(f"members/declined_{code}" for code in DECLINE_REASONS))

# Allauth would write to strangers, and about passwords that nobody has.
NEVER = frozenset({"unknown_account", "account_already_exists", "password_reset_key", "password_reset_code"})
CODES = {"login_code": "members/login_code", "email_confirmation": "members/email_code"}
NOTICES = {
    "email_changed": "Your address was changed",
    "email_confirm": "Your address was confirmed",
    "email_deleted": "An address was removed from your account",
    "authenticator_added": "A second step was added to your sign-in",
    "authenticator_removed": "A second step was removed from your sign-in",
    "recovery_codes_generated": "New recovery codes were made",
    "webauthn_added": "A passkey was added",
    "webauthn_removed": "A passkey was removed",
    "totp_activated": "An authenticator app was added",
    "totp_deactivated": "An authenticator app was removed",
}


def address_of(name: str, *args: str) -> str:
    """The whole address of one of our pages."""
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def account(kind: str, person: Person, *, email: str, code: str) -> Draft:
    """A sign-in or address code (E40), or a notice that something about the account changed."""
    now = clock.now()
    if code:
        return Draft(
            kind=CODES.get(kind, "members/login_code"),
            to=person,
            address=email,
            about=f"person:{person.pk}",
            dedupe_key=f"{kind}:{person.pk}:{now.isoformat()}",
            context={"name": person.get_short_name(), "minutes": int(CODE_LIVES.total_seconds() // 60)},
            links={"code": code},
            priority=0,
            expires_at=now + CODE_LIVES,
        )
    return Draft(
        kind="members/account_notice",
        to=person,
        address=email,
        about=f"person:{person.pk}",
        dedupe_key=f"{kind}:{person.pk}:{now.isoformat()}",
        context={
            "name": person.get_short_name(),
            "happened": NOTICES.get(kind, "Something about your sign-in changed"),
            "page": address_of("members:me"),
        },
        priority=0,
    )


def confirm_address(draft: Unconfirmed, code: str) -> Draft:
    """E01: the code without which no organizer sees the application."""
    now = draft.coded_at or clock.now()
    return Draft(
        kind="members/confirm_address",
        to=None,
        address=draft.email,
        about=draft.about,
        dedupe_key=f"confirm_address:{draft.public_id}:{now.isoformat()}",
        context={"program": draft.program.name},
        links={"code": code},
        priority=0,
        expires_at=now + APPLYING_CODE_LIVES,
    )


def resume(draft: Unconfirmed, token: str) -> Draft:
    """To somebody who left the form for later: the link that leads back to their page."""
    return _draft("members/resume", draft, token, once=clock.now().isoformat(), priority=1)


def unfinished(draft: Unconfirmed, token: str) -> Draft:
    """E03: three days later, once: go on, or delete it."""
    return _draft("members/unfinished", draft, token, once="", priority=3)


def _draft(kind: str, draft: Unconfirmed, token: str, *, once: str, priority: int) -> Draft:
    return Draft(
        kind=kind,
        to=None,
        address=draft.email,
        about=draft.about,
        dedupe_key=f"{kind}:{draft.public_id}:{once}",
        context={"program": draft.program.name},
        links={"token": token},
        priority=priority,
    )


def received(application: Application) -> Draft:
    """E02: we have it, and what comes next."""
    return Draft(
        kind="members/received",
        to=application.person,
        about=f"application:{application.pk}",
        dedupe_key=f"received:{application.pk}:{application.submitted_at}",
        context=_about(application),
    )


def question(
    application: Application,
    questions: Sequence[str],
    *,
    once: str,
    not_before: datetime | None = None,
    place_token: str = "",
) -> Draft:
    """E04: what only the person can tell us: the place, the agreement, a yes to using sensitive answers.

    The place is answered behind a link of its own, without signing in: one button for each that it may be.
    """
    labels = [candidate["label"] for candidate in application.candidates]
    token = place_token or (place_tokens([application])[0] if "place" in questions else "")
    return Draft(
        kind="members/question",
        to=application.person,
        about=f"application:{application.pk}",
        dedupe_key=f"question:{application.pk}:{once}",
        context=_about(application) | {f"ask_{name}": True for name in questions} | {"places": labels},
        links={"token": token} if token else {},
        not_before=not_before,
    )


def place_tokens(applications: Sequence[Application]) -> list[str]:
    """A link for each, behind which the question for the place is answered; it lives for a month."""
    wanted = [(f"application:{application.pk}", application.person) for application in applications]
    return links.make_each(ASKS_PLACE, wanted, clock.now() + PLACE_LINK_LIVES)


def accepted(decision: Decision, pools: Sequence[str], *, not_before: datetime) -> Draft:
    """E05: in the pool, how many wait there, and what happens next."""
    return _decided("members/accepted", decision, not_before, pools=list(pools))


def declined(decision: Decision, *, not_before: datetime) -> Draft:
    """E06: not now, why, and what else there is. Each code has words of its own."""
    return _decided(f"members/declined_{decision.reason}", decision, not_before)


def _decided(kind: str, decision: Decision, not_before: datetime, **facts: object) -> Draft:
    return Draft(
        kind=kind,
        to=decision.application.person,
        about=f"application:{decision.application_id}",
        dedupe_key=f"decision:{decision.pk}",
        context={**_about(decision.application), **facts},
        not_before=not_before,
    )


def again(application: Application, now: datetime) -> Draft:
    """To somebody who applied once more while their application was on its way: where it stands, at most once a day."""
    return Draft(
        kind="members/again",
        to=application.person,
        about=f"application:{application.pk}",
        dedupe_key=f"again:{application.pk}:{application.stage}:{now:%Y-%m-%d}",
        context=_about(application) | {"stage": application.stage},
    )


def monthly(application: Application, month: date, facts: Mapping[str, object]) -> Draft:
    """E07: who waits, what changed, what is missing, one thing to do. Once per application and month."""
    token = _waiting_token(application)
    return Draft(
        kind=MONTHLY,
        to=application.person,
        about=f"application:{application.pk}",
        dedupe_key=f"monthly:{application.person_id}:{application.pk}:{month:%Y-%m}",
        context={**_about(application), **facts},
        links={"token": token},
        headers={"List-Unsubscribe": f"<{settings.SITE_URL}/waiting/{mark('token')}/>"},
        expires_at=clock.now() + timedelta(days=7),
    )


def resting(application: Application) -> Draft:
    """Three of those stayed without an answer: we stop writing, and the way back stays open."""
    return Draft(
        kind="members/resting",
        to=application.person,
        about=f"application:{application.pk}",
        dedupe_key=f"resting:{application.pk}:{application.decided_at}",
        context=_about(application),
        links={"token": _waiting_token(application)},
    )


def _waiting_token(application: Application) -> str:
    return waiting_tokens([application])[0]


def waiting_tokens(applications: Sequence[Application]) -> list[str]:
    """A link for each, behind which whoever waits pauses or says that they are still there."""
    wanted = [(f"application:{application.pk}", application.person) for application in applications]
    return links.make_each(WAITS, wanted, clock.now() + WAITING_LINK_LIVES)


def code_changed(code: CodeOfConduct, person: Person) -> Draft:
    """E38: another version, its differences on the page, and a yes before they go on."""
    return Draft(
        kind="members/code_changed",
        to=person,
        about=f"code:{code.pk}",
        dedupe_key=f"code_changed:{code.pk}:{person.pk}",
        context={
            "name": person.get_short_name(),
            "program": code.program.name,
            "number": code.number,
            "page": address_of("members:code_changed", code.program.slug),
        },
    )


def _about(application: Application) -> dict[str, object]:
    return {
        "name": application.person.get_short_name(),
        "program": application.program.name,
        "page": address_of("members:status"),
        "home": address_of("members:home"),
    }
