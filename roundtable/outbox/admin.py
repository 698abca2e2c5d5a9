"""The organizers' outbox: who has not got what, and why. No token or code is ever shown."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import ngettext

from roundtable import dashboard
from roundtable.outbox import post, reading
from roundtable.outbox.models import PENDING, Letter, State


@admin.register(Letter)
class LetterAdmin(admin.ModelAdmin):
    """Letters can be read, sent again and taken back; nobody writes or deletes one here."""

    list_display = ("kind", "to", "subject", "state", "not_before", "sent_at", "attempts", "last_error")
    list_filter = ("state", "delivery", "kind", "unclear")
    search_fields = ("=to", "=about", "=message_id")
    search_help_text = "A whole address, meeting:7, or a Message-ID"
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    ordering = ("-created_at", "-pk")
    actions = ("send_again", "take_back")
    change_form_template = "outbox/admin_letter.html"
    fieldsets = (
        (None, {"fields": ("kind", "about", "to", "subject", "words", "calendar")}),
        (
            "On its way",
            {"fields": ("state", "attempts", "last_error", "unclear", "not_before", "expires_at", "sent_at")},
        ),
        ("At the provider", {"fields": ("delivery", "message_id", "provider_id", "blanked_at")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Letter | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Letter | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Letter | None = None) -> bool:
        """Organizers, for the people whom they look after: letters hold nothing that was said in a group."""
        return bool(getattr(request.user, "is_organizer", False))

    has_module_permission = has_view_permission

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        return Letter.objects.organized_by(request.user).defer("secret")

    @admin.display(description="text")
    def words(self, letter: Letter) -> str:
        return reading.without_secrets(letter).text

    @admin.display(description="calendar part", empty_value="none")
    def calendar(self, letter: Letter) -> str | None:
        return reading.without_secrets(letter).calendar or None

    def get_urls(self) -> list[URLPattern]:
        preview = self.admin_site.admin_view(self.preview)
        return [path("<int:pk>/preview/", preview, name="outbox_letter_preview"), *super().get_urls()]

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The letter's HTML without its secrets, for the frame on its page."""
        letter = self.get_queryset(request).filter(pk=pk).first()
        if letter is None:
            raise Http404
        return reading.framed(reading.without_secrets(letter).html)

    @admin.action(description="Send again: what failed", permissions=["view"])
    def send_again(self, request: HttpRequest, letters: QuerySet[Letter]) -> None:
        count = post.send_again(letters)
        self.told(request, count, ngettext("%d letter goes out again.", "%d letters go out again.", count))

    @admin.action(description="Take back: what has not left", permissions=["view"])
    def take_back(self, request: HttpRequest, letters: QuerySet[Letter]) -> None:
        count = post.take_back(letters)
        self.told(request, count, ngettext("%d letter was taken back.", "%d letters were taken back.", count))

    def told(self, request: HttpRequest, count: int, sentence: str) -> None:
        self.message_user(request, sentence % count, messages.SUCCESS if count else messages.WARNING)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().render_change_form(request, context | {"title": "Letter"}, *args, **kwargs)


@dashboard.add
def letters_box(request: HttpRequest) -> dashboard.Part:
    """How many letters wait or failed."""
    counts = Letter.objects.organized_by(request.user).aggregate(
        waiting=Count("pk", filter=Q(state__in=PENDING)), failed=Count("pk", filter=Q(state=State.FAILED))
    )
    url = reverse("admin:outbox_letter_changelist")
    return dashboard.Part("Letters", [("waiting", counts["waiting"]), ("failed", counts["failed"])], url)
