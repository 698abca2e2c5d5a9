from django.apps import AppConfig


class GroupsConfig(AppConfig):
    """Composition, consent, groups."""

    name = "groups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """An application that is taken back ends what its person was asked: this app, above members, sees to that."""
        from groups import inviting  # noqa: PLC0415 - records can be imported only once the apps are ready
        from members.leaving import asked  # noqa: PLC0415 - the same

        asked.step_back = inviting.step_back
