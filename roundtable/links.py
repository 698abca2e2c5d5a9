"""Links in letters that open one thing for one person without signing in.

Somebody who is still applying has no account yet; their link belongs to the address it was sent to.

A token is 32 random bytes, stored as a hash, signed so that an invented one costs no look into the database. Opening
writes no row: the answer is a redirect to the thing's public id and a signed cookie that holds several links.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseRedirect

from roundtable import clock, limits

SIGNER = Signer(salt="roundtable.links", sep=".")
COOKIE_AGE = timedelta(hours=2)
HELD_AT_ONCE = 12
MISSES_PER_HOUR = 30


class LinkQuerySet(models.QuerySet["Link"]):
    def live(self) -> "LinkQuerySet":
        """Neither ended nor past its time."""
        return self.filter(ended_at=None, expires_at__gt=clock.now())


class Link(models.Model):
    """One purpose, one thing, one person. The token itself stands nowhere but in its letter, encrypted."""

    purpose = models.CharField(max_length=30)
    about = models.CharField(max_length=60, db_index=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", null=True)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("created_at")), name="a_link_lives_for_a_while")
        ]

    def __str__(self) -> str:
        return f"link {self.pk}"


def hashed(token: str) -> str:
    """What the table holds of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def make(purpose: str, about: str, person: models.Model | None, expires_at: datetime) -> str:
    """A new link; the token is returned once and belongs into a letter's `links` only."""
    return make_each(purpose, [(about, person)], expires_at)[0]


def make_each(
    purpose: str, wanted: Iterable[tuple[str, models.Model | None]], expires_at: datetime, *, batch_size: int = 1000
) -> list[str]:
    """A new link for each thing and person, in their order, in one statement however many they are."""
    return make_until(purpose, [(*one, expires_at) for one in wanted], batch_size=batch_size)


def make_until(
    purpose: str, wanted: Iterable[tuple[str, models.Model | None, datetime]], *, batch_size: int = 1000
) -> list[str]:
    """The same where each has a time of its own."""
    made = [
        (
            token := SIGNER.sign(secrets.token_urlsafe(32)),
            Link(
                purpose=purpose,
                about=about,
                person_id=person.pk if person else None,
                token_hash=hashed(token),
                created_at=clock.now(),
                expires_at=expires_at,
            ),
        )
        for about, person, expires_at in wanted
    ]
    Link.objects.bulk_create([link for _, link in made], batch_size=batch_size)
    return [token for token, _ in made]


def is_token(key: str) -> bool:
    """A token rather than a public id: the two share one address pattern."""
    return SIGNER.sep in key


def peek(request: HttpRequest, purpose: str, token: str) -> Link:
    """The live link of this token. Invented, ended, lapsed or of another purpose: 404, and a miss is counted."""
    try:
        SIGNER.unsign(token)
        return Link.objects.live().get(purpose=purpose, token_hash=hashed(token))
    except (BadSignature, Link.DoesNotExist):
        where = limits.address(request)
        limits.count("link missed", where, most=MISSES_PER_HOUR, within=timedelta(hours=1))
        raise Http404 from None


def opened(request: HttpRequest, link: Link, url: str) -> HttpResponseRedirect:
    """To the page under its public id; the link is remembered in the cookie, and the token leaves the address bar."""
    held = [key for key in remembered(request) if key != link.pk]
    response = HttpResponseRedirect(url)
    response["Referrer-Policy"] = "no-referrer"
    response.set_signed_cookie(
        settings.LINK_COOKIE_NAME,
        ",".join(str(key) for key in [*held, link.pk][-HELD_AT_ONCE:]),
        salt="roundtable.links",
        max_age=COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def remembered(request: HttpRequest) -> list[int]:
    """The links that this browser opened in the last two hours; a changed or old cookie holds none."""
    held = request.get_signed_cookie(
        settings.LINK_COOKIE_NAME, default="", salt="roundtable.links", max_age=int(COOKIE_AGE.total_seconds())
    )
    return [int(key) for key in (held or "").split(",") if key]


def check(request: HttpRequest, purpose: str, about: str) -> Link | None:
    """The live link to this thing that was opened last, asked again at every GET and POST."""
    keys = remembered(request)
    held = Link.objects.live().filter(pk__in=keys, purpose=purpose, about=about).select_related("person")
    return max(held, key=lambda link: keys.index(link.pk), default=None)


def end(about: str | Iterable[str], *, purpose: str | None = None, person: models.Model | None = None) -> int:
    """Ends the links to these things, from the next request on. How many were alive."""
    live = Link.objects.live().filter(about__in=[about] if isinstance(about, str) else list(about))
    if purpose is not None:
        live = live.filter(purpose=purpose)
    if person is not None:
        live = live.filter(person_id=person.pk)
    return live.update(ended_at=clock.now())


def move(about: str, expires_at: datetime) -> int:
    """The thing has another time now, and so have its links. How many moved."""
    return Link.objects.filter(about=about, ended_at=None).update(expires_at=expires_at)
