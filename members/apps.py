from django.apps import AppConfig


class MembersConfig(AppConfig):
    """People, programs, applications."""

    name = "members"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A changed address ends the links in the letters that the old one got."""
        from allauth.account.signals import email_changed  # noqa: PLC0415 - records need the apps to be ready

        from members import leaving  # noqa: PLC0415 - the same

        email_changed.connect(leaving.leave_address, dispatch_uid="members.leave_address")
