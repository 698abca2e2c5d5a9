"""What organizers see of members. Sensitive answers and hours are registered nowhere."""

from members.admin import applications, people, programs

__all__ = ["applications", "people", "programs"]
