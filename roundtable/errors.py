"""What an action says when it will not do a thing, and what a guard says when something else comes first."""


class NotAllowed(Exception):
    """A refusal with a sentence for the person: what happened, and what they can do."""


class FirstThis(Exception):
    """The thing is there and theirs, but something has to be done before on the page at `path`, which says why."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path
