"""A brief of an article: what its words must hold to, its frame, and where it concerns the gap our own figures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from core.answer import Fact
from core.brief import story_remarks
from core.brief.article import Article, about, copied
from core.brief.brief import (
    MOST_BULLETS,
    MOST_TITLE_WORDS,
    MOST_WORDS,
    Brief,
    Bullet,
    ReadMore,
    frame_facts,
    reading_minutes,
    said,
)  # fmt: skip
from core.brief.brief_terms import chosen_terms
from core.brief.prose import Form, faults
from core.evidence.evidence import Evidence
from core.names.name_index import NameIndex, mentions
from core.questions.shared_facts import day_fact
from core.text import render
from core.text.findings import findings
from core.text.numbers import figures
from core.words import quote

FORM = Form(60, MOST_WORDS, 3, MOST_BULLETS, MOST_TITLE_WORDS, 50.0)
"""Easier reading can't be asked for: names and terms are the article's."""
_QUOTED = re.compile(r"“[^”]*”")
_TO_READERS = re.compile(r"\b(?:you|your|click|subscribe|visit|buy|sign up|please)\b", re.IGNORECASE)


@dataclass(frozen=True)
class StoryWords:
    """A story's words: its title, its bullets, and ids of the terms to define."""

    title: str
    bullets: tuple[str, ...]
    terms: tuple[str, ...] = ()
    written_by: str = "template"


def check(words: StoryWords, article: Article, names: NameIndex) -> list[str]:
    """Return what is wrong with a story's words, a sentence each; empty where they may be shown to a person.

    They keep to the article's numbers, dates and names, in words of their own.
    """
    parts = (words.title, *words.bullets)
    own = (article.title, *article.sentences)
    strange = findings("\n".join(parts), about(article), own=own, names=names)
    found = [
        *faults(words.title, [(text, None) for text in words.bullets], FORM),
        *(fault for part in parts for fault in copied(part, article)),
        *(fault for part in parts for fault in _spoken(part)),
        *(
            f"{quote(each.said)} does not stand in the article; keep to its numbers, dates and names."
            for each in strange
            if each.kind != "class"
        ),
    ]
    return list(dict.fromkeys(found))


def _spoken(part: str) -> Iterator[str]:
    """Yield what speaks to the reader, as an article that gives orders would have it."""
    spoken = _TO_READERS.search(_QUOTED.sub("", part))
    if spoken:
        yield f"{quote(spoken[0])} speaks to the reader; tell what the article says."


def story(words: StoryWords, article: Article, evidence: Evidence, names: NameIndex, published: date) -> Brief:
    """Return the brief of an article; where a bullet concerns the gap, a remark sets it against our own figures."""
    as_of = min(published, evidence.newest_data)
    remarks, own_facts = story_remarks.remarks(words.bullets, evidence, names, as_of)
    bullets = tuple(Bullet(text, remark) for text, remark in zip(words.bullets, remarks, strict=True))
    terms = chosen_terms(words.terms, said(bullets), evidence.terms)
    minutes = reading_minutes(bullets, terms)
    around = [
        day_fact("published", published, "this brief"),
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
        facts=(*every, *_said_facts(words, names), *frame_facts(minutes, terms)),
        written_by=words.written_by,
    )


def _foot(article: Article) -> str:
    """Return the template of the last line: whose article it is, and how far it was checked."""
    of_day = " of {article.day}" if article.day else ""
    return f"From the article at {{article.site}}{of_day}, in the words of the {{writer}}, held against its text."


def _said_facts(words: StoryWords, names: NameIndex) -> Iterator[Fact]:
    """State the numbers and dates of the bullets as facts of the article."""
    said: dict[str, None] = {}
    for part in (words.title, *words.bullets):
        named = mentions(part, names, is_word=lambda _: True)
        numbers, days = figures(part, [(each.start, each.end) for each in named])
        said |= dict.fromkeys(each.with_unit for each in numbers)
        said |= dict.fromkeys(each.text for each in days)
    for number, shown in enumerate(said, 1):
        yield Fact(f"article.said.{number}", None, "", "the article", shown)
