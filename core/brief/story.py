"""A brief of an article: its bullets, its frame, and where it concerns the gap our own figures beside it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from core.answer import Fact
from core.brief import story_remarks
from core.brief.article import Article, about
from core.brief.brief import Brief, Bullet, ReadMore, frame_facts, reading_minutes, said
from core.brief.brief_terms import chosen_terms
from core.evidence.evidence import Evidence
from core.evidence.name_index import NameIndex
from core.text import render, slots
from core.text.numbers import figures
from core.words import day

_NAME = re.compile(r"\b[A-Z][\w-]* \d+(?:\.\d+)? (?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))[A-Z]\w*")
"""A model's name with its version in the middle: "Gemini 3 Pro"."""


@dataclass(frozen=True)
class StoryWords:
    """A story's words: its title, its bullets, and ids of the terms to define."""

    title: str
    bullets: tuple[str, ...]
    terms: tuple[str, ...] = ()
    written_by: str = "template"


def story(words: StoryWords, article: Article, evidence: Evidence, names: NameIndex, published: date) -> Brief:
    """Return the brief of an article; where a bullet concerns the gap, a remark sets it against our own figures."""
    as_of = min(published, evidence.newest_data)
    remarks, own_facts = story_remarks.remarks(words.bullets, evidence, names, as_of)
    bullets = tuple(Bullet(text, remark) for text, remark in zip(words.bullets, remarks, strict=True))
    terms = chosen_terms(words.terms, said(bullets), evidence.terms)
    minutes = reading_minutes(bullets, terms)
    around = [
        Fact("published", published.isoformat(), "date", "this brief", day(published)),
        Fact("writer", words.written_by, "", "who wrote this brief", words.written_by),
        *about(article),
    ]
    foot = _foot(article) + story_remarks.foot(own_facts)
    every = (*around, *own_facts)
    return Brief(
        title=words.title,
        category="Story",
        published=published,
        source=article.site,
        reading_minutes=minutes,
        bullets=bullets,
        terms=terms,
        read_more=ReadMore(f"{article.site}: {article.title}", article.url),
        more=(),
        as_of=as_of,
        newest_data=evidence.newest_data,
        foot=render(foot, every),
        facts=(*_used(every, foot), *_said_facts(words), *frame_facts(minutes, terms)),
        written_by=words.written_by,
    )


def _foot(article: Article) -> str:
    """Return the template of the last line: whose article it is, and how far it was checked."""
    of_day = " of {article.day}" if article.day else ""
    return f"From the article at {{article.site}}{of_day}, in the words of the {{writer}}, held against its text."


def _used(every: Iterable[Fact], foot: str) -> Iterator[Fact]:
    """Yield the facts that a story's frame and remarks say."""
    for fact in every:
        if fact.key in slots(foot) or not fact.key.startswith(
            ("own.as_of", "own.newest", "own.interval", "own.method")
        ):
            yield fact


def _said_facts(words: StoryWords) -> Iterator[Fact]:
    """State the numbers and dates of the bullets as facts of the article."""
    said: dict[str, None] = {}
    for part in (words.title, *words.bullets):
        numbers, days = figures(part, (found.span() for found in _NAME.finditer(part)))
        said |= dict.fromkeys(each.with_unit for each in numbers)
        said |= dict.fromkeys(each.text for each in days)
    for number, shown in enumerate(said, 1):
        yield Fact(f"article.said.{number}", None, "", "the article", shown)
