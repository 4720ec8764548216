"""What the makers of documents share: the shipped tables as a store, and the parts of pages that are generated."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.store.store import Store, open_store

ROOT = Path(__file__).parents[2]
METHOD = ROOT / "docs" / "method.md"


@contextmanager
def shipped() -> Iterator[Store]:
    """The shipped tables as a store of its own, which may be altered."""
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "evidence.db", ROOT / "data") as store:
        yield store


@dataclass(frozen=True)
class Part:
    """A generated part of a page, between two marks of its name."""

    page: Path
    name: str

    def _split(self) -> tuple[str, str, str]:
        """Return what stands before the part, the part, and what follows it, with the marks."""
        begin, end = f"<!-- {self.name}: begin (generated) -->\n", f"\n<!-- {self.name}: end -->"
        before, has_begin, rest = self.page.read_text(encoding="utf-8").partition(begin)
        part, has_end, after = rest.partition(end)
        if not (has_begin and has_end):
            raise ValueError(f"{self.page.name} has lost the marks of the part {self.name!r}")
        return before + begin, part, end + after

    def read(self) -> str:
        """Return the part as it stands in the page."""
        return self._split()[1].strip()

    def put_out(self, text: str) -> None:
        """Write a new text into the page where `--write` was typed, else print it."""
        if "--write" in sys.argv:
            before, _, after = self._split()
            self.page.write_text(f"{before}{text.strip()}{after}", encoding="utf-8")
        else:
            print(text)
