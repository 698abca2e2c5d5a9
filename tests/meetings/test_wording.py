from meetings import wording
from meetings.agenda import FORMATS, Format


def test_an_ice_breaker_goes_through_its_parts_with_their_lengths():
    assert wording.programme(Format.ICE_BREAKER) == [
        ("Welcome", "4 minutes"),
        ("Our rules", "10 minutes"),
        ("Introductions", "4 minutes each"),
        ("Hopes and topics", "10 minutes"),
        ("Dots", "and one topic, 15 minutes in all"),
        ("Dates, rota, norms", "8 minutes"),
        ("Closing", "5 minutes"),
    ]


def test_the_loop_of_topics_has_no_length_of_its_own():
    assert ("Dots", "then topic after topic, the most wanted first, as many as fit") in wording.programme(
        Format.LEAN_COFFEE
    )


def test_every_format_can_be_told():
    assert [len(wording.programme(form)) for form in Format] == [len(FORMATS[form]) for form in Format]
