"""A brief of an article, worded by a language model and held against the article; without a text that holds, none."""

from datetime import date

from pydantic import BaseModel, Field

from bot.assistant import prompts
from bot.assistant.article import LONGEST_RUN, Article, clear
from bot.assistant.brief_writer import by_model
from bot.assistant.failures import FailedError, FaultyError
from bot.assistant.form_model import FormModel
from bot.assistant.story import FORM, StoryWords, check, compose_story
from bot.state.conversation_key import ConversationKey
from core.brief import Brief
from core.brief.prose import MOST_SENTENCE_WORDS
from core.errors import UsageError
from core.evidence.evidence import Evidence
from core.names.name_index import NameIndex
from core.words import day, shorten

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


def no_model() -> UsageError:
    """Return the refusal of a story where no language model is set: it has no template."""
    return UsageError(_NO_MODEL)


def write(
    form_model: FormModel, article: Article, evidence: Evidence, names: NameIndex, key: ConversationKey, published: date
) -> Brief:
    """Write the brief of an article, from the budget of `key`; `names` are all that there are. Blocks.

    Raises UsageError, which says why there is none, where no model is set, and where its words do not hold.
    """

    def faults(form: StoryForm) -> list[str]:
        return check(words_of(form, "model"), article, names)

    try:
        form, model = form_model.fill(StoryForm, prompt(article, evidence), faults, "story", key)
    except FailedError as error:
        why = shorten(str(error), _MOST_WHY).rstrip(".")
        advice = "Try again, or give another article." if isinstance(error, FaultyError) else "Try again later."
        raise UsageError(f"There is no brief of this article: {why}. {advice}") from error
    return compose_story(words_of(form, by_model(model)), article, evidence, names, published)


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
