"""The addresses of members."""

from django.urls import path

from members.views import applying, conduct, drafts, home, me, places, program, status, waiting, whereabouts

app_name = "members"
urlpatterns = [
    path("", home.home, name="home"),
    path("apply/<slug:slug>/", applying.apply, name="apply"),
    path("apply/<slug:slug>/confirm/", applying.confirm, name="apply_confirm"),
    path("apply/<slug:slug>/saved/", drafts.saved, name="apply_saved"),
    path("apply/<slug:slug>/people/", places.people, name="people"),
    path("apply/<slug:slug>/conduct/", home.conduct, name="conduct"),
    path("apply/<slug:slug>/<str:page>/", applying.page, name="apply_page"),
    path("conduct/<slug:slug>/", conduct.changed, name="code_changed"),
    path("programs/<slug:slug>/", program.program, name="program"),
    path("programs/<slug:slug>/<slug:city>/", program.city, name="city"),
    path("drafts/<str:key>/", drafts.draft, name="draft"),
    path("places/", places.suggestions, name="places"),
    path("where/<str:key>/", whereabouts.where, name="where"),
    path("status/", status.status, name="status"),
    path("status/<str:public_id>/hours/", status.hours, name="hours"),
    path("status/<str:public_id>/place/", status.place, name="place"),
    path("status/<str:public_id>/conduct/", status.agree, name="agree"),
    path("status/<str:public_id>/sensitive/", status.sensitive, name="sensitive"),
    path("status/<str:public_id>/apart/", status.keep_apart, name="keep_apart"),
    path("status/<str:public_id>/withdraw/", status.withdraw, name="withdraw"),
    path("status/<str:public_id>/waiting/", waiting.waiting, name="waiting"),
    path("waiting/<str:key>/", waiting.by_letter, name="waiting_by_letter"),
    path("me/", me.me, name="me"),
    path("me/export/", me.export, name="export"),
    path("me/leave/", me.leave, name="leave"),
]
