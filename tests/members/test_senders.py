"""Who sent whom."""

from __future__ import annotations

import pytest

from members.senders import Somebody, pairs

ADA = Somebody(1, "Ada Lovelace", "ada@example.org", "")
GRACE = Somebody(2, "Grace Hopper", "grace@example.org", "")


@pytest.mark.parametrize("told", ["Ada Lovelace", " ada lovelace", "ADA@example.org", "Ada  Lovelace"])
def test_a_name_or_an_address_finds_the_sender(told):
    assert list(pairs([ADA, GRACE._replace(sent_by=told)])) == [(1, 2)]


@pytest.mark.parametrize("told", ["", "Ada", "Somebody else", "grace@example.org", "Grace Hopper"])
def test_nobody_is_guessed_and_nobody_sent_themselves(told):
    assert list(pairs([ADA, GRACE._replace(sent_by=told)])) == []


def test_a_name_that_two_have_means_neither():
    twin = ADA._replace(key=3, email="other@example.org")
    assert list(pairs([ADA, twin, GRACE._replace(sent_by="Ada Lovelace")])) == []
