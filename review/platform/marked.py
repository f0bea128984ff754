"""Generated parts of a document that people write: between two comments that name the part."""


class MarkerError(ValueError):
    """A document has not the two comments of a part, each once and in their order."""


def replaced(document: str, part: str, text: str) -> str:
    """`document` with `text` as its part `part`. Raises MarkerError."""
    begin, end = f"<!-- generated: {part} -->\n", f"<!-- end of {part} -->\n"
    if document.count(begin) != 1 or document.count(end) != 1 or document.index(begin) > document.index(end):
        raise MarkerError(f"the comments of the part {part} are not there once, in order: {begin}…{end}")
    before, _, rest = document.partition(begin)
    after = rest.partition(end)[2]
    return f"{before}{begin}{text.strip()}\n{end}{after}"
