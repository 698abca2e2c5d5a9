"""Imports its modules so that Django finds the records; import a model from its own module."""

from groups.models import backfill, brief, draft, edit, group, invitation, nudge, offer, question, sabbatical, shard
