"""The development page that shows every letter as its reader sees it."""

from django.urls import path

from roundtable.outbox import views

app_name = "outbox"
urlpatterns = [
    path("", views.outbox, name="outbox"),
    path("<int:pk>/", views.letter, name="letter"),
    path("<int:pk>/html/", views.html, name="html"),
]
