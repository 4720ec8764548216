"""A model's text about answers: what of it can't be shown, and the text that people see.

Safe by construction before any check by value: every sentence says something by a slot, its words are those of the
answers or say nothing of themselves, and a figure stands behind whose it is.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from bot.assistant import patterns
from bot.assistant.offer import class_of, owners, used
from bot.assistant.text import folded, stem
from bot.assistant.tools import Run
from core import grounding, words
from core.answer import Fact
from core.questions import QUESTIONS

LONGEST = 900
_MOST_SENTENCES = 8
_MOST_NAMED = 5
_SLOT = re.compile(r"\{([^{}\s]*)\}")
_ENDS = re.compile(r"(?<=[.!?])\s+(?=\S)|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_PLAIN = re.compile(r"[\w\s.,:;!?'\"()%–—’“”/+&-]*")


def tidy(said: str) -> str:
    """Return a model's text without what models put around it: white space, quotation marks, bold type."""
    return re.sub(r"[ \t]+", " ", said.replace("**", "").replace("`", "")).strip().strip('"').strip()


def faults(template: str, run: Run, known_names: Iterable[str] = ()) -> list[str]:
    """Return why a model's text can't be shown, one sentence each; empty for a text that can."""
    if len(template) > LONGEST:
        return [f"It is too long; write at most {LONGEST} characters."]
    facts = run.facts
    keys = grounding.slots(template)
    if not any(key.startswith("q") for key in keys):
        return ["It holds no slot of a tool result."]
    unknown = sorted(set(keys) - {fact.key for fact in facts})
    if unknown:
        return [f"There is no slot {{{key}}}." for key in unknown[:_MOST_NAMED]]
    own = _own_sentences(run)
    found = list(_form(template))
    try:
        grounding.render(template, facts)
    except grounding.GroundingError as error:
        found.append(f"{words.sentence(str(error))}.")
    sentences = [each for each in _sentences(template) if _plainly(each) not in own]
    for sentence in sentences:
        found += [*_strange_words(sentence, run), *_misplaced(sentence, facts)]
    rest = " ".join(sentences)
    found += [each.why for each in grounding.violations(*_of_one(rest, run), known_names=known_names)]
    return list(dict.fromkeys(found))


def _sentences(template: str) -> list[str]:
    return [each for each in _ENDS.split(template) if each.strip()]


def _own_sentences(run: Run) -> frozenset[str]:
    """Return the sentences of the answers, with and without their labels: whoever copies one says it as we do."""
    lines = [sentence for each in run.told.values() for sentence in each.sentences]
    lines += [sentence.split(": ", 1)[1] for sentence in lines if ": " in sentence]
    return frozenset(_plainly(each) for line in lines for each in _sentences(line))


def _plainly(sentence: str) -> str:
    """Return a sentence without its end and its capital, which change with its place."""
    plain = sentence.strip().rstrip(".!")
    return plain[:1].lower() + plain[1:]


def _of_one(template: str, run: Run) -> tuple[str, tuple[Fact, ...]]:
    """Return a text with its facts; where it speaks of one answer alone, under the keys that the answer gives them.

    The check of directions and roles knows facts by these keys.
    """
    spoken_of = used(run.told.values(), template)
    if len(spoken_of) != 1:
        return template, run.facts
    prefix = f"{spoken_of[0].prefix}."
    facts = [replace(fact, key=fact.key.removeprefix(prefix)) for fact in spoken_of[0].facts]
    return template.replace(f"{{{prefix}", "{"), (*facts, *run.caveats)


def shown(template: str, run: Run) -> str:
    """Return a checked text as people see it.

    A class of tests that a sentence names, and names alone, is not said again by its figures.
    """
    bare = {f"{each.prefix}.{fact.key}": fact.shown for each in run.told.values() for fact in each.answer.facts}
    said = []
    for sentence in _sentences(template):
        named = class_of(_SLOT.sub(" ", sentence))
        filling = [
            replace(fact, shown=bare[fact.key])
            if named and named == class_of(fact.subject) and fact.key in bare
            else fact
            for fact in run.facts
        ]
        said.append(words.sentence(grounding.render(sentence, filling)))
    return " ".join(said)


def _form(template: str) -> Iterator[str]:
    """Say what is wrong with a text's form: its length, its marks, a sentence without a slot."""
    outside = _SLOT.sub("", template)
    sentences = _sentences(template)
    if len(sentences) > _MOST_SENTENCES:
        yield f"It is too long; write at most {_MOST_SENTENCES} sentences."
    if not _PLAIN.fullmatch(outside) or re.search(r"https?:|www\.|^\s*[-+•] ", outside, re.MULTILINE):
        yield "It holds marks; write plain sentences, without lists, links, headings, tags or code."
    if not all(_SLOT.search(each) for each in sentences):
        yield "A sentence has no slot; leave it out, or say it with a slot."


def _strange_words(template: str, run: Run) -> Iterator[str]:
    """Name the words that neither the answers' own sentences hold nor every text may.

    Names do not count among them: they stand in slots alone, and who gives a model or test its name may give an order.
    """
    outside = _SLOT.sub(" ", template)
    known = _vocabulary(run)
    strange = [word for word in _words(outside) if not (_may_stand_anywhere(word) or stem(word) in known)]
    if strange:
        named = ", ".join(f'"{word}"' for word in list(dict.fromkeys(strange))[:_MOST_NAMED])
        yield f"These words are in no tool result, use others: {named}."


def _words(text: str) -> list[str]:
    return _WORD.findall(folded(text))


def _may_stand_anywhere(word: str) -> bool:
    return len(word) == 1 or word in _neutral()


@cache
def _neutral() -> frozenset[str]:
    """Return the words that say nothing by themselves, and those that every answer may need."""
    texts = [*patterns.lines("wording.txt"), *(question.summary for question in QUESTIONS.values())]
    return frozenset(word for line in texts for word in _words(line))


def _vocabulary(run: Run) -> frozenset[str]:
    """Return the stems of the words of what was told."""
    sentences = [sentence for offered in run.told.values() for sentence in offered.sentences]
    return frozenset(stem(word) for each in sentences for word in _words(_SLOT.sub(" ", each)))


def _misplaced(sentence: str, facts: tuple[Fact, ...]) -> Iterator[str]:
    """Name the figures of a sentence that stand with another class of tests, or behind somebody whose they are not."""
    known, whose = {fact.key: fact for fact in facts}, owners(facts)
    named = class_of(_SLOT.sub(" ", sentence))
    said = grounding.slots(sentence)
    for place, key in enumerate(said):
        access = class_of(known[key].subject) if key in known else None
        if named and access and named != access:
            yield f"{{{key}}} is of {access} tests, and its sentence speaks of {named} ones."
        owner = whose.get(key)
        if owner is None:
            continue
        others = [each for each in said[:place] if each in whose.values()][-1:]
        others = others or [each for each in said[place + 1 :] if each in whose.values()][:1]
        if others != [owner]:
            yield f"{{{key}}} is of {{{owner}}}; name it just before."
