from django.apps import AppConfig


class MembersConfig(AppConfig):
    """People, programs, applications."""

    name = "members"
    default_auto_field = "django.db.models.BigAutoField"
