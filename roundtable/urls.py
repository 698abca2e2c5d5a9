"""All addresses. Allauth's are included one by one, because there are no passwords and no open sign-up."""

from allauth.account import views as account
from allauth.mfa import urls as mfa
from allauth.usersessions import urls as usersessions
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from roundtable import pages

accounts = [
    path("login/", pages.login, name="account_login"),
    path("login/code/", pages.in_even_time(account.request_login_code), name="account_request_login_code"),
    path("login/code/confirm/", account.confirm_login_code, name="account_confirm_login_code"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("email/", account.email, name="account_email"),
    path("confirm-email/", account.email_verification_sent, name="account_email_verification_sent"),
    # Allauth links to these two by name; they do not exist here.
    path("signup/", pages.nowhere, name="account_signup"),
    path("password/reset/", pages.nowhere, name="account_reset_password"),
    path("2fa/", include(mfa)),
    path("sessions/", include(usersessions)),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("meetings.urls")),  # first: boards are asked most
    path("", include("members.urls")),
    path("", include("groups.urls")),
    path("accounts/", include(accounts)),
    path("admin/", admin.site.urls),
    path("privacy/", pages.privacy, name="privacy"),
    path("clock/", pages.clock, name="clock"),
    path("health/live/", pages.live, name="health_live"),
    path("health/ready/", pages.ready, name="health_ready"),
]
if settings.DEVELOPMENT_PAGES:
    urlpatterns += [
        path("styleguide/", pages.styleguide, name="styleguide"),
        path("outbox/", include("roundtable.outbox.urls")),
    ]
