"""Imports its modules so that Django finds the records; import a model from its own module."""

from groups.models import backfill, draft, edit, group, invitation, offer, question, sabbatical, shard
