"""Briefs as files for other tools: a file each in the form that is asked for, with its chart, sources and citation."""

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import yaml
from markupsafe import Markup

from bot.links import Links
from bot.web.archive import Entry
from bot.web.charts import draw
from bot.web.files import write
from bot.web.markup import environment
from bot.web.pages import cite
from bot.web.site import Site
from bot.web.takeaway import chart_of_brief, take
from core.errors import UsageError
from core.words import day

TAGS = ("AI", "open weights", "benchmarks")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would work out."""


@dataclass(frozen=True)
class Handout:
    """A brief with what belongs beside it: `chart` is its picture's file, "" where it has none."""

    entry: Entry
    text: str
    url: str
    chart: str
    alt: str
    sources: tuple[dict[str, Any], ...]
    citation: str


async def export_briefs(site: Site, folder: Path, form: str, since: date | None) -> int:
    """Write the briefs of a day and later into a folder, and return how many.

    Raises UsageError where there is none, or where a file can't be written.
    """
    entries = [each for each in await site.archive.all(since) if each.withdrawn_at is None]
    if not entries:
        newest = await site.archive.newest()
        if newest is None:
            raise UsageError("There is no brief yet; the data give none.")
        of = day(newest.brief.published)
        raise UsageError(f"No brief was made since {day(since or date.min)}; the newest is of {of}.")
    ending, written = FORMS[form]
    for entry in entries:
        handout, picture = await _handout(site, entry, form)
        if picture:
            write(folder / handout.chart, picture)
        write(folder / f"{entry.slug}.{ending}", written(handout))
    return len(entries)


async def _handout(site: Site, entry: Entry, form: str) -> tuple[Handout, bytes]:
    links = Links(entry.path, site.public_url)
    answer, chart = await chart_of_brief(site, entry)
    picture = await draw(site, chart) if chart else b""
    sources = {each["citation"]: each for each in (answer.sources if answer else ())}
    name = f"{entry.slug}.png" if chart else ""
    beside = name if form == "html" else ""
    text = await take(site, links, entry, _BASES.get(form, form), with_chart=form in ("email", "html"), beside=beside)
    alt = chart.alt or chart.title if chart else ""
    cited = await cite(site, answer)
    return Handout(entry, text, links.absolute() or "", name, alt, tuple(sources.values()), cited), picture


# ---- the forms


def _markdown(handout: Handout) -> str:
    """Write Markdown with front matter as Hugo, Jekyll and Ghost's importers read it; the theme shows the title."""
    brief = handout.entry.brief
    matter: dict[str, Any] = {
        "title": brief.title, "date": brief.published, "slug": handout.entry.slug,
        "description": brief.bullets[0].text if brief.bullets else brief.foot, "tags": list(TAGS),
        "written_by": brief.written_by,
    }  # fmt: skip
    if handout.url:
        matter["canonical_url"] = handout.url
    front = yaml.safe_dump(matter, allow_unicode=True, sort_keys=False, width=10_000)
    kicker, _, rest = handout.text.partition("\n# ")
    body = rest.partition("\n")[2].strip()
    parts = [f"---\n{front}---", kicker.strip()]
    if handout.chart:
        alt = handout.alt.replace("[", "(").replace("]", ")")
        parts.append(f"![{alt}]({handout.chart})")
    parts += [body, "## Sources"]
    parts.append("\n".join(f"- {each}" for each in _source_lines(handout.sources, "[{citation}](<{url}>)")))
    parts.append(f"Cite as: {handout.citation}")
    return "\n\n".join(part for part in parts if part) + "\n"


def _text(handout: Handout) -> str:
    lines = [handout.text.rstrip(), "", "Sources"]
    lines += [f"- {each}" for each in _source_lines(handout.sources, "{citation}: {url}")]
    lines += ["", f"Cite as: {handout.citation}"]
    lines += [f"Chart: {handout.chart}"] if handout.chart else []
    return "\n".join(lines) + "\n"


def _html(handout: Handout) -> str:
    """Write a fragment: the brief with its chart, and its sources."""
    fragment = Markup(handout.text.rstrip())  # noqa: S704 (the forms of `bot.publish` escape what is in it)
    return environment().get_template("handout.html.j2").render(handout=handout, fragment=fragment) + "\n"


def _email(handout: Handout) -> str:
    return handout.text


def _json(handout: Handout) -> str:
    found = json.loads(handout.text)
    found |= {
        "slug": handout.entry.slug, "canonical_url": handout.url or None, "chart": handout.chart or None,
        "chart_alt": handout.alt or None, "sources": list(handout.sources), "citation": handout.citation,
    }  # fmt: skip
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _csv(handout: Handout) -> str:
    """Write a brief's facts, a row each."""
    brief, out = handout.entry.brief, StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(("brief", "published", "as_of", "key", "value", "unit", "subject", "shown"))
    for fact in brief.facts:
        cells = (fact.key, fact.value, fact.unit, fact.subject, fact.shown)
        table.writerow((handout.entry.slug, brief.published, brief.as_of, *map(_cell, cells)))
    return out.getvalue()


def _cell(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _source_lines(sources: Sequence[dict[str, Any]], linked: str) -> list[str]:
    """Write each source as it is to be cited, with its licence."""
    return [f"{linked.format(**each) if each['url'] else each['citation']} ({each['licence']})" for each in sources]


FORMS: dict[str, tuple[str, Callable[[Handout], str]]] = {
    "text": ("txt", _text), "md": ("md", _markdown), "html": ("html", _html), "email": ("email.html", _email),
    "json": ("json", _json), "csv": ("csv", _csv),
}  # fmt: skip
"""Every form by its name: how its file ends, and how it is written."""
_BASES = {"csv": "json"}
"""The form of `bot.publish` on which a form rests, where it has another name."""
