"""Django as the tests have it, on an empty database of its own, and nothing said meanwhile."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

import django
import structlog


@contextmanager
def empty_database() -> Iterator[None]:
    """Made for this bench, and gone after it. Django's own modules may be imported inside."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    logging.disable(logging.WARNING)
    from django.conf import settings  # noqa: PLC0415 - configured just now
    from django.test.runner import DiscoverRunner  # noqa: PLC0415

    settings.ALLOWED_HOSTS, settings.WHITENOISE_AUTOREFRESH = ["*"], False
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        yield
    finally:
        runner.teardown_databases(databases)
