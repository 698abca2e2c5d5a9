from datetime import timedelta

import pytest
from django.test import Client, RequestFactory

from members.adapter import AccountAdapter

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("staff", "age"), [(True, timedelta(hours=12)), (False, timedelta(days=30))])
def test_a_session_of_an_organizer_ends_the_same_day_and_a_members_after_a_month(person, staff, age):
    request = RequestFactory().get("/")
    request.session = Client().session
    AccountAdapter().login(request, person("Ada", is_staff=staff))
    left = timedelta(seconds=request.session.get_expiry_age())
    assert timedelta() <= age - left < timedelta(seconds=5)
