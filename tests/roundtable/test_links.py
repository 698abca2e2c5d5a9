from datetime import timedelta

import pytest
from django.core.cache import cache
from django.http import Http404
from django.test import RequestFactory

from roundtable import limits, links
from roundtable.links import Link

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests():
    cache.clear()


@pytest.fixture
def make(ada, clock):
    def one(about="seat:1", purpose="seat", ends=DAY):
        return links.make(purpose, about, ada, clock.moment + ends)

    return one


class Browser:
    """Keeps cookies between requests, as a browser does."""

    def __init__(self):
        self.factory = RequestFactory()

    def request(self):
        return self.factory.get("/")

    def open(self, token, purpose="seat"):
        request = self.request()
        response = links.opened(request, links.peek(request, purpose, token), "/seats/public-id/")
        self.factory.cookies.update(response.cookies)
        return response

    def check(self, about="seat:1", purpose="seat"):
        return links.check(self.request(), purpose, about)


@pytest.fixture
def browser():
    return Browser()


def rows():
    return list(Link.objects.order_by("pk").values())


def test_opening_writes_no_row_and_leads_to_the_public_id(make, browser):
    token = make()
    before = rows()
    response = browser.open(token)
    assert (response.status_code, response["Location"], response["Referrer-Policy"]) == (
        (302, "/seats/public-id/", "no-referrer")
    )
    assert rows() == before


def test_the_token_itself_is_stored_nowhere(make):
    token = make()
    assert token not in str(rows())


def test_a_browser_that_opened_the_link_may_act_and_another_may_not(make, browser, ada):
    browser.open(make())
    assert (browser.check().person, Browser().check()) == (ada, None)


def test_two_links_in_two_tabs_do_not_overwrite_each_other(make, browser):
    browser.open(make("seat:1"))
    browser.open(make("seat:2"))
    assert [browser.check(about).about for about in ("seat:1", "seat:2")] == ["seat:1", "seat:2"]


@pytest.mark.parametrize(("about", "purpose"), [("seat:2", "seat"), ("seat:1", "invitation")])
def test_a_link_opens_nothing_else(make, browser, about, purpose):
    make("seat:2")
    browser.open(make("seat:1"))
    assert browser.check(about, purpose) is None


def test_an_invented_token_is_refused_without_the_database(browser, django_assert_num_queries):
    with django_assert_num_queries(0), pytest.raises(Http404):
        links.peek(browser.request(), "seat", "invented.token")


def test_a_token_of_another_purpose_does_not_exist(make, browser):
    token = make(purpose="invitation")
    with pytest.raises(Http404):
        links.peek(browser.request(), "seat", token)


def test_a_link_that_lapsed_while_the_page_was_open_is_refused(make, browser, clock):
    token = make(ends=timedelta(hours=1))
    browser.open(token)
    clock.forward(hours=1)
    assert browser.check() is None
    with pytest.raises(Http404):
        browser.open(token)


def test_an_ended_link_is_refused_at_once(make, browser):
    token = make()
    browser.open(token)
    assert links.end("seat:1") == 1
    assert browser.check() is None
    with pytest.raises(Http404):
        browser.open(token)


@pytest.mark.parametrize(("purpose", "ended"), [("seat", 1), ("invitation", 0), (None, 1)])
def test_links_end_by_purpose(make, purpose, ended):
    make()
    assert links.end("seat:1", purpose=purpose) == ended


def test_links_of_several_things_end_for_one_person(make, ada, organizer):
    make("seat:1")
    make("seat:2")
    assert (links.end(["seat:1", "seat:2"], person=organizer), links.end(["seat:1", "seat:2"], person=ada)) == (0, 2)


def test_a_thing_with_another_time_moves_its_links(make, browser, clock):
    token = make(ends=timedelta(hours=1))
    links.move("seat:1", clock.moment + DAY)
    clock.forward(hours=2)
    assert browser.open(token).status_code == 302


def test_a_forged_cookie_holds_nothing(make, browser, settings):
    make()
    browser.factory.cookies[settings.LINK_COOKIE_NAME] = str(Link.objects.get().pk)
    assert browser.check() is None


def test_the_cookie_holds_the_newest_twelve(make, browser):
    for number in range(13):
        browser.open(make(f"seat:{number}"))
    assert [browser.check(f"seat:{number}") is None for number in (0, 1, 12)] == [True, False, False]


def test_who_guesses_is_stopped_after_thirty_misses(browser):
    for _ in range(30):
        with pytest.raises(Http404):
            links.peek(browser.request(), "seat", "guess.work")
    with pytest.raises(limits.TooMany):
        links.peek(browser.request(), "seat", "guess.work")


def test_a_token_is_told_from_a_public_id(make):
    assert (links.is_token(make()), links.is_token("hJk3_-0aB")) == (True, False)


def test_the_cookie_is_for_the_server_only(make, browser, settings):
    cookie = browser.open(make()).cookies[settings.LINK_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 7200)
