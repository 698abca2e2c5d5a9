"""The organizers' site: Django's admin, entered by our own sign-in and with a second factor."""

import re
from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.db.models.base import ModelBase
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_safe

from roundtable import dashboard

# Pages that only show something; Django would answer a POST to them like a GET.
LOOKED_AT = {"index", "app_index", "history_view", "autocomplete_view", "i18n_javascript", "shortcut"}
KEY = re.compile("[0-9]{1,18}")  # what a ticked row is known by; the database takes nothing else
# Whoever could change these could become somebody else: addresses, sessions, second factors, permissions.
NOT_HERE = {"account", "auth", "mfa", "usersessions"}


class RoundtableSite(AdminSite):
    """Django's admin. Apps put their numbers on the front page with `dashboard.add`."""

    site_header = site_title = "Roundtable"
    index_title = "Organizers"
    final_catch_all_view = False  # what does not exist is 404 for everybody

    def register(
        self, model_or_iterable: type[Model] | Iterable[type[Model]], admin_class: Any = None, **options: Any
    ) -> None:
        """Leaves out what nobody may change for somebody else."""
        given = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else model_or_iterable
        super().register([one for one in given if one._meta.app_label not in NOT_HERE], admin_class, **options)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 -- as Django declares it
        """Other methods: 405. Whoever is signed in and may not meets a page that does not exist, never a 403."""
        inner = super().admin_view(view, cacheable)
        methods = ["GET", "HEAD"] if view.__name__ in LOOKED_AT else ["GET", "HEAD", "POST"]

        @require_http_methods(methods)
        def closed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            if not all(KEY.fullmatch(key) for key in request.POST.getlist("_selected_action")):
                raise Http404
            try:
                return inner(request, *args, **kwargs)
            except PermissionDenied:
                raise Http404 from None

        return update_wrapper(closed, inner)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """There are no passwords."""
        raise Http404

    def password_change_done(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """There are no passwords."""
        raise Http404

    @method_decorator([login_not_required, require_safe])
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Our own sign-in; who is signed in and organizes nothing finds no page."""
        if not request.user.is_authenticated:
            asked: HttpResponse = secure_admin_login(super().login)(request, extra_context)
            return asked
        if not self.has_permission(request):
            raise Http404
        return redirect("admin:index")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The front page, with the parts that the apps registered."""
        return super().index(request, {"dashboard": dashboard.parts(request), **(extra_context or {})})
