"""Writes briefs of articles with a language model; there is none unless its text keeps to the article.

Bullets about the gap get our own figures as remarks, chosen and worded by rules.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pydantic import BaseModel, Field

from bot.assistant import prompts
from bot.assistant.article import LONGEST_RUN, Article, article_facts, clean_line, find_copied_text
from bot.assistant.brief_writer import model_credit
from bot.assistant.model_calls import FormModel
from bot.assistant.models import HOW_TO_SET, FailedError, FaultyError
from bot.state.conversation_key import ConversationKey
from core.answer import Fact
from core.brief.brief import Brief, ReadMore, Words, bullets_text, choose_terms, frame_facts, reading_minutes
from core.brief.bullets import Bullet
from core.brief.prose import MOST_SENTENCE_WORDS, Form, find_faults
from core.errors import UsageError
from core.evidence.evidence import Evidence
from core.gap.parameters import DEFAULT
from core.names.name_index import NameIndex, mentions
from core.questions.gap import GapQuestion
from core.questions.model import ModelQuestion
from core.questions.shared_facts import day_fact, method_fact, share_fact
from core.text import render, slots
from core.text.findings import findings
from core.text.numbers import find_figures
from core.text.sentences import CLASS_WORD
from core.words import CLASSES, day, quote, shorten

FORM = Form(60, 280, 3, 8, 12, 50.0)
"""The reading ease is lower than for briefs, as names and terms are the article's."""
_MOST_TERMS = 4
_MOST_REMARKS = 2
_QUOTED = re.compile(r"“[^”]*”")
_TO_READERS = re.compile(r"\b(?:you|your|click|subscribe|visit|buy|sign up|please)\b", re.IGNORECASE)
_LAG = re.compile(
    r"\b(?:gap|lag\w*|trail\w*|behind|catch\w*|caught|match\w*|ahead|lead\w*|led|reach\w*|narrow\w*|widen\w*|wider"
    r"|months?|earlier|later)\b",
    re.IGNORECASE,
)


def check_words(words: Words, article: Article, names: NameIndex) -> list[str]:
    """Return the faults of a story, as sentences; an empty list if it may be shown.

    It must keep to the article's numbers, dates and names, in its own words.
    """
    parts = words.texts
    own = (article.title, *article.sentences)
    strange = findings("\n".join(parts), article_facts(article), own=own, names=names)
    excerpts = [quote(finding.words) for finding in strange]
    faults = [
        *find_faults(words.title, parts[1:], FORM),
        *(fault for part in parts for fault in find_copied_text(part, article)),
        *(fault for part in parts for fault in _find_spoken_words(part)),
        *(f"{excerpt} does not stand in the article; keep to its numbers, dates and names." for excerpt in excerpts),
    ]
    return list(dict.fromkeys(faults))


def _find_spoken_words(part: str) -> Iterator[str]:
    """Yield a fault for words to the reader, which an article with orders may cause."""
    match = _TO_READERS.search(_QUOTED.sub("", part))
    if match:
        yield f"{quote(match[0])} speaks to the reader; tell what the article says."


def compose_story(words: Words, article: Article, evidence: Evidence, names: NameIndex, published: date) -> Brief:
    """Return the brief of an article; bullets about the gap have a remark with our own figures."""
    as_of = min(published, evidence.newest_data)
    texts = words.texts[1:]
    remarks, own_facts = write_remarks(texts, evidence, names, as_of)
    bullets = tuple(map(Bullet, texts, remarks))
    terms = choose_terms(words.terms, bullets_text(bullets), evidence.terms, _MOST_TERMS)
    minutes = reading_minutes(bullets, terms)
    around = [
        day_fact("published", published, "this brief"),
        Fact("writer", words.written_by, "", "who wrote this brief", words.written_by),
        *article_facts(article),
    ]
    foot = _foot_template(article) + remarks_foot(own_facts)
    facts = (*around, *own_facts)
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
        foot=render(foot, facts),
        facts=(*facts, *_figure_facts(words, names), *frame_facts(minutes, terms)),
        written_by=words.written_by,
    )


def _foot_template(article: Article) -> str:
    """Return the template of the foot: the article's source, and how the brief was checked."""
    of_day = " of {article.day}" if article.day else ""
    return f"From the article at {{article.site}}{of_day}, in the words of the {{writer}}, held against its text."


def _figure_facts(words: Words, names: NameIndex) -> Iterator[Fact]:
    """Yield the numbers and dates of title and bullets as facts of the article."""
    texts: dict[str, None] = {}
    for part in words.texts:
        names_in_part = mentions(part, names, is_word=lambda _: True)
        numbers, days = find_figures(part, [(name.start, name.end) for name in names_in_part])
        texts |= dict.fromkeys(number.with_unit for number in numbers)
        texts |= dict.fromkeys(day.text for day in days)
    for number, text in enumerate(texts, 1):
        yield Fact(f"article.said.{number}", None, "", "the article", text)


# ---- our own figures beside the article's


@dataclass(frozen=True)
class Concern:
    """The subject of a bullet: a known benchmark or model, a class of tests, or the whole gap."""

    kind: str
    key: str = ""


def find_concern(text: str, evidence: Evidence, names: NameIndex) -> Concern | None:
    """Return the subject of a bullet in our data, None if it is not about how far open models trail closed ones."""
    words = {match.lastgroup for match in CLASS_WORD.finditer(text)}
    known_names = {mention.value for mention in mentions(text, names, is_word=lambda _: True) if mention.value}
    board = next((board for board in evidence.boards if board.headline and board.name in known_names), None)
    model = next((model for model in evidence.models if model.is_open and model.name in known_names), None)
    classes = [name for name in CLASSES if name in words]
    is_of_open = (model and "closed" in words) or ("open" in words and ("closed" in words or board or classes))
    if not (is_of_open and _LAG.search(text)):
        return None
    if board:
        return Concern("benchmark", f"{board.benchmark_id} {board.version}")
    if len(classes) == 1:
        return Concern("access", classes[0])
    return Concern("model", model.model_id) if model and not classes else Concern("gap")


def write_remarks(
    texts: Sequence[str], evidence: Evidence, names: NameIndex, as_of: date
) -> tuple[list[str | None], tuple[Fact, ...]]:
    """Return a remark or None for each bullet, and the facts of all remarks.

    Each figure appears once; only the first two suitable bullets get a remark.
    """
    remarks: list[str | None] = [None] * len(texts)
    facts: dict[str, Fact] = {}
    for number, text in enumerate(texts):
        concern = find_concern(text, evidence, names)
        remark, new = _write_remark(concern, evidence, as_of) if concern else ("", [])
        if {fact.shown for fact in new} <= {fact.shown for fact in facts.values()}:
            continue
        remarks[number] = remark
        facts |= {fact.key: fact for fact in new}
        if len(texts) - remarks.count(None) == _MOST_REMARKS:
            break
    return remarks, (*facts.values(), *(_basis_facts(evidence, as_of) if facts else ()))


def remarks_foot(facts: Collection[Fact]) -> str:
    """Return the template of the remarks' data basis, empty without remarks."""
    if not any(fact.key == "own.as_of" for fact in facts):
        return ""
    return (
        " Our own figures: as of {own.as_of}; newest complete data {own.newest_data}. “Likely” gives a range that is"
        " meant to hold in {own.interval} of cases. Method {own.method}."
    )


# ---- one remark


def _write_remark(concern: Concern, evidence: Evidence, as_of: date) -> tuple[str, list[Fact]]:
    """Return the remark on a concern, with its facts; both are empty if our data have no figure for it."""
    try:
        answer = _build_question(concern, as_of).answer(evidence)
    except UsageError:
        return "", []
    facts = {fact.key: fact for fact in answer.facts}
    template = _model_template(facts) if concern.kind == "model" else _gap_template(facts, concern)
    prefix = f"own.{concern.kind}.{concern.key}".rstrip(".").replace(" ", "-")
    own_facts = [replace(facts[key], key=f"{prefix}.{key}") for key in slots(template)]
    return render(re.sub(r"\{", f"{{{prefix}.", template), own_facts), own_facts


def _build_question(concern: Concern, as_of: date) -> GapQuestion | ModelQuestion:
    if concern.kind == "model":
        return ModelQuestion(model=concern.key, as_of=as_of)
    benchmark = concern.key if concern.kind == "benchmark" else None
    return GapQuestion(benchmark=benchmark, as_of=as_of, method=DEFAULT.name)


def _gap_template(facts: Mapping[str, Fact], concern: Concern) -> str:
    """Return the template of a remark on the gap, with one sentence for each class of tests."""
    classes = (concern.key,) if concern.kind == "access" else CLASSES
    sentences: list[str] = []
    for name in classes:
        if f"about.{name}" in facts:
            value = facts[f"about.{name}"].value
            verb = "trail" if isinstance(value, float) and value >= 0 else "lead"
            who = "They" if sentences else "In our own data, open models"
            sentences.append(f"{who} {verb} by {{about.{name}}}, {{range.{name}}}.")
    return " ".join(sentences)


def _model_template(facts: Mapping[str, Fact]) -> str:
    """Return the template of a remark on an open model, empty for a closed one."""
    parts = [f"{{index.{name}.release}} on {name} tests" for name in CLASSES if f"index.{name}.release" in facts]
    return (
        f"Against closed models in our own data, {{model}} was at its release {' and '.join(parts)}." if parts else ""
    )


def _basis_facts(evidence: Evidence, as_of: date) -> tuple[Fact, ...]:
    """Return the facts about the remarks' data and method."""
    return (
        day_fact("own.as_of", as_of, "our own figures"),
        day_fact("own.newest_data", evidence.newest_data, "the newest complete data"),
        share_fact("own.interval", DEFAULT.level, "what “likely” stands for"),
        replace(method_fact(DEFAULT), key="own.method"),
    )


# ---- writing by a model

_MOST_REASON = 200


class StoryForm(BaseModel):
    """A story as it is written: title, bullets, and the ids of the terms to define."""

    title: str
    bullets: list[str]
    terms: list[str] = Field(default_factory=list)


def missing_model_error() -> UsageError:
    """Return the error for a story without a language model, as stories have no template."""
    return UsageError(f"A story needs a language model, and none is set; {HOW_TO_SET}")


def write_article_brief(
    form_model: FormModel, article: Article, evidence: Evidence, names: NameIndex, key: ConversationKey, published: date
) -> Brief:
    """Write the brief of an article, charged to `key`; `names` are all known names. Blocks.

    Raises UsageError with the reason if no model is set or its text has faults.
    """

    def find_form_faults(form: StoryForm) -> list[str]:
        return check_words(form_words(form, "model"), article, names)

    try:
        form, model = form_model.fill(StoryForm, build_prompt(article, evidence), find_form_faults, "story", key)
    except FailedError as error:
        reason = shorten(str(error), _MOST_REASON).rstrip(".")
        advice = "Try again, or give another article." if isinstance(error, FaultyError) else "Try again later."
        raise UsageError(f"There is no brief of this article: {reason}. {advice}") from error
    return compose_story(form_words(form, model_credit(model)), article, evidence, names, published)


def form_words(form: StoryForm, written_by: str) -> Words:
    """Return a form's words on one line each."""
    bullets = tuple(Bullet(clean_line(bullet)) for bullet in form.bullets)
    return Words(clean_line(form.title).rstrip("."), bullets, tuple(form.terms), written_by)


def build_prompt(article: Article, evidence: Evidence) -> list[tuple[str, str]]:
    """Return the messages that ask for a brief: the task, and separately the article as data."""
    task = prompts.load_prompt("story").render(
        terms=[(term.term_id, term.term) for term in evidence.terms],
        least_words=FORM.least_words,
        most_words=FORM.most_words,
        least_bullets=FORM.least_bullets,
        most_bullets=FORM.most_bullets,
        most_title_words=FORM.most_title_words,
        most_sentence_words=MOST_SENTENCE_WORDS,
        longest_run=LONGEST_RUN,
    )
    article_text = prompts.load_prompt("story-article").render(
        site=article.site,
        title=article.title,
        day=day(article.day) if article.day else "",
        text="\n".join(article.sentences),
    )
    return [("system", task), ("human", article_text)]
