"""The WSGI application, for request workers that run apart from the event streams."""

import os

from django.core.wsgi import get_wsgi_application

from roundtable.loaded import keep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roundtable.settings")
application = get_wsgi_application()
keep()
