"""A program's page and those of its cities: for everybody, to pass on, counts from five up and hours from eight."""

from __future__ import annotations

from datetime import timedelta

import pytest

from members import showing
from members.models.program import Organizer, Program

pytestmark = pytest.mark.django_db
PAGES = ["/programs/cto/", "/programs/cto/bay-area/"]
SHARED = "public, max-age=60"


def wait(applicant, count, **fields):
    """So many wait in the Bay Area, all free on Monday early."""
    for number in range(count):
        applicant(f"P{number} Waits", stage="pooled", mode="in_person", **fields)


def told(client, url="/programs/cto/bay-area/"):
    (found,) = client.get(url).context["poster"].thermometers
    return found


@pytest.mark.parametrize("url", PAGES)
@pytest.mark.parametrize(
    ("count", "words", "hour"),
    [
        (1, "A few people wait", ""),
        (4, "A few people wait", ""),
        (5, "5 people wait", ""),
        (7, "7 people wait", ""),
        (8, "8 people wait", "Mon 07:00 to 08:30, Los Angeles time"),
    ],
)
def test_a_number_from_five_and_an_hour_from_eight(count, words, hour, url, applicant, client):
    wait(applicant, count)
    text = client.get(url).content.decode()
    assert words.lower() in text.lower()
    assert told(client, url).hour_in_words == hour
    assert ("The hour that suits most" in text) == bool(hour)


@pytest.mark.parametrize("count", [1, 4])
def test_below_five_every_count_is_the_same_page(count, applicant, client):
    wait(applicant, 1, extra={"could": ["host"]})
    one = client.get(PAGES[1]).content
    for number in range(1, count):
        applicant(f"Q{number}", stage="pooled", mode="in_person", extra={"could": ["host"]})
    assert client.get(PAGES[1]).content == one


@pytest.mark.parametrize(
    ("hosts", "words"),
    [(0, "Nobody has offered to host yet."), (4, "A few would host."), (5, "5 would host.")],
)
def test_hosts_are_counted_from_five_too(hosts, words, applicant, client):
    for number in range(6):
        could = ["host"] if number < hosts else ["turn"]
        applicant(f"P{number}", stage="pooled", mode="in_person", extra={"could": could})
    assert told(client).hosts_in_words == words


def test_a_city_without_anybody_has_its_page_and_an_unknown_one_has_none(client, code):
    assert told(client, "/programs/cto/chicago/").pool.waiting == 0
    assert "Nobody waits here yet" in client.get("/programs/cto/chicago/").content.decode()
    assert [client.get(url).status_code for url in ("/programs/cto/atlantis/", "/programs/none/")] == [404, 404]
    assert client.get("/programs/none/chicago/").status_code == 404


def test_where_a_few_wait_is_folded_below_what_has_a_number(applicant, client):
    wait(applicant, 6)
    for number in range(2):
        applicant(f"Q{number}", stage="pooled", mode="in_person", metro="Chicago")
    page = client.get("/programs/cto/")
    assert [one.pool.name for one in page.context["poster"].shown] == ["Bay Area"]
    assert [one.pool.name for one in page.context["poster"].folded] == ["Chicago"]
    assert "1 place where a few people wait" in page.content.decode()


def test_the_first_page_tells_hosts_and_hour_and_leads_to_the_city(applicant, client):
    wait(applicant, 8, extra={"could": ["host"]})
    text = client.get("/").content.decode()
    assert "8 would host. The hour that suits most: Mon 07:00 to 08:30, Los Angeles time." in text
    assert 'href="/programs/cto/bay-area/"' in text


def test_every_metropolitan_area_of_a_thermometer_leads_to_itself():
    assert [showing.city_called(showing.slug_of(name)) for name in ("Bay Area", "Bengaluru")] == [
        "Bay Area",
        "Bengaluru",
    ]
    assert showing.slug_of("Atlantis") == ""


def test_organizers_are_named_and_a_chapter_s_only_where_it_is(client, code, organizer, chapter):
    gone = Program.objects.create(slug="other", name="Other")
    Organizer.objects.create(program=gone, person=organizer)
    names = [client.get(url).context["poster"].organizers for url in ("/programs/cto/bay-area/", PAGES[0])]
    assert names == [("Organizer",), ("Chapter", "Organizer")]


@pytest.mark.parametrize(
    ("opens", "closes", "said"),
    [(None, None, 'href="/apply/cto/"'), (1, None, "Opens on"), (None, -1, "Closed since"), (-2, 2, 'href="/apply/')],
)
def test_one_applies_while_it_is_open_and_else_reads_when(opens, closes, said, client, program, clock):
    moments = [clock.now() + timedelta(days=days) if days else None for days in (opens, closes)]
    Program.objects.update(opens_at=moments[0], closes_at=moments[1])
    text = client.get(PAGES[0]).content.decode()
    assert {one: one in text for one in ('href="/apply/', "Opens on", "Closed since")} == {
        one: one in said or said.startswith(one) for one in ('href="/apply/', "Opens on", "Closed since")
    }


@pytest.mark.parametrize("url", PAGES)
def test_it_is_found_and_passed_on(url, client, program, settings):
    Program.objects.update(summary='For those who "lead".')
    text = client.get(url).content.decode()
    assert f'<link rel="canonical" href="{settings.SITE_URL}{url}">' in text
    assert f'<meta property="og:url" content="{settings.SITE_URL}{url}">' in text
    assert "For those who &quot;lead&quot;." in text
    assert "noindex" not in text


@pytest.mark.parametrize("url", PAGES)
def test_caches_keep_it_for_those_only_who_never_signed_in(url, client, sign_in, stranger, program):
    shared, own = client.get(url), sign_in(stranger).get(url)
    assert (shared["Cache-Control"], own["Cache-Control"]) == (SHARED, "no-store")
    assert (len(shared.cookies), b"X-CSRFToken" in shared.content) == (0, False)
    assert b"X-CSRFToken" in own.content
    client.cookies["messages"] = "x"
    assert client.get(url)["Cache-Control"] == "no-store"


@pytest.mark.parametrize("count", [1, 9])
@pytest.mark.parametrize("url", PAGES)
def test_it_asks_the_same_for_one_and_for_many(url, count, applicant, client, django_assert_num_queries):
    for number in range(count):
        applicant(f"P{number}", stage="pooled", metro=("Bay Area", "Chicago", "Boston")[number % 3])
    with django_assert_num_queries(5):
        assert client.get(url).status_code == 200


def test_nothing_of_a_person_or_of_a_dimension_is_on_it(applicant, sensitive, client):
    wait(applicant, 9, company="Quarry Works")
    sensitive(applicant("Wanda Ruiz", stage="pooled", company="Quarry Works"))
    text = client.get(PAGES[0]).content.decode()
    assert [word for word in ("Wanda", "P1 Waits", "Quarry", "gender", "woman", "alone") if word in text] == []


def test_home_leads_to_it(client, program):
    assert 'href="/programs/cto/"' in client.get("/").content.decode()
