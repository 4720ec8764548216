"""The texts for language models: files of `prompts/`, each with its version and what it is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import core
from core.errors import DataError
from core.words import quote

FOLDER = Path(core.__file__).parents[1] / "prompts"


@dataclass(frozen=True)
class Prompt:
    """A text for a model, in Jinja2's form. `given` says of each value that it is given what it is."""

    name: str
    version: str
    given: Mapping[str, str]
    template: str

    def render(self, **values: Any) -> str:
        """Fill in the values; raises ValueError unless they are just those that are `given`."""
        from jinja2 import Environment, StrictUndefined

        if values.keys() != self.given.keys():
            raise ValueError(f"{self.name} is given {', '.join(self.given)}, not {', '.join(values)}")
        made = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701 (no HTML)
        return made.from_string(self.template).render(**values).strip()


@cache
def load(name: str, folder: Path = FOLDER) -> Prompt:
    """Read `NAME.md`: front matter with `version` and `given`, then the text; raises DataError for one that is none."""
    import yaml

    path = folder / f"{name}.md"
    try:
        _, head, template = path.read_text(encoding="utf-8").split("---\n", 2)
        found = yaml.safe_load(head)
        return Prompt(name, str(found["version"]), dict(found["given"]), template)
    except (OSError, ValueError, TypeError, KeyError, yaml.YAMLError) as error:
        raise DataError(f"The prompt {quote(path.name)} can't be read ({type(error).__name__}).") from None
