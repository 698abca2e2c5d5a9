"""The development page that shows every letter as its reader sees it."""

from django.urls import URLPattern

app_name = "outbox"
urlpatterns: list[URLPattern] = []
