"""What organizers see of members. Sensitive answers and hours are registered nowhere."""

from members.admin import applications, exports, imports, people, programs, rooms

__all__ = ["applications", "exports", "imports", "people", "programs", "rooms"]
