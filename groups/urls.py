"""The addresses of groups."""

from django.urls import path

from groups.views import candidates, hosting, invitation

app_name = "groups"
urlpatterns = [
    path("invitations/<str:key>/", invitation.invitation, name="invitation"),
    path("groups/<str:public_id>/candidates/", candidates.candidates, name="candidates"),
    path("groups/<str:public_id>/entry/", candidates.entry, name="entry"),
    path("status/<str:public_id>/host/", hosting.host, name="host"),
    path("hosting/<str:key>/", hosting.by_letter, name="hosting_by_letter"),
]
