"""Celery: a broker that only wakes workers, no results, and the schedule in plain seconds.

What falls due is found by a query on the database's clock, so two beats, a late beat or a wiped broker do no harm.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roundtable.settings")

HOUR = 3600

app = Celery("roundtable")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["roundtable.outbox"])


def every(seconds: int, task: str) -> dict[str, object]:
    """One entry of the schedule; a tick nobody took before the next one is worth nothing."""
    return {"task": task, "schedule": float(seconds), "options": {"expires": seconds, "ignore_result": True}}


app.conf.beat_schedule = {
    "tick": every(15, "roundtable.tasks.beat"),
    "send letters": every(15, "roundtable.outbox.tasks.drain"),
    "forget letters": every(HOUR, "roundtable.outbox.tasks.forget"),
    "forget links and sessions": every(HOUR, "roundtable.tasks.forget"),
    "tidy members": every(HOUR, "members.tasks.tidy"),
    "write monthly letters": every(HOUR, "members.tasks.write_monthly"),
    "take in spreadsheets": every(5, "members.tasks.import_waiting"),
    "run compositions": every(5, "groups.tasks.compose_waiting"),
    "look for what would help": every(600, "groups.tasks.look_for_hints"),
    "look at pools": every(600, "groups.tasks.look_at_pools"),
    "plan dates ahead": every(600, "meetings.tasks.plan_ahead"),
    "compute instants anew": every(HOUR, "meetings.tasks.recheck_zones"),
    "keep taster meetings going": every(600, "meetings.tasks.keep_tasters"),
    "let invitations lapse": every(300, "groups.tasks.lapse_invitations"),
    "remind of meetings": every(300, "meetings.tasks.remind"),
    "write between meetings": every(600, "meetings.tasks.write_between"),
    "keep the rota": every(300, "meetings.tasks.keep_rota"),
    "write weekly briefs": every(600, "meetings.tasks.write_briefs"),
    "write of quarters": every(600, "meetings.tasks.write_quarters"),
    "nudge who leads": every(600, "meetings.tasks.nudge_leaders"),
    "tend polls": every(300, "meetings.tasks.tend_polls"),
    "note topics": every(600, "meetings.tasks.note_topics"),
    "note what hours cost": every(600, "meetings.tasks.note_hours"),
    "decide about cards": every(300, "groups.tasks.decide_cards"),
    "decide about questions": every(300, "groups.tasks.decide_questions"),
    "keep seasons": every(600, "meetings.tasks.keep_seasons"),
    "end sabbaticals": every(600, "meetings.tasks.end_sabbaticals"),
    "forget closed groups": every(HOUR, "groups.tasks.forget_closed"),
    "let offers lapse": every(60, "meetings.tasks.lapse_offers"),
    "judge mail": every(15, "meetings.tasks.judge_replies"),
    "keep calendars right": every(60, "meetings.tasks.follow_calendars"),
    "forget mail": every(HOUR, "meetings.tasks.forget_replies"),
    "sweep boards": every(15, "meetings.tasks.sweep_boards"),
}
