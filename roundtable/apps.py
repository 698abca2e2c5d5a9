"""The app of the project itself: audit lines, links, data keys."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig

from roundtable import celery  # noqa: F401 -- so that `shared_task` finds our application in every process


class RoundtableConfig(AppConfig):
    """What all apps share."""

    name = "roundtable"
    label = "roundtable"

    def ready(self) -> None:
        """The system checks register themselves."""
        from roundtable import checks  # noqa: F401, PLC0415 -- checks may be imported only when the apps are there


class RoundtableAdminConfig(AdminConfig):
    """Django's admin with our own site: second factor, dashboard."""

    default_site = "roundtable.admin.RoundtableSite"
