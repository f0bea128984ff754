"""English ordinals, above all the teens and what ends like them."""

import pytest

from visitor_counter.ordinals import ordinal

EXPECTED = """
    0th 1st 2nd 3rd 4th 9th 10th 11th 12th 13th 14th 20th 21st 22nd 23rd 24th 100th 101st 102nd 103rd 104th
    110th 111th 112th 113th 114th 121st 1001st 1011th 1012th 1013th 1021st 9223372036854775807th
"""


@pytest.mark.parametrize("expected", EXPECTED.split())
def test_ordinal(expected: str) -> None:
    assert ordinal(int(expected[:-2])) == expected


def test_every_hundred_repeats() -> None:
    for number in range(100):
        assert ordinal(number)[-2:] == ordinal(number + 1100)[-2:]


def test_negative_numbers_have_none() -> None:
    with pytest.raises(ValueError, match="-1"):
        ordinal(-1)
