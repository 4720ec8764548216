"""Compose a brief: measure the gap, write the news from facts, and keep it to a minute's reading."""

import calendar
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, Literal

from core.answer import Fact
from core.brief.bullets import Bullet, Draft, draft_bullets, draft_deck, draft_foot, draft_titles
from core.brief.facts import brief_facts, title_facts
from core.brief.news import Look, glance, look
from core.brief.prose import count_numbers, count_words
from core.brief.verdicts import Verdict
from core.dataclass import dataclass
from core.errors import UsageError
from core.evidence.evidence import Evidence, Term
from core.glossary import terms_in
from core.questions import GapQuestion
from core.text import render, slots
from core.words import day

MOST_TITLE_WORDS = 14
MOST_BULLETS, MOST_QUIET_BULLETS = 7, 4
MOST_WORDS = 200
"""The maximum number of words from the title to the last bullet, the deck included."""
MOST_NUMBERS = 22
"""The maximum number of numbers from the title to the last bullet; digits inside names are none."""
_WORDS_PER_MINUTE = 238
"""Silent reading speed for English prose: Brysbaert 2019, Journal of Memory and Language 109."""
_MORE = 3
"""The maximum number of earlier briefs listed."""
_BESIDE = ("term.", "more.", "reading")
"""How the keys of facts begin that are shown beside the text."""
_LEADS = ("news.open", "raised.closed", "last")
"""The facts that name the model in a title."""
MOST_TERMS = 2
"""The number of terms that a brief defines below its bullets."""
_NEEDED = ("record", "catch-up-time", "time-horizon", "likely-range", "gap", "open-weights", "closed-model")
"""The terms that a newcomer needs most, in order: a brief does not explain the first three in passing."""


@dataclass(frozen=True)
class ReadMore:
    """A link to the whole story."""

    label: str
    url: str
    lead: str = "Read full story at"


@dataclass(frozen=True)
class Earlier:
    """An earlier brief. `url` is empty without an archive; the brief can then be requested by its day."""

    title: str
    url: str
    published: date


WRITTEN_LATER = "Written later"
"""The category of a brief written long after its day."""
STUDY = ReadMore(
    "H. T. Ihle, How far behind are open models? (LessWrong)",
    "https://www.lesswrong.com/posts/rJcCrXyEsJKmmDpWG/how-far-behind-are-open-models",
    "Method: after",
)


@dataclass(frozen=True)
class Brief:
    """A brief, with the same words on every interface; `facts` holds every figure in it.

    The title is the news, the `deck` says what it means; a story has no deck.
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

    @property
    def term_lines(self) -> list[str]:
        """Return the terms, each as "term: what it means"."""
        return [f"{term.term}: {term.definition}" for term in self.terms]

    @property
    def parts(self) -> list[str]:
        """Return every part that can be edited: the title, the deck, the bullets, their remarks and the terms."""
        return [self.title, *([self.deck] if self.deck else []), *self.texts[1:], *self.term_lines]

    @property
    def text_facts(self) -> list[Fact]:
        """Return the facts that the text states, without those shown beside it."""
        return [fact for fact in self.facts if not fact.key.startswith(_BESIDE)]

    def chart_question(
        self, since: date | None, known_by: date | None = None, access: Literal["private", "public"] | None = None
    ) -> GapQuestion:
        """Return the question for the brief's chart: the gap, with what came in since the last brief's day, `since`.

        The model in the title leads the chart, even if it came out earlier and was scored since.
        """
        names = {fact.key: str(fact.value) for fact in self.facts}
        lead = next((names[key] for key in _LEADS if key in names), None)
        since = since or month_before(self.published)
        return GapQuestion(access=access, as_of=self.as_of, known_by=known_by, shown_since=since, drawn_first=lead)

    @property
    def summary(self) -> str:
        """Return a one-line summary: the deck, or the first bullet."""
        return self.deck or (self.bullets[0].text if self.bullets else self.foot)

    def to_json(self) -> dict[str, Any]:
        """Return the brief as plain values, with ISO days: the contract of `--format json`."""
        values = {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(self).items()}
        values["terms"] = [{"term": term.term, "definition": term.definition} for term in self.terms]
        values["more"] = [{"title": brief.title, "url": brief.url} for brief in self.more]
        return values


@dataclass(frozen=True)
class Words:
    """The words of a brief as templates, whoever chose them: title, bullets, and the ids of terms to define.

    Without ids, the terms that a newcomer needs are chosen.
    """

    title: str
    bullets: tuple[Bullet, ...]
    terms: tuple[str, ...] = ()
    written_by: str = "template"

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the templates of the title and the bullets."""
        return (self.title, *(bullet.text for bullet in self.bullets))


@dataclass(frozen=True)
class Material:
    """What a day's brief is written from: every fact it may state, and the template's words for them.

    `offered` are all bullets that the facts give, including those that did not fit. `deck` and `foot` are the templates
    of the line under the title and of the last line.
    """

    look: Look
    facts: tuple[Fact, ...]
    offered: tuple[Draft, ...]
    words: Words
    deck: str
    foot: str
    more: tuple[Earlier, ...]

    @property
    def is_news(self) -> bool:
        """Whether there is something to report."""
        return self.look.news.is_any

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to report, and no complete data for any day since the last brief."""
        return not self.is_news and not self.look.news.n_scores and self.look.since >= self.look.complete_to

    @property
    def glossary(self) -> tuple[Term, ...]:
        """Return the terms that the brief may define."""
        return self.look.evidence.terms


def gather(
    evidence: Evidence,
    published: date,
    since: date | None,
    today: date,
    stated: Verdict | None = None,
    known: date | None = None,
) -> Material:
    """Gather what a day's brief is written from, with what came in since the last brief (None: a month before).

    `today` is the day of writing: a brief for an earlier day says that it uses today's data. `stated` is the verdict on
    the direction in the last brief, if any. `known` is the day up to which the last brief knew the data: later scores
    are news. Raises UsageError if `since` is not before the brief's day, or if there is nothing to measure.
    """
    if since is not None and since >= published:
        raise UsageError(f"The since day {since} is not before the brief's day, {published}; give an earlier one.")
    seen = look(evidence, published, since or month_before(published), stated, known)
    return draft_material(seen, today, more=earlier_briefs(evidence, published))


def draft_material(seen: Look, today: date, roles: Collection[str] = (), more: tuple[Earlier, ...] = ()) -> Material:
    """State the facts of a look and draft the words for them, with bullets of some `roles` only, if any are given."""
    facts = brief_facts(seen, today)
    by_key = {fact.key: fact for fact in facts}
    drafts = draft_bullets(by_key, seen.news.is_any)
    offered = tuple(draft for draft in drafts if not roles or draft.role in roles)
    title, deck = choose_title(facts), draft_deck(by_key)
    most = MOST_BULLETS if seen.news.is_any else MOST_QUIET_BULLETS
    words = Words(title, tuple(fit_bullets(offered, facts, f"{title}\n{deck}", most)))
    foot = draft_foot(is_late=seen.published < today, is_complete=seen.complete_to == seen.as_of)
    return Material(seen, facts, offered, words, deck, foot, more)


def compose(material: Material, words: Words | None = None) -> Brief:
    """Return the brief written with these words; the default is the template's words.

    Raises KeyError for a slot without a fact.
    """
    words, facts, look = words or material.words, material.facts, material.look
    bullets = tuple(Bullet(render(bullet.text, facts)) for bullet in words.bullets)
    text = bullets_text(bullets)
    terms = choose_terms(words.terms, text, material.glossary)
    minutes, days = reading_minutes(bullets, terms), {fact.key: fact.day for fact in facts}
    used = {key for part in (*words.texts, material.deck, material.foot) for key in slots(part)}
    return Brief(
        title=render(words.title, facts),
        category=WRITTEN_LATER if days["today"] > days["published"] else "Research",
        published=look.published,
        source="gapbrief",
        reading_minutes=minutes,
        bullets=bullets,
        terms=terms,
        read_more=STUDY,
        more=material.more,
        as_of=look.as_of,
        newest_data=look.evidence.newest_data,
        foot=render(material.foot, facts),
        facts=(
            *(fact for fact in facts if fact.key in used | {"published", "verdict", "verdict.before"}),
            *frame_facts(minutes, terms),
            *(fact for number, brief in enumerate(material.more, 1) for fact in _earlier_facts(number, brief)),
        ),
        written_by=words.written_by,
        deck=render(material.deck, facts),
    )


def choose_terms(
    wanted: Sequence[str], text: str, glossary: Iterable[Term], most: int = MOST_TERMS
) -> tuple[Term, ...]:
    """Return terms that the text uses: the wanted ones (ids), `most` at most; to two, those that a newcomer needs."""
    used = {term.term_id: term for term in terms_in(text, tuple(glossary))}
    chosen = [term_id for term_id in dict.fromkeys(wanted) if term_id in used][:most]
    others = [term_id for term_id in dict.fromkeys((*_NEEDED, *used)) if term_id in used and term_id not in chosen]
    return tuple(used[term_id] for term_id in (*chosen, *others[: max(MOST_TERMS - len(chosen), 0)]))


def bullets_text(bullets: Iterable[Bullet]) -> str:
    """Return the bullets and their remarks as one text."""
    return " ".join(part for bullet in bullets for part in bullet.parts)


def reading_minutes(bullets: Iterable[Bullet], terms: Iterable[Term]) -> int:
    """Return the reading time of bullets and terms in minutes; at least one."""
    texts = [bullets_text(bullets), *(term.definition for term in terms)]
    return max(1, round(sum(len(text.split()) for text in texts) / _WORDS_PER_MINUTE))


def frame_facts(minutes: int, terms: Iterable[Term]) -> list[Fact]:
    """State what surrounds the bullets: the reading time, and the definitions of the terms."""
    return [
        Fact("reading", minutes, "minutes", "reading this brief", f"{minutes} min"),
        *(Fact(f"term.{term.term_id}", term.definition, "", term.term, term.definition) for term in terms),
    ]


def month_before(published: date) -> date:
    """Return the same day of the previous month, or that month's last day."""
    if published < date.min + timedelta(days=31):
        return date.min
    last = published.replace(day=1) - timedelta(days=1)
    return last.replace(day=min(published.day, calendar.monthrange(last.year, last.month)[1]))


def fit_bullets(offered: Sequence[Draft], facts: Sequence[Fact], head: str, most: int) -> list[Draft]:
    """Return the bullets, `most` at most, that fit into a brief below its title and deck, `head`.

    The bullet of the highest rank goes until the rest fit.
    """
    chosen = list(offered)
    names = [fact.shown for fact in facts if fact.kind == "name"]
    while len(chosen) > 1:
        text = render("\n".join((head, *(draft.text for draft in chosen))), facts)
        is_short = count_words(text) <= MOST_WORDS and count_numbers(text, names) <= MOST_NUMBERS
        if is_short and len(chosen) <= most:
            break
        chosen.remove(max(chosen, key=lambda draft: draft.rank))
    return chosen


def choose_title(facts: Sequence[Fact]) -> str:
    """Return the template of the title: the first, and so fullest, that is short enough."""
    templates = draft_titles({fact.key: fact for fact in facts})
    short = (title for title in templates if count_words(render(title, facts)) <= MOST_TITLE_WORDS)
    return next(short, templates[-1])


def earlier_briefs(evidence: Evidence, published: date) -> tuple[Earlier, ...]:
    """Return earlier briefs for days with new data, at least a month apart; their titles use today's data."""
    days = evidence.records.data_days if evidence.records is not None else ()
    earlier: list[Earlier] = []
    while len(earlier) < _MORE:
        until = month_before(earlier[-1].published if earlier else published)
        newest = max((day for day in days if day <= until), default=None)
        if newest is None:
            break
        seen = glance(evidence, newest, month_before(newest))
        if all(gap.headline.months is None for gap in seen.analysis.classes.values()):
            break
        facts = tuple(title_facts(seen))
        earlier.append(Earlier(render(choose_title(facts), facts), "", newest))
    return tuple(earlier)


def _earlier_facts(number: int, brief: Earlier) -> tuple[Fact, Fact]:
    key, when = f"more.{number}", day(brief.published)
    return (
        Fact(f"{key}.day", brief.published.isoformat(), "date", "an earlier brief", when),
        Fact(f"{key}.title", brief.title, "", f"the title of the brief of {when}", brief.title),
    )
