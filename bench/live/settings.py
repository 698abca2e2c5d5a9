"""The site's own settings, without what only a page with pictures needs."""

from roundtable.settings import *  # noqa: F403
from roundtable.settings import BASE_DIR

STATIC_ROOT = str(BASE_DIR / "static")
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = False
ROOT_URLCONF = "bench.live.urls"
