"""A brief of an article, worded by a language model and held against the article; without a text that holds, none."""

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, Field

from bot.assistant import models, prompts
from bot.assistant.brief_writer import NEWSROOM, by_model
from bot.assistant.conversation_key import ConversationKey
from bot.assistant.form_model import FormModel
from bot.settings import Settings
from core.brief import Brief
from core.brief.article import LONGEST_RUN, Article, clear
from core.brief.prose import MOST_SENTENCE_WORDS
from core.brief.story import StoryWords, story
from core.brief.story_checks import FORM, check
from core.errors import UsageError
from core.evidence.evidence import Evidence
from core.evidence.name_index import NameIndex
from core.words import day

_MOST_WHY = 200
_NO_MODEL = (
    "A story needs a language model, and none is set; name one in GAPBRIEF_LLM_MODEL, and its server in"
    " GAPBRIEF_LLM_BASE_URL or its key in OPENAI_API_KEY."
)


class StoryForm(BaseModel):
    """A story as it is written: title, bullets, and the ids of the terms to define."""

    title: str
    bullets: list[str]
    terms: list[str] = Field(default_factory=list)


@dataclass(frozen=True)
class StoryMeans:
    """What stories are written with: the model, the evidence, all names that there are, and whose budget it is."""

    form_model: FormModel | None
    evidence: Evidence
    names: NameIndex
    key: ConversationKey = NEWSROOM


def see_that_set(settings: Settings) -> None:
    """Raise UsageError where no language model is set: a story has no template."""
    if not models.is_set(settings):
        raise UsageError(_NO_MODEL)


def write(article: Article, means: StoryMeans, published: date) -> Brief:
    """Write the brief of an article; blocks for the model's time.

    Raises UsageError, which says why there is none, where no model is set, and where its words do not hold.
    """
    if means.form_model is None:
        raise UsageError(_NO_MODEL)

    def faults(form: StoryForm) -> list[str]:
        return check(words_of(form, "model"), article, means.names)

    filled = means.form_model.fill(StoryForm, prompt(article, means.evidence), faults, "story", means.key)
    if filled.form is None:
        why = filled.why if len(filled.why) <= _MOST_WHY else f"{filled.why[: _MOST_WHY - 1]}…"
        advice = "Try again, or give another article." if filled.is_written else "Try again later."
        raise UsageError(f"There is no brief of this article: {why.rstrip('.')}. {advice}")
    return story(words_of(filled.form, by_model(filled.model)), article, means.evidence, means.names, published)


def words_of(form: StoryForm, written_by: str) -> StoryWords:
    """Return a form's words, each on one line."""
    bullets = tuple(clear(each) for each in form.bullets)
    return StoryWords(clear(form.title).rstrip("."), bullets, tuple(form.terms), written_by)


def prompt(article: Article, evidence: Evidence) -> list[tuple[str, str]]:
    """Return the messages that ask for a brief of an article: what to do, and apart from it the article as data."""
    task = prompts.load("story").render(
        terms=[(term.term_id, term.term) for term in evidence.terms],
        least_words=FORM.least_words,
        most_words=FORM.most_words,
        least_bullets=FORM.least_bullets,
        most_bullets=FORM.most_bullets,
        most_title_words=FORM.most_title_words,
        most_sentence_words=MOST_SENTENCE_WORDS,
        longest_run=LONGEST_RUN,
    )
    given = prompts.load("story-article").render(
        site=article.site,
        title=article.title,
        day=day(article.day) if article.day else "",
        text="\n".join(article.sentences),
    )
    return [("system", task), ("human", given)]
