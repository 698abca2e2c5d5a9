import sys

import pytest
from django.test import RequestFactory

from roundtable.reports import NothingPersonal


def frame_with(topic):
    return sys._getframe()


@pytest.mark.parametrize(("debug", "posted", "shown"), [(False, {}, []), (True, {"topic": "pay"}, [("topic", "pay")])])
def test_a_report_shows_neither_what_was_posted_nor_any_variable(settings, debug, posted, shown):
    settings.DEBUG = debug
    reports, request = NothingPersonal(), RequestFactory().post("/", {"topic": "pay"})
    variables = list(reports.get_traceback_frame_variables(request, frame_with("pay")))
    assert (dict(reports.get_post_parameters(request).items()), variables) == (posted, shown)
