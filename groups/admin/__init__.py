"""What organizers see of groups: compositions and drafts, groups by name and size. Never what is said in one."""

from groups.admin import compositions as compositions
from groups.admin import groups as groups
from groups.admin import milestones as milestones
