"""The addresses of meetings; a group's own page and its memory belong here, because they show dates and content."""

from django.urls import path

from meetings.views import board, dates, feed, group, hours, live, mail, meeting, poll, prepare, seat, takeaways

app_name = "meetings"
urlpatterns = [
    path("groups/", group.groups, name="groups"),
    path("groups/<str:public_id>/", group.group, name="group"),
    path("groups/<str:public_id>/leave/", group.leave, name="leave"),
    path("groups/<str:public_id>/address/", group.address, name="address"),
    path("groups/<str:public_id>/addresses.csv", group.addresses, name="addresses"),
    path("groups/<str:public_id>/dates/", dates.dates, name="dates"),
    path("groups/<str:public_id>/dates/rhythm/", dates.rhythm, name="rhythm"),
    path("groups/<str:public_id>/dates/leave-out/", dates.leave_out, name="leave_out"),
    path("groups/<str:public_id>/choices/", prepare.choices, name="choices"),
    path("groups/<str:public_id>/takeaways/", takeaways.takeaways, name="takeaways"),
    path("groups/<str:public_id>/takeaways/file/", takeaways.memory, name="memory"),
    path("groups/<str:public_id>/hours/", hours.hours, name="hours"),
    path("polls/<str:key>/", poll.poll, name="poll"),
    path("polls/<str:key>/lead/", poll.lead, name="poll_lead"),
    path("meetings/<str:public_id>/", meeting.meeting, name="meeting"),
    path("meetings/<str:public_id>/where/", meeting.where, name="where"),
    path("meetings/<str:public_id>/checklist/", prepare.checklist, name="checklist"),
    path("meetings/<str:public_id>/hour-before/", prepare.hour_before, name="hour_before"),
    path("meetings/<str:public_id>/attended/", prepare.attended, name="attended"),
    path("meetings/<str:public_id>/my-attendance/", prepare.own_attendance, name="own_attendance"),
    path("meetings/<str:public_id>/recording/", prepare.record, name="record"),
    path("meetings/<str:public_id>/move/", meeting.move, name="move"),
    path("meetings/<str:public_id>/proposed/", meeting.proposed, name="proposed"),
    path("meetings/<str:public_id>/short/", prepare.short, name="short"),
    path("meetings/<str:public_id>/call-off/", meeting.call_off, name="call_off"),
    path("meetings/<str:public_id>/board/", board.page, name="board"),
    path("meetings/<str:public_id>/board/live/", live.elsewhere, name="board_live"),
    path("meetings/<str:public_id>/board/shared/", board.shared, name="board_shared"),
    path("meetings/<str:public_id>/board/own/", board.own, name="board_own"),
    path("meetings/<str:public_id>/board/turn/", board.turn, name="turn"),
    path("meetings/<str:public_id>/board/dot/", board.dot, name="dot"),
    path("meetings/<str:public_id>/board/thumb/", board.thumb, name="thumb"),
    path("meetings/<str:public_id>/board/people/", board.attend, name="attend"),
    path("meetings/<str:public_id>/board/topics/", board.propose, name="propose"),
    path("meetings/<str:public_id>/board/bring/", board.bring, name="bring"),
    path("meetings/<str:public_id>/board/topics/<str:topic_id>/", board.topic, name="topic"),
    path("meetings/<str:public_id>/board/takeaway/", board.takeaway, name="takeaway"),
    path("calendar/", feed.address, name="feed_address"),
    path("calendar/<str:token>.ics", feed.feed, name="feed"),
    path("mail/<str:provider>/inbound/", mail.inbound, name="mail"),
    path("mail/<str:provider>/inbound_mime/", mail.inbound, name="mail_whole"),  # Mailgun looks for that word
    path("seats/<str:key>/", seat.seat, name="seat"),
]
