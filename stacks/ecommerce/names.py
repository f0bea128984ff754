"""Names that two sides of a wire compute, so that neither stack has to know the other.

A name that AWS generates would have to be handed over by a reference; these are given instead to what is
referred to from another region, from a policy, or by a person in an emergency. Knows no construct.
"""


def named(what: str, stage: str | None, *, separator: str = "-") -> str:
    """`ecommerce-boundary`, with a stage `ecommerce-dev-boundary`; with separator `/` as a path."""
    return separator.join(filter(None, ("ecommerce", stage, what)))


def boundary(stage: str | None) -> str:
    """The managed policy that bounds every role of the platform; IAM is in no region."""
    return named("boundary", stage)


def data_key_alias(stage: str | None) -> str:
    """The alias of the data key, the same in each region; without `alias/`."""
    return named("data", stage, separator="/")


def operations_key_alias(stage: str | None) -> str:
    """The alias of the key of logs, messages and events, the same in each region; without `alias/`."""
    return named("operations", stage, separator="/")
