from django.apps import AppConfig


class GroupsConfig(AppConfig):
    """Composition, consent, groups."""

    name = "groups"
    default_auto_field = "django.db.models.BigAutoField"
