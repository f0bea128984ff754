"""Text from templates stays in its table cell and its code block, read by the parser that GitHub uses."""

import importlib.util
import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.template_diff.github_markdown import block, length, span
from tests.parts import require

NASTY = [
    "a|b",
    "a\\|b",
    "a\\\\|b",
    "\\",
    "`",
    "``` `` `",
    "a\nb\r\nc",
    "<img src=x onerror=alert(1)>",
    "</details>",
    "@everyone #1 [x](https://example.org) https://example.org",
    "``` \n~~~\n```\n# head",
    "\u202eabc",
    "&lt;b&gt; &amp;",
    "  ",
]


def html(markdown: str) -> str:
    """As GitHub makes it of Markdown, before it adds mentions and links, which it never does in code."""
    require(
        "cmarkgfm", importlib.util.find_spec("cmarkgfm") is not None, "run `make test`, which installs it"
    )
    import cmarkgfm
    from cmarkgfm.cmark import Options

    # HTML passes, as in a comment, so that what would be HTML is seen here
    return str(cmarkgfm.github_flavored_markdown_to_html(markdown, options=Options.CMARK_OPT_UNSAFE))


def a_row(text: str) -> str:
    return html(f"| A | B |\n|---|---|\n| {span(text)} | end |\n\nafter\n")


def holds(text: str) -> None:
    made = a_row(text)
    cells = re.findall(r"<td>(.*?)</td>", made, re.DOTALL)
    assert len(cells) == 2, made
    assert cells[1] == "end"
    assert re.fullmatch(r"(<code>[^<]*</code>)?", cells[0]), cells[0]
    assert made.count("<p>") == 1


@pytest.mark.parametrize("text", NASTY)
def test_nothing_leaves_its_cell(text: str) -> None:
    holds(text)


@given(st.text(alphabet=st.sampled_from("`|\\<>\n @&a-~*_[]()!:\u202e"), max_size=40))
def test_nothing_leaves_its_cell_whatever_it_is(text: str) -> None:
    holds(text)


@pytest.mark.parametrize("text", ["Fn::Join | <a> `x` @b", "a\\|b", "a\\\\|b|", "`|`"])
def test_a_cell_says_what_the_text_says(text: str) -> None:
    cell = re.search(r"<td><code>(.*?)</code>", a_row(text))
    assert cell
    assert unescape(cell[1]) == text


@pytest.mark.parametrize("text", NASTY)
def test_nothing_leaves_its_block(text: str) -> None:
    shown, left = block(text, 1000)
    assert left == 0
    made = html(f"<details><summary>A</summary>\n\n{shown}\n\n</details>\n\nafter\n")
    assert len(re.findall(r"<pre[^>]*><code[^>]*>[^<]*</code></pre>", made)) == 1, made
    assert made.count("</details>") == 1
    assert "<p>after</p>" in made


@given(st.text(alphabet=st.sampled_from("`~\n\u202ea\U0001f600"), max_size=200), st.integers(0, 150))
def test_a_block_has_the_length_that_it_may_have(text: str, longest: int) -> None:
    shown, left = block(text, longest)
    assert length(shown) <= longest
    assert left <= len(text.split("\n"))


def test_what_turns_the_direction_of_text_is_shown_as_its_number() -> None:
    assert span("a\u202eb\x1b[31m") == "`a\\u202eb\\u001b[31m`"


def test_a_span_is_cut_where_it_is_too_long() -> None:
    assert span("x" * 50, 10) == "`xxxxxxxxx…`"
    assert span("") == ""
