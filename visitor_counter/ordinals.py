"""English ordinal numbers: 1st, 2nd, 3rd, 4th, 11th, 21st, 111th."""

_SUFFIXES = {1: "st", 2: "nd", 3: "rd"}


def ordinal(number: int) -> str:
    """`number` (>= 0) with its English ordinal suffix, in plain digits: 22 -> "22nd"."""
    if number < 0:
        raise ValueError(f"an ordinal needs a number >= 0, not {number}")
    # 11th, 12th, 13th, 111th ...: the teens keep "th" whatever their last digit is.
    suffix = "th" if 11 <= number % 100 <= 13 else _SUFFIXES.get(number % 10, "th")
    return f"{number}{suffix}"
