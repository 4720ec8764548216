"""A brief and how it is put together: measured, written from facts, and kept to a minute's length."""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Literal

from core.answer import Fact
from core.brief.brief_terms import chosen_terms
from core.brief.bullets import Draft, deck, drafts, foot, titles
from core.brief.facts import facts as facts_of
from core.brief.facts import head_facts
from core.brief.news import glance, look
from core.brief.prose import words_in
from core.brief.verdicts import Verdict
from core.errors import UsageError
from core.evidence.evidence import Evidence, Term
from core.questions import GapQuestion
from core.text import render, slots
from core.words import day

MOST_TITLE_WORDS = 12
MOST_BULLETS = 8
MOST_WORDS = 280
"""Words that bullets and remarks may have together."""
_WORDS_PER_MINUTE = 238
"""Silent reading of English prose: Brysbaert 2019, Journal of Memory and Language 109."""
_MORE = 3
_LEADS = ("news.open", "raised.closed", "last.open")
"""The facts that name the model of a title."""
"""Earlier briefs that are named."""


@dataclass(frozen=True)
class Bullet:
    """One idea; `remark` stands below it, None where there is none."""

    text: str
    remark: str | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """Return its text, and its remark where it has one."""
        return (self.text, self.remark) if self.remark else (self.text,)


@dataclass(frozen=True)
class ReadMore:
    """Where the whole story is."""

    label: str
    url: str
    lead: str = "Read full story at"


@dataclass(frozen=True)
class Earlier:
    """An earlier brief; `url` is empty where there is no archive, and then it can be asked for by its day."""

    title: str
    url: str
    published: date


WRITTEN_LATER = "Written later"
"""The category of a brief of a day long before it was written."""
STUDY = ReadMore(
    "H. T. Ihle, How far behind are open models? (LessWrong)",
    "https://www.lesswrong.com/posts/rJcCrXyEsJKmmDpWG/how-far-behind-are-open-models",
    "Method: after",
)


@dataclass(frozen=True)
class Brief:
    """A brief, the same words for every face; `facts` holds every figure that it says.

    The title is the news, the `deck` how things stand; a story has none.
    """

    title: str
    category: str
    published: date
    source: str
    reading_minutes: int
    bullets: tuple[Bullet, ...]
    terms: tuple[Term, ...]
    read_more: ReadMore
    more: tuple[Earlier, ...]
    as_of: date
    newest_data: date
    foot: str
    facts: tuple[Fact, ...]
    written_by: str = "template"
    deck: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the title, the bullets and their remarks."""
        return (self.title, *(part for bullet in self.bullets for part in bullet.parts))

    def chart_question(
        self, since: date | None, known_by: date | None = None, access: Literal["private", "public"] | None = None
    ) -> GapQuestion:
        """Return the question whose chart it has: the gap, with what came in after the last brief, of `since`.

        What its title tells of leads the chart, also where it came out earlier and was scored since.
        """
        told = {fact.key: fact.value for fact in self.facts if fact.key in _LEADS}
        lead = next((str(told[key]) for key in _LEADS if key in told), None)
        since = since or month_before(self.published)
        return GapQuestion(access=access, as_of=self.as_of, known_by=known_by, shown_since=since, drawn_first=lead)

    @property
    def summary(self) -> str:
        """Return what stands for it in a line: its deck, or its first bullet."""
        return self.deck or (self.bullets[0].text if self.bullets else self.foot)

    def to_json(self) -> dict[str, Any]:
        """Return the brief as plain values, with ISO days: the contract of `--format json`."""
        found = {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(self).items()}
        found["terms"] = [{"term": each.term, "definition": each.definition} for each in self.terms]
        found["more"] = [{"title": each.title, "url": each.url} for each in self.more]
        return found


@dataclass(frozen=True)
class Words:
    """A brief's words as templates, whoever chose them: its title, bullets, and ids of the terms to define.

    Without terms they are those that a newcomer needs.
    """

    title: str
    bullets: tuple[Draft, ...]
    terms: tuple[str, ...] = ()
    written_by: str = "template"

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the templates of the title, the bullets and their remarks."""
        return (self.title, *(part for bullet in self.bullets for part in bullet.parts))


@dataclass(frozen=True)
class Material:
    """What a brief of a day is written from: all facts that it may say, and the template's words for them.

    `offered` are all bullets that the facts give, also those that did not fit; `deck` and `foot` are the templates of
    the line under the title and of the last one.
    """

    published: date
    as_of: date
    newest_data: date
    is_news: bool
    facts: tuple[Fact, ...]
    offered: tuple[Draft, ...]
    words: Words
    deck: str
    foot: str
    more: tuple[Earlier, ...]
    glossary: tuple[Term, ...]


def gather(
    evidence: Evidence,
    published: date,
    since: date | None,
    today: date,
    stated: Verdict | None = None,
    known: date | None = None,
) -> Material:
    """Gather what the brief of a day is written from, with what came in since the last one; None means a month before.

    `today` is the day of writing: a brief of an earlier day says that it uses what is known now. `stated` is the
    verdict on the direction that the last brief stated, if any, and `known` the day of what was known to it: what tests
    scored since is news. Raises UsageError for days that can't be: `since` must come first, and
    there must be something to measure.
    """
    if since is not None and since >= published:
        raise UsageError(f"The since day {since} is not before the brief's day, {published}; give an earlier one.")
    since = since or month_before(published)
    seen = look(evidence, published, since, stated, known)
    facts = facts_of(seen, today)
    by_key, is_news = {fact.key: fact for fact in facts}, seen.news.is_any
    offered = drafts(by_key, is_news)
    words = Words(title_of(facts), tuple(fitting(offered, facts)))
    return Material(
        published, seen.as_of, evidence.newest_data, is_news, facts, tuple(offered), words, deck(by_key),
        foot(by_key, is_late=published < today), _more(evidence, published), evidence.terms,
    )  # fmt: skip


def compose(material: Material, words: Words | None = None) -> Brief:
    """Return the brief that words make of its material, the template's by default.

    Raises KeyError for a slot without a fact.
    """
    words, facts = words or material.words, material.facts
    bullets = tuple(
        Bullet(render(each.text, facts), render(each.remark, facts) if each.remark else None) for each in words.bullets
    )
    text = said(bullets)
    terms = chosen_terms(words.terms, text, material.glossary)
    minutes = reading_minutes(bullets, terms)
    used = {key for part in (*words.texts, material.deck, material.foot) for key in slots(part)}
    return Brief(
        title=render(words.title, facts),
        category="Research",
        published=material.published,
        source="gapbrief",
        reading_minutes=minutes,
        bullets=bullets,
        terms=terms,
        read_more=STUDY,
        more=material.more,
        as_of=material.as_of,
        newest_data=material.newest_data,
        foot=render(material.foot, facts),
        facts=(
            *(fact for fact in facts if fact.key in used | {"published", "verdict", "verdict.before"}),
            *frame_facts(minutes, terms),
            *(fact for number, each in enumerate(material.more, 1) for fact in _more_facts(number, each)),
        ),
        written_by=words.written_by,
        deck=render(material.deck, facts),
    )


def said(bullets: Iterable[Bullet]) -> str:
    """Return the bullets and their remarks as one text."""
    return " ".join(part for bullet in bullets for part in bullet.parts)


def reading_minutes(bullets: Iterable[Bullet], terms: Iterable[Term]) -> int:
    """Return how many minutes it takes to read bullets and terms, one at least."""
    texts = [said(bullets), *(term.definition for term in terms)]
    return max(1, round(sum(len(text.split()) for text in texts) / _WORDS_PER_MINUTE))


def frame_facts(minutes: int, terms: Iterable[Term]) -> list[Fact]:
    """State what stands around the bullets: how long they take, and what the terms mean."""
    return [
        Fact("reading", minutes, "minutes", "reading this brief", f"{minutes} min"),
        *(Fact(f"term.{term.term_id}", term.definition, "", term.term, term.definition) for term in terms),
    ]


def month_before(published: date) -> date:
    """Return the same day a month before, or that month's last."""
    if published < date.min + timedelta(days=31):
        return date.min
    last = published.replace(day=1) - timedelta(days=1)
    return last.replace(day=min(published.day, calendar.monthrange(last.year, last.month)[1]))


def fitting(drafted: Sequence[Draft], facts: Iterable[Fact]) -> list[Draft]:
    """Return the bullets that fit into a brief, in their order: those of the least weight first, then remarks."""
    facts = tuple(facts)
    parts = [(each.weight, number, False, each.text) for number, each in enumerate(drafted)]
    parts += [(each.remark_weight, number, True, each.remark) for number, each in enumerate(drafted) if each.remark]
    texts: dict[int, str] = {}
    remarks: dict[int, str] = {}
    room = MOST_WORDS
    for _, number, is_remark, part in sorted(parts):
        words = len(render(part, facts).split())
        fits = number in texts if is_remark else len(texts) < MOST_BULLETS
        if fits and words <= room:
            room -= words
            (remarks if is_remark else texts)[number] = part
    return [Draft(texts[number], 0, remarks.get(number)) for number in sorted(texts)]


def title_of(facts: Iterable[Fact]) -> str:
    """Return the template of the title: the fullest one that is short enough."""
    known = {fact.key: fact for fact in facts}
    every = titles(known)
    return next((each for each in every if words_in(render(each, known.values())) <= MOST_TITLE_WORDS), every[-1])


def _more(evidence: Evidence, published: date) -> tuple[Earlier, ...]:
    """Return earlier briefs, a month or more apart, of days on which new data came, with their titles of today."""
    days = evidence.records.data_days if evidence.records is not None else ()
    earlier: list[Earlier] = []
    while len(earlier) < _MORE:
        until = month_before(earlier[-1].published if earlier else published)
        newest = max((each for each in days if each <= until), default=None)
        if newest is None:
            break
        facts = head_facts(glance(evidence, newest, month_before(newest)))
        if not any(fact.key.startswith("deck.") for fact in facts):
            break
        title = render(title_of(facts), facts)
        earlier.append(Earlier(title, "", newest))
    return tuple(earlier)


def _more_facts(number: int, each: Earlier) -> tuple[Fact, Fact]:
    when = day(each.published)
    return (
        Fact(f"more.{number}.day", each.published.isoformat(), "date", "an earlier brief", when),
        Fact(f"more.{number}.title", each.title, "", f"the title of the brief of {when}", each.title),
    )
