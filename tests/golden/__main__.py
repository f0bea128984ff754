"""Write the golden templates and the generated documents anew, and say which changed."""

from tests.golden import FOLDER, current, documents


def main() -> None:
    """Replace what is stale, remove what is no longer a case."""
    templates = current()
    for path in sorted(FOLDER.glob("*.template.json")):
        if path not in templates:
            path.unlink()
            print(f"removed {path.name}")
    for path, text in (templates | documents()).items():
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
            print(f"wrote {path.name}")


if __name__ == "__main__":
    main()
