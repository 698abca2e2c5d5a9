"""What an error report may show: nothing that a person wrote."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class NothingPersonal(SafeExceptionReporterFilter):
    """Without DEBUG a report holds neither what was posted nor any variable: both may be somebody's words."""

    def is_active(self, request: HttpRequest | None) -> bool:
        """Always, but on a developer's own machine."""
        return not settings.DEBUG

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        """Nothing of what was posted."""
        return {} if self.is_active(request) else super().get_post_parameters(request)

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: Any) -> Any:
        """No variable of any frame."""
        return [] if self.is_active(request) else super().get_traceback_frame_variables(request, tb_frame)
