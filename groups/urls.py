"""The addresses of groups."""

from django.urls import path

from groups.views import candidates, closing, company, hosting, invitation, question, renewal, sabbatical

app_name = "groups"
urlpatterns = [
    path("invitations/<str:key>/", invitation.invitation, name="invitation"),
    path("groups/<str:public_id>/candidates/", candidates.candidates, name="candidates"),
    path("groups/<str:public_id>/entry/", candidates.entry, name="entry"),
    path("groups/<str:public_id>/sabbatical/", sabbatical.sabbatical, name="sabbatical"),
    path("groups/<str:public_id>/sabbatical/end/", sabbatical.come_back, name="come_back"),
    path("groups/<str:public_id>/questions/<str:question>/", question.question, name="question"),
    path("groups/<str:public_id>/questions/<str:question>/step-out/", question.step_out, name="step_out"),
    path("groups/<str:public_id>/stay/", renewal.stay, name="stay"),
    path("groups/<str:public_id>/company/", company.company, name="company"),
    path("groups/<str:public_id>/close/", closing.close, name="close"),
    path("groups/<str:public_id>/look-on/", closing.look_on, name="look_on"),
    path("status/<str:public_id>/host/", hosting.host, name="host"),
    path("hosting/<str:key>/", hosting.by_letter, name="hosting_by_letter"),
]
