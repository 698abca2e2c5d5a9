"""Log lines in JSON that can hold no name, address, text or token: a key that is not on the list is dropped.

Lines of other packages keep their unformatted message (`Not Found: %s`), because what they would fill in may be
a path with a token or a row's values. Of an exception remain its class, the places, and the constraint's name.
"""

import logging
import logging.config
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

REQUEST_ID = "roundtable.request_id"  # among what the server, and no client, says of a request
REFUSED = 409
KEYS = frozenset(
    {"event", "level", "logger", "timestamp", "request_id", "method", "route", "status", "seconds"}
    | {"person", "actor", "letter", "meeting", "group", "program", "about", "verb", "kind", "state"}
    | {"count", "attempt", "version", "task", "error", "place", "constraint"}
)


def without_values(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A foreign line: its message as written in the source, before anything was filled in."""
    record: logging.LogRecord | None = event.get("_record")
    if record is not None and event.get("_from_structlog") is False:
        event["event"] = str(record.msg)
    return event


def of_the_request(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Of an answer that Django complains of: its status, the name of its route, which has no key in it, and the id."""
    record: logging.LogRecord | None = event.get("_record")
    request = getattr(record, "request", None)
    event["status"] = event.get("status", getattr(record, "status_code", None))
    event["route"] = event.get("route", getattr(getattr(request, "resolver_match", None), "view_name", None))
    event["request_id"] = event.get("request_id", getattr(request, "META", {}).get(REQUEST_ID))
    return event


def is_no_refusal(record: logging.LogRecord) -> bool:
    """A press that the board refuses, with a sentence to who pressed, is nothing to warn of."""
    return getattr(record, "status_code", None) != REFUSED


def name_the_exception(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Class, places and constraint of an exception; never its message, which quotes values."""
    record: logging.LogRecord | None = event.get("_record")
    raised = event.pop("exc_info", None) or (record.exc_info if record is not None else None)
    if isinstance(raised, tuple) and raised[1] is not None:
        error = raised[1]
        event["error"] = type(error).__qualname__
        event["place"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
        event["constraint"] = constraint_of(error)
    return event


def constraint_of(error: BaseException) -> str | None:
    """The name of the database constraint that refused, if one did."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None)


def only_known_keys(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Everything not on the list is dropped, also what somebody adds in good faith."""
    return {key: value for key, value in event.items() if key in KEYS and value is not None}


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": SHARED,
            "processors": [
                without_values,
                of_the_request,
                name_the_exception,
                only_known_keys,
                structlog.processors.JSONRenderer(),
            ],
        }
    },
    "filters": {"no_refusals": {"()": "django.utils.log.CallbackFilter", "callback": is_no_refusal}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["out"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"filters": ["no_refusals"]},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        # Its "Task received" lines say nothing that our own lines do not say.
        "celery": {"level": "WARNING"},
    },
}


def configure(config: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG. Structlog writes through the standard library, so that both end in the same handler."""
    logging.config.dictConfig(config)
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
