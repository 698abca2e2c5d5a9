"""The site's own settings, without what only a page with pictures needs."""

from roundtable.settings import *  # noqa: F403
from roundtable.settings import BASE_DIR, REDIS_URL

STATIC_ROOT = str(BASE_DIR / "static")
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = False
ROOT_URLCONF = "bench.live.urls"
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        # it waits for messages longer than redis-py 8 waits for an answer (django/channels_redis#422)
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}]},
    }
}
