"""All settings, read from the environment; importing this file starts nothing.

Except on one's own machine (PRIVATE) nothing secret has a default. `.env.example` explains each variable.
"""

import base64
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from csp.constants import NONE, SELF

from roundtable import logs
from roundtable.localkeys import kept

django_stubs_ext.monkeypatch()  # ModelAdmin[Person] is a type only the checker knew

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
DEBUG = env.bool("DEBUG", False)
# One's own machine: keys are made once under var/, letters stay here, plain http will do. bin/serve sets it for the
# servers that it starts itself; errors look as they do everywhere, unless DEBUG is on.
PRIVATE = env.bool("PRIVATE", DEBUG)
HTTPS = env.bool("HTTPS", not PRIVATE)
# The style guide and the page that shows every letter with its links filled in: never where real people are.
DEVELOPMENT_PAGES = env.bool("DEVELOPMENT_PAGES", PRIVATE)


def secret(name: str, make: Any) -> str:
    """From the environment; for a private installation made once and kept under var/."""
    return kept(VAR_DIR / name.lower(), make) if PRIVATE and name not in env else env.str(name)


SECRET_KEY = secret("SECRET_KEY", lambda: secrets.token_urlsafe(64))
# `id:base64 of 32 bytes`, newest first, separated by commas; apart from SECRET_KEY on purpose (vault.py).
FIELD_KEYS = secret("FIELD_KEYS", lambda: f"1:{base64.b64encode(secrets.token_bytes(32)).decode()}")

# Where we are
SITE_NAME = env.str("SITE_NAME", "Roundtable")
SITE_URL = env.str("SITE_URL", f"http://127.0.0.1:{env.str('PORT', '8000')}").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"] if PRIVATE else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "roundtable.apps.RoundtableConfig",
    "roundtable.outbox",
    "members",
    "groups",
    "meetings",
    "roundtable.apps.RoundtableAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "anymail",
    "csp",
    "django_htmx",
    "template_partials",
]
MIDDLEWARE = [
    "roundtable.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "roundtable.middleware.closed_answers",
    "roundtable.middleware.known_methods",
    "roundtable.middleware.without_nul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "roundtable.middleware.StaffGate",
    "roundtable.middleware.TooManyTries",
    "roundtable.middleware.FirstThings",
]
ROOT_URLCONF = "roundtable.urls"
WSGI_APPLICATION = "roundtable.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja2", BASE_DIR / "templates"],
        "OPTIONS": {"environment": "roundtable.templating.environment"},
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True

# Services
DATABASES = {"default": env.db_url("DATABASE_URL", default="postgresql:///roundtable")}
DATABASES["default"] |= {"ENGINE": "roundtable.postgres"}
DATABASES["default"] |= {"CONN_MAX_AGE": env.int("CONN_MAX_AGE", 600), "CONN_HEALTH_CHECKS": True}
REDIS_URL = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "roundtable.cache.RedisOrMemory",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1},
    },
    "process": {"BACKEND": "roundtable.cache.Memory", "LOCATION": "process", "OPTIONS": {"MAX_ENTRIES": 10_000}},
}
# kombu names a socket's scheme redis+socket and its database virtual_host.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
# No retries: a nudge that finds no broker fails at once (else after 6 s, measured), and the person is answered.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 0.5, "socket_timeout": 5, "max_retries": 0}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker as long as it takes
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 60, 90
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
# Shards of compositions worked at side by side on the whole site: at least one worker process stays for letters.
COMPOSING_AT_ONCE = env.int("COMPOSING_AT_ONCE", 1)

# Letters. In a private installation each is one file under var/mail and leaves the machine never.
EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND",
    "roundtable.outbox.folder.Folder" if PRIVATE else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_HOST = env.str("EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
ANYMAIL = env.json("ANYMAIL", default={})
ANYMAIL_REQUESTS_TIMEOUT = 10
EMAIL_ADDRESS = env.str("EMAIL_ADDRESS", "hello@roundtable.example")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = f'"{SITE_NAME}" <{EMAIL_ADDRESS}>'
# Letters with a calendar part use a connection of their own, because few back ends carry one unharmed.
INVITE_EMAIL_BACKEND = env.str(
    "INVITE_EMAIL_BACKEND", EMAIL_BACKEND if PRIVATE else "django.core.mail.backends.smtp.EmailBackend"
)
INVITE_EMAIL_HOST = env.str("INVITE_EMAIL_HOST", EMAIL_HOST)
INVITE_EMAIL_PORT = env.int("INVITE_EMAIL_PORT", EMAIL_PORT)
INVITE_EMAIL_USER = env.str("INVITE_EMAIL_USER", EMAIL_HOST_USER)
INVITE_EMAIL_PASSWORD = env.str("INVITE_EMAIL_PASSWORD", EMAIL_HOST_PASSWORD)
INVITE_EMAIL_USE_TLS = env.bool("INVITE_EMAIL_USE_TLS", EMAIL_USE_TLS)
INVITE_EMAIL_ADDRESS = env.str("INVITE_EMAIL_ADDRESS", "calendar@roundtable.example")
INVITE_EMAIL_NAME = env.str("INVITE_EMAIL_NAME", SITE_NAME)
INBOUND_MAIL = env.bool("INBOUND_MAIL", False)
REPLIES_IMAP = env.str("REPLIES_IMAP", "")  # imaps://user:password@host/folder, for `read_mailbox` without a path

# People: no passwords, a code by e-mail, a passkey or second factor for who wants it (staff: must)
AUTH_USER_MODEL = "members.Person"
AUTHENTICATION_BACKENDS = ["roundtable.sessions.Backend"]
LOGIN_URL = "account_request_login_code"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
STAFF_MFA_REQUIRED = env.bool("STAFF_MFA_REQUIRED", not PRIVATE)
ACCOUNT_ADAPTER = "members.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,3/10m/key,10/d/key"}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = PRIVATE
MFA_TOTP_ISSUER = SITE_NAME
SESSION_ENGINE = "roundtable.sessions"
SESSION_COOKIE_AGE = ACCOUNT_SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())
STAFF_SESSION_AGE = timedelta(hours=12)

# The browser: names with __Host- are bound to this host and to TLS, so plain http on one's own machine has none
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid", f"{COOKIE_PREFIX}csrftoken"
LINK_COOKIE_NAME = f"{COOKIE_PREFIX}links"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" would make browsers send "Origin: null" with our own forms
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
STATIC_URL = "/static/"
STATIC_ROOT = str(BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if PRIVATE
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = PRIVATE
DEFAULT_EXCEPTION_REPORTER_FILTER = "roundtable.reports.NothingPersonal"
LOGGING = logs.LOGGING
LOGGING_CONFIG = "roundtable.logs.configure"
ADMINS: list[Any] = []
