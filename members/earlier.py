"""What somebody said in an earlier application, as answers for the form: nothing is asked twice.

The two sensitive answers are not among them. They stay as they are until the person gives others, or deletes them.
"""

from __future__ import annotations

from typing import Any

from members import answers, apart
from members.applying import IN_EXTRA, on_the_way
from members.hournames import names_of
from members.models.application import ROLES, Application, IdentityAnswers
from members.models.conduct import Acceptance, Consent, wording_hash
from members.models.hours import Hours
from members.models.person import Person
from members.models.program import Program

SAME_AGAIN = (
    *("mode", "place_text", "role", "role_text", "org_size", "years_in_tech", "years_leading", "still_coding"),
    *("company", "sector"),
)
OF_ACCOUNT = ("email", "name", "initials", "pronouns", "zone")


def application_of(person: Person, program: Program) -> Application | None:
    """The one to begin with: this program's while it is on its way, else the newest of any program."""
    newest = person.applications.order_by("-submitted_at", "-pk")
    return on_the_way(person, program) or newest.select_related("program").first()


def said(person: Person, application: Application | None, program: Program) -> dict[str, Any]:
    """Every field that we know the answer to. Whom somebody does not want to meet is told to their own program only."""
    account = {name: getattr(person, name) for name in OF_ACCOUNT}
    if application is None:
        return account
    own = application.program_id == program.pk
    return account | said_before(application) | (_of_program(person, application, program) if own else {})


def _of_program(person: Person, application: Application, program: Program) -> dict[str, Any]:
    """What was said to this program alone."""
    replies = application.replies.values_list("question_id", "words")
    return {
        **{f"question_{key}": words for key, words in replies},
        "keep_apart": "\n".join(apart.words_of(application)),
        **agreements(person, program),
    }


def said_before(application: Application) -> dict[str, Any]:
    """An earlier application as answers for a new one. Nothing sensitive."""
    hours = Hours.objects.filter(application=application).exclude(zone="").first()
    topics = [topic for topic in application.topics if topic in answers.TOPICS]
    own_title = application.role_text != ROLES.get(answers.Role(application.role or "other"))
    return {
        **{name: getattr(application, name) for name in SAME_AGAIN},
        **{name: application.extra[name] for name in IN_EXTRA if name in application.extra},
        **({} if application.willing or "could" in application.extra else {"could": ["not_now"]}),
        "role_text": application.role_text if own_title else "",
        **_company(application.company),
        "shows_company": "yes" if application.shows_company else "no",
        "topics": topics,
        "own_topic": "; ".join(topic for topic in application.topics if topic not in topics),
        "rhythm": application.cadences[0] if len(application.cadences) == 1 else "either",
        **(_week(hours) if hours else {}),
    }


def _company(company: str) -> dict[str, Any]:
    """What was chosen in place of a company is chosen again."""
    chosen = company.casefold() if company.casefold() in (answers.BETWEEN_JOBS, answers.RATHER_NOT_SAY) else ""
    return {"company_is": chosen, "company": ""} if chosen else {"company_is": "named"}


def _week(hours: Hours) -> dict[str, Any]:
    return {"good": names_of(hours.week.good), "possible": names_of(hours.week.possible), "zone": hours.zone}


def agreements(person: Person, program: Program) -> dict[str, bool]:
    """Which of the three ticks stand, with the words of today."""
    code = program.current_code()
    given = Consent.objects.standing().filter(person=person)
    return {
        "agree_conduct": code is not None and Acceptance.objects.filter(person=person, code=code).exists(),
        **{f"agree_{name}": given.filter(wording=wording_hash(name)).exists() for name in ("data", "coming")},
    }


def keeps_private(application: Application | None, program: Program) -> bool:
    """Whether sensitive answers lie with this program already."""
    own = application is not None and application.program_id == program.pk
    return own and IdentityAnswers.objects.filter(application=application).exists()
