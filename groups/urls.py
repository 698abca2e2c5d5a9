"""The addresses of groups."""

from django.urls import path

from groups.views import hosting, invitation

app_name = "groups"
urlpatterns = [
    path("invitations/<str:key>/", invitation.invitation, name="invitation"),
    path("status/<str:public_id>/host/", hosting.host, name="host"),
    path("hosting/<str:key>/", hosting.by_letter, name="hosting_by_letter"),
]
