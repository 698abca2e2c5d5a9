"""One address that fails with what was sent to it: as bad as an error can be."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path


@login_not_required
def fail(request: HttpRequest) -> HttpResponse:
    title = request.POST["title"]
    raise RuntimeError(title)


urlpatterns = [path("broken/", fail)]
