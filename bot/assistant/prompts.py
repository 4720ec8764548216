"""The prompts for language models: files of `prompts/`, each with its version and its variables."""

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
    """A prompt as a Jinja2 template; `given` describes each of its variables."""

    name: str
    version: str
    given: Mapping[str, str]
    template: str

    def render(self, **values: Any) -> str:
        """Fill in the values; raises ValueError unless their names are those in `given`."""
        from jinja2 import Environment, StrictUndefined

        if values.keys() != self.given.keys():
            raise ValueError(f"{self.name} is given {', '.join(self.given)}, not {', '.join(values)}")
        environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701 (no HTML)
        return environment.from_string(self.template).render(**values).strip()


@cache
def load_prompt(name: str, folder: Path = FOLDER) -> Prompt:
    """Read `NAME.md`: front matter with `version` and `given`, then the text; raises DataError for an invalid file."""
    import yaml

    path = folder / f"{name}.md"
    try:
        _, front_matter, template = path.read_text(encoding="utf-8").split("---\n", 2)
        settings = yaml.safe_load(front_matter)
        return Prompt(name, str(settings["version"]), dict(settings["given"]), template)
    except (OSError, ValueError, TypeError, KeyError, yaml.YAMLError) as error:
        raise DataError(f"The prompt {quote(path.name)} can't be read ({type(error).__name__}).") from None
