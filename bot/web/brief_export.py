"""Briefs as files for other tools: each in the form that is asked for, with a picture of its chart."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.links import Links
from bot.newsroom.formats import inert, without_title
from bot.spreadsheet import Cell, as_csv
from bot.web.archive import Entry
from bot.web.brief_downloads import chart_of_brief, take
from bot.web.chart_images import draw
from bot.web.site import Site
from bot.web.site_export import write
from core.errors import UsageError
from core.words import day

TAGS = ("AI", "open weights", "benchmarks")
_CITED = re.compile(r"gapbrief\s+\S+,\s+as\s+of\s")
_HEAD = ("brief", "published", "as_of", "part", "key", "value", "unit", "subject", "shown")


@dataclass(frozen=True)
class ExportedBrief:
    """A brief as `bot.newsroom` writes it, and its public address, "" where it has none."""

    entry: Entry
    text: str
    url: str


@dataclass(frozen=True)
class Exported:
    """How many briefs were written, and what an earlier export left: what was removed, and what may be others' work."""

    briefs: int
    removed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


async def export_briefs(site: Site, folder: Path, form: str, since: date | None) -> Exported:
    """Write the briefs of a day and later into a folder.

    Of what we wrote there before, all goes of briefs that were withdrawn, and what shows a brief in another layout than
    now, so that nobody publishes it from there. Raises UsageError where there is no brief, or where a file can't be
    written.
    """
    found = await site.archive.all()
    standing = [each for each in found if each.withdrawn_at is None]
    entries = [each for each in standing if since is None or each.brief.published >= since]
    stale = [path for each in found if each.withdrawn_at for path in _all_files(each.slug)]
    for entry in entries:
        files = await _files(site, entry, form)
        for path, content in files.items():
            write(folder / path, content)
        if form == "md":
            stale += [path for path in _markdown_files(entry.slug) if path not in files]
    removed, left = _remove(folder, stale)
    if not (entries or removed or left):
        if not standing:
            raise UsageError("There is no brief yet; the data give none.")
        newest = max(each.brief.published for each in standing)
        raise UsageError(f"There is no brief since {day(since or date.min)}; the newest is from {day(newest)}.")
    return Exported(len(entries), removed, left)


async def _files(site: Site, entry: Entry, form: str) -> dict[str, str | bytes]:
    """Return a brief's file and its chart's, by their paths; the brief shows the chart from the web where it can.

    Markdown that can't is a folder with both, as Hugo's leaf bundles: site generators give a page a folder of its own,
    and only a picture that is in it is found from there.
    """
    links = Links(entry.path, site.public_url)
    ending, written = FORMS[form]
    file, picture = f"{entry.slug}.{ending}", f"{entry.slug}.png"
    if form == "md" and not links.public_url:
        file, picture = f"{entry.slug}/index.md", f"{entry.slug}/chart.png"
    beside = "" if links.public_url else Path(picture).name
    text = await take(site, links, entry, _BASES.get(form, form), beside=beside)
    _, chart = await chart_of_brief(site, entry)
    files: dict[str, str | bytes] = {picture: await draw(site, chart)} if chart else {}
    return files | {file: written(ExportedBrief(entry, text, links.absolute() or ""))}


# ---- what an earlier export left


def _markdown_files(slug: str) -> tuple[str, str]:
    return f"{slug}.md", f"{slug}/index.md"


def _all_files(slug: str) -> list[str]:
    others = (f"{slug}.{ending}" for form, (ending, _) in FORMS.items() if form != "md")
    return [*_markdown_files(slug), *others]


def _remove(folder: Path, paths: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Remove those of some files that we wrote, with their charts; return these, and the others that are there."""
    removed, left = [], []
    for path in paths:
        file = folder / path
        if not file.is_file():
            continue
        if not _is_ours(file):
            left.append(path)
            continue
        try:
            file.unlink()
        except OSError:
            left.append(path)
            continue
        removed.append(path)
        _remove_chart(folder, path)
    return tuple(removed), tuple(left)


def _remove_chart(folder: Path, path: str) -> None:
    """Remove the chart that lay beside a file, unless another form of the brief has it too; and a folder left empty."""
    slug, _, rest = path.partition("/")
    with suppress(OSError):
        if rest:
            (folder / slug / "chart.png").unlink(missing_ok=True)
            (folder / slug).rmdir()
        else:
            slug = slug.partition(".")[0]
            if not any((folder / f"{slug}.{ending}").exists() for ending, _ in FORMS.values()):
                (folder / f"{slug}.png").unlink(missing_ok=True)


def _is_ours(file: Path) -> bool:
    """Whether a file that is named as ours also reads so: each form has our citation, Markdown its slug in front."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError):
        return False
    if _CITED.search(text) is None:
        return False
    slug = file.parent.name if file.name == "index.md" else file.stem
    return file.suffix != ".md" or f"\nslug: {slug}\n" in text.partition("\n---\n")[0] + "\n"


# ---- the forms


def _as_it_is(exported: ExportedBrief) -> str:
    return exported.text


def _markdown(exported: ExportedBrief) -> str:
    """Write Markdown with front matter as Hugo, Jekyll and Ghost's importers read it; the theme shows the title."""
    brief = exported.entry.brief
    matter: dict[str, Any] = {
        "title": inert(brief.title), "date": brief.published, "slug": exported.entry.slug,
        "description": inert(brief.summary), "tags": list(TAGS),
        "written_by": brief.written_by,
    }  # fmt: skip
    if exported.url:
        matter["canonical_url"] = exported.url
    front = yaml.safe_dump(matter, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{front}---\n\n{without_title(exported.text)}"


def _json(exported: ExportedBrief) -> str:
    found = json.loads(exported.text) | {"slug": exported.entry.slug, "canonical_url": exported.url or None}
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _csv(exported: ExportedBrief) -> bytes:
    """Write what a brief says, a row each; the column `part` tells its words, facts and sources apart."""
    found = json.loads(exported.text)
    of = (exported.entry.slug, found["published"], found["as_of"])
    return as_csv([_HEAD, *((*of, *row) for row in _rows(found))])


def _rows(found: dict[str, Any]) -> Iterator[tuple[Cell, ...]]:
    """Yield each part of a brief: which it is, key, value, unit, subject, and how it is shown."""

    def words(part: str, shown: str, key: Cell = "", value: Cell = "") -> tuple[Cell, ...]:
        return part, key, value, "", "", shown

    yield words("title", found["title"])
    if found["deck"]:
        yield words("deck", found["deck"])
    for note in found.get("notes", ()):
        yield words("note", note)
    for number, bullet in enumerate(found["bullets"], 1):
        yield words("bullet", bullet["text"], number)
        if bullet["remark"]:
            yield words("remark", bullet["remark"], number)
    yield words("story", found["read_more"]["label"], value=found["read_more"]["url"])
    yield words("foot", found["foot"])
    for fact in found["facts"]:
        yield "fact", fact["key"], fact["value"], fact["unit"], fact["subject"], fact["shown"]
    if "chart" in found:
        yield words("chart", found["chart_alt"], value=found["chart"])
    for each in found.get("sources", ()):
        shown = f"{each['citation']} ({each['licence']})"
        yield "source", each["source_id"], each["url"], "", each["publisher"], shown
    yield words("citation", found["citation"], value=found.get("page", ""))


FORMS: dict[str, tuple[str, Callable[[ExportedBrief], str | bytes]]] = {
    "text": ("txt", _as_it_is), "md": ("md", _markdown), "html": ("html", _as_it_is),
    "email": ("email.html", _as_it_is), "json": ("json", _json), "csv": ("csv", _csv),
}  # fmt: skip
"""Every form by its name: how its file ends, and how it is written."""
_BASES = {"csv": "json"}
"""The form of `bot.newsroom` on which a form rests, where it has another name."""
