"""Jinja's templates, for what is rendered many times a second: they are compiled to Python, Django's are walked.

Django's own stay the rule. These are in templates/jinja2 and may include those of templates/components that are written
so that both languages read them.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from jinja2 import ChainableUndefined, Environment
from jinja2.ext import Extension

MOST_ADDRESSES = 4096
INDENTED = re.compile(r"\s*\n\s*")


@dataclass(frozen=True)
class Piece:
    """A piece of a page that Jinja has made; Django's `include` takes it, as it takes whatever renders itself."""

    text: str

    def render(self, context: object) -> str:
        return self.text


@lru_cache(maxsize=MOST_ADDRESSES)
def url(name: str, *args: str) -> str:
    """The address of a page, as Django's own tag of that name finds it."""
    return reverse(name, args=args)


class OneLine(Extension):
    """Lines and their indentation are for who writes a template: a browser reads one space there, and gets one."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Before it is compiled, so that what is filled in keeps its own lines."""
        return INDENTED.sub(" ", source)


def environment(**options: Any) -> Environment:
    """What is missing is empty, as in Django's templates."""
    ours = {"undefined": ChainableUndefined, "extensions": [OneLine]}
    made = Environment(**options | ours)  # noqa: S701 -- Django asks for escaping
    made.globals["url"] = url
    made.filters["linebreaksbr"] = linebreaksbr
    return made
