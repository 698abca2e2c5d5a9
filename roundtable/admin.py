"""The organizers' site: Django's admin, entered by our own sign-in and with a second factor."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse

from roundtable import dashboard


class RoundtableSite(AdminSite):
    """Django's admin. Apps put their numbers on the front page with `dashboard.add`."""

    site_header = site_title = "Roundtable"
    index_title = "Organizers"
    login = secure_admin_login(AdminSite.login)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The front page, with the parts that the apps registered."""
        return super().index(request, {"dashboard": dashboard.parts(request), **(extra_context or {})})
