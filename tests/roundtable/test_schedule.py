import pytest

from roundtable.celery import app

ENTRIES = sorted(app.conf.beat_schedule.items())


@pytest.mark.parametrize(("name", "entry"), ENTRIES, ids=[name for name, _ in ENTRIES])
def test_every_entry_names_a_task_that_exists_and_is_worth_nothing_after_its_time(name, entry):
    app.loader.import_default_modules()
    assert entry["task"] in app.tasks
    assert entry["options"]["expires"] <= max(entry["schedule"], 1)


def test_the_schedule_counts_seconds_and_knows_no_zones():
    """A crontab with a zone skips the hour that the clock repeats in autumn."""
    assert {type(entry["schedule"]) for _, entry in ENTRIES} == {float}


def test_nothing_but_the_broker_is_kept_in_redis():
    assert (app.conf.result_backend, app.conf.task_ignore_result, app.conf.worker_send_task_events) == (
        None,
        True,
        False,
    )
