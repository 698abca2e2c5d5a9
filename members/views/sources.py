"""The partner's link by which somebody came: the word `from` in an address. One that means nothing is passed over."""

from __future__ import annotations

import re

from django.http import HttpRequest


def named(request: HttpRequest) -> str:
    """What stands in the address, if it can be the name of a link."""
    told = request.GET.get("from", "")
    return told if re.fullmatch(r"[\w-]{1,40}", told, re.ASCII) else ""
