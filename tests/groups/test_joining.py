import pytest

from groups.joining import EntryRule, Outcome, decide

NO_OBJECTION, EVERYBODY = EntryRule.NO_OBJECTION, EntryRule.EVERYBODY


@pytest.mark.parametrize(
    ("rule", "fine", "concerns", "over", "outcome"),
    [
        (NO_OBJECTION, 0, 0, False, Outcome.WAIT),
        (NO_OBJECTION, 0, 0, True, Outcome.ASK),
        (NO_OBJECTION, 4, 0, False, Outcome.ASK),
        (NO_OBJECTION, 3, 1, False, Outcome.WAIT),
        (NO_OBJECTION, 3, 1, True, Outcome.STAY),
        (EVERYBODY, 3, 0, False, Outcome.WAIT),
        (EVERYBODY, 3, 0, True, Outcome.STAY),
        (EVERYBODY, 4, 0, False, Outcome.ASK),
        (EVERYBODY, 3, 1, True, Outcome.STAY),
    ],
)
def test_a_concern_always_keeps_out_and_the_rule_says_what_silence_means(rule, fine, concerns, over, outcome):
    assert decide(rule, fine=fine, concerns=concerns, members=4, over=over) == outcome


@pytest.mark.parametrize("rule", EntryRule)
def test_a_group_without_members_asks_nobody(rule):
    assert decide(rule, fine=0, concerns=0, members=0, over=True) == Outcome.STAY
