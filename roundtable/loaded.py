"""What a process that serves has loaded, and keeps."""

import gc

from django.urls import get_resolver


def keep() -> None:
    """What is loaded stays to the end: looking through it for garbage again and again stopped everybody for a tenth of
    a second, streams and clocks as well. Pages are loaded here for that, before the first of them is asked for.
    """
    get_resolver().reverse_dict  # noqa: B018 -- reading it loads them, and makes the table of their addresses
    gc.collect()
    gc.freeze()
