"""What can become of a letter that is handed over, beside being taken: three ways, each with its reason as a code."""


class NotTaken(Exception):
    """`why` is a code for staff; it names nobody."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Later(NotTaken):
    """Not this time: try again."""


class Never(NotTaken):
    """Not to this person, or not these words: trying again would change nothing."""


class Unsure(NotTaken):
    """The words are out of our hands, and nobody answered: it may have arrived."""
