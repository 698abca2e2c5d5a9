"""The addresses of meetings; a group's own page and its memory belong here, because they show dates and content."""

from django.urls import path

from meetings.views import group, meeting, seat

app_name = "meetings"
urlpatterns = [
    path("groups/<str:public_id>/", group.group, name="group"),
    path("meetings/<str:public_id>/", meeting.meeting, name="meeting"),
    path("seats/<str:key>/", seat.seat, name="seat"),
]
