"""The rules of the folder as they were when it was last seen without a fault."""

from dataclasses import dataclass
from pathlib import Path

from local.layout import ROOT
from stacks import site_folder
from stacks.settings import Settings
from stacks.site_hosting.rules import answers
from stacks.site_hosting.rules.answers import Found, Moved
from stacks.site_hosting.rules.content import cache_control, content_type
from stacks.site_hosting.rules.fault import RulesError
from stacks.site_hosting.rules.fields import Fields
from stacks.site_hosting.rules.site_rules import FILES, Rules


@dataclass(frozen=True)
class Snapshot:
    """The content of files is read when it is asked for.

    `folder`: absolute. `warnings`: about it, a line each. `state`: differs if a file does, by time, size or name.
    """

    folder: Path
    rules: Rules
    settings: Settings
    warnings: tuple[str, ...]
    state: frozenset[tuple[str, int, int]]

    @classmethod
    def take(cls, settings: Settings) -> "Snapshot":
        """Look at the folder that the settings name. Raises SiteFolderError, with the lines of a synth,
        and OSError or RulesError if it changes meanwhile."""
        single_page = settings.routing == "spa"
        inspected = site_folder.inspect(
            settings.site,
            root=ROOT,
            content_security_policy=settings.content_security_policy,
            single_page=single_page,
            trailing_slash=settings.trailing_slash,
        )
        paths = site_folder.published_files(inspected.path)
        stats = {name: path.stat() for name, path in paths.items()}
        state = frozenset((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats.items())
        rules = Rules(
            {name: paths.pop(name).read_bytes() for name in FILES if name in paths},
            content_security_policy=settings.content_security_policy,
            files=paths,
            single_page=single_page,
            trailing_slash=settings.trailing_slash,
        )
        return cls(inspected.path, rules, settings, inspected.warnings, state)

    def answer(self, path: str) -> Found | Moved | None:
        """What a path, as it stands in the URL, is answered with; None: nothing is there."""
        return answers.answer(
            path,
            self.rules,
            single_page=self.settings.routing == "spa",
            trailing_slash=self.settings.trailing_slash,
        )

    def path(self, file: str) -> Path:
        """Of a file, by where it is looked for."""
        return self.folder / self.rules.files[file]

    def header(self, file: str, page: bytes = b"") -> dict[str, str]:
        """The header fields of a file, by name in lower case; `page`: its content, needed if it is a page."""
        try:
            fields = self.rules.fields(file, page)
        except RulesError:  # a page that has changed since; the next snapshot is refused with this fault
            fields = Fields(content_type(file), cache_control(file))
        return self.settings.security_headers.fields() | fields.header()
