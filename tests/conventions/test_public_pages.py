"""Which pages open without signing in: this list, and no other."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLResolver, get_resolver

from tests.confidence.permissions import addresses, line_of

PUBLIC = {
    *("members:home", "members:apply", "members:apply_confirm", "members:conduct"),
    *("members:program", "members:city"),
    *("members:apply_page", "members:apply_saved", "members:people", "members:places"),
    # By the link of a letter, which the page itself asks for:
    *("groups:invitation", "meetings:poll", "meetings:seat", "meetings:your_turn", "members:draft", "members:where"),
    *("members:waiting_by_letter", "groups:hosting_by_letter"),
    "meetings:roundtables",  # 404 unless an organizer shows it
    "meetings:between_by_letter",
    "meetings:feed",  # by an address that its person made
    *("meetings:mail", "meetings:mail_whole"),  # for a mail provider, by its secret
    *("privacy", "clock", "health_live", "health_ready"),
    # Signing in, and allauth's names that lead nowhere:
    *("account_login", "account_request_login_code", "account_confirm_login_code", "account_logout"),
    *("account_inactive", "account_email_verification_sent", "account_signup", "account_reset_password"),
    *("mfa_authenticate", "mfa_login_webauthn", "admin:login"),
    # Where DEVELOPMENT_PAGES is set:
    *("styleguide", "outbox:outbox", "outbox:letter", "outbox:html"),
}


def without_sign_in(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from without_sign_in(found, f"{space}{found.namespace}:" if found.namespace else space)
        elif not getattr(found.callback, "login_required", True):
            yield f"{space}{found.name}"


def test_public_pages_are_these_and_no_other() -> None:
    assert set(without_sign_in(get_resolver())) == PUBLIC


def test_the_table_of_permissions_says_the_same() -> None:
    lines = {name: [line_of(name, method) for method in ("GET", "POST")] for name in addresses()}
    opened = {name for name, both in lines.items() if any(line and line.cells[0] != "in" for line in both)}
    assert opened - PUBLIC == set()
