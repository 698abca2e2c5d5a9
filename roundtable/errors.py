"""What an action says when it will not do a thing."""


class NotAllowed(Exception):
    """A refusal with a sentence for the person: what happened, and what they can do."""
