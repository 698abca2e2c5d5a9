"""The addresses of groups."""

from django.urls import path

from groups.views import invitation

app_name = "groups"
urlpatterns = [
    path("invitations/<str:key>/", invitation.invitation, name="invitation"),
]
