"""Settings of the tests: other storage, hasher, mail, broker and cache; all else as it runs."""

import os

for name, value in {
    "DEBUG": "false",
    "PRIVATE": "false",
    "HTTPS": "false",
    "DEVELOPMENT_PAGES": "true",
    "SECRET_KEY": "only for tests, where nothing is secret",
    "FIELD_KEYS": "2:Mv8bGm9Tq3aC0uZpX5nR7sK1hE4jL6wYdV2oFtNiQcA=,1:AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/AbCdE=",
    "SITE_URL": "https://roundtable.example",
}.items():
    os.environ[name] = value  # what a shell happens to hold must not change what a test means

from roundtable.settings import *  # noqa: E402, F403 -- after the environment is set
from roundtable.settings import INSTALLED_APPS, env  # noqa: E402

INSTALLED_APPS = [*INSTALLED_APPS, "tests"]  # for its own `flush`

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
EMAIL_BACKEND = INVITE_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
CACHES = {name: {"BACKEND": "roundtable.cache.Memory", "LOCATION": name} for name in ("default", "process")}
CELERY_BROKER_URL = "memory://"
CELERY_TASK_ALWAYS_EAGER = False
STAFF_MFA_REQUIRED = env.bool("STAFF_MFA_REQUIRED", False)
