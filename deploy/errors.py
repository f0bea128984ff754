"""How a check refuses."""


class RefusedError(Exception):
    """Nothing was touched, and nothing will be; the text is one line: what is wrong, and what to do."""
