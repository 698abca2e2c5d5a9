from django.apps import AppConfig


class GroupsConfig(AppConfig):
    """Composition, consent, groups."""

    name = "groups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What this app, above members, does for it: an application that is taken back ends what its person was asked;
        sums of what only composing may read are made here."""
        from groups import candidates, inviting  # noqa: PLC0415 - records can be imported only once the apps are ready
        from members import sums  # noqa: PLC0415 - the same
        from members.leaving import asked  # noqa: PLC0415 - the same

        asked.step_back = inviting.step_back
        sums.reader.shared, sums.reader.minding = candidates.shared, candidates.minding
