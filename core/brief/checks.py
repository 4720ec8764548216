"""What a brief's words must hold to when somebody else than the template chose them: a sentence for each fault."""

import re
from collections.abc import Iterable, Iterator
from functools import reduce

from core.answer import Fact
from core.brief.brief import MOST_BULLETS, MOST_TITLE_WORDS, MOST_WORDS, Brief, Material, Words, said, written
from core.brief.bullets import Draft
from core.brief.prose import Form, faults, sentences
from core.grounding import GroundingError, slots, violations
from core.words import CLASSES, listed, quoted, sentence

LEAST_WORDS, LEAST_BULLETS, LEAST_EASE = 120, 5, 65.0
_MOST_WITHOUT_NEWS = 5
_WEIGHTY = 4
"""The facts of bullets up to this weight must be said: what is new, both figures, where they are going."""
_SHOWN = 60
_NOT = re.compile(
    r"\b(?:not|no|never|cannot|hardly|nor|neither|without|false\w*|wrong\w*|far from|den\w+)\b|n[’']t\b", re.IGNORECASE
)
_WAYS = re.compile(
    r"\b(?:small\w*|larg\w*|big\w*|wide\w*|narrow\w*|understat\w*|overstat\w*|flatter\w*|inflat\w*|shr[iau]nk\w*"
    r"|true|truth|real\w*|actual\w*|less|more|fewer)\b",
    re.IGNORECASE,
)
"""How words beside a caution could give it another direction than its slot does."""
_PLAIN = re.compile(r"^(?:stand|size|title|long|clear|news)\.|\.effect$")
"""Facts that are so: nothing may be denied in the same sentence."""
_UNMATCHED = re.compile(r"\b(?:no|not|none|never|unmatched|wait\w*|yet)\b|n[’']t\b", re.IGNORECASE)
_DOUBT = re.compile(
    r"\b(?:no change|not|un(?:clear|certain)|can[’']t|cannot|could|may|might|doubt\w*|either)\b", re.IGNORECASE
)
_MUST = {
    "wait.until": (_UNMATCHED, "no open model has matched something"),
    "waiting": (_UNMATCHED, "no open model has matched something"),
    "move.private": (_DOUBT, "no change is certain"),
    "move.public": (_DOUBT, "no change is certain"),
}
"""What must be said beside a fact that would mean the opposite without it."""
_TRAILS = r"\b(?:trail|behind|lag)\w*"
_ORDER = {
    "title.private": (r"\bopen\b", r"\bclosed\b"),
    "title.public": (r"\bopen\b", r"\bclosed\b"),
    "stand.private": (r"\bopen\b", r"\bclosed\b"),
    "news.level": (r"\{news\.open\}", r"\{news\.closed\}"),
    "news.lag": (r"\{news\.closed\}", r"\{news\.closed\}.*\{news\.open\}"),
    "raised.level": (r"\{raised\.closed\}", _TRAILS),
    "wait.level": (r"\{wait\.closed\}", _TRAILS),
    "older": (r"\bclosed\b", r"\bopen\b"),
}
"""What must stand, and what must not stand, before a fact in its bullet: of whom it is said."""
_DOWN = re.compile(r"\b(?:down|lower\w*|narrow\w*|shr[iau]nk\w*|smaller|clos(?:e|es|ing) the)\b", re.IGNORECASE)
_OF_CLASS = re.compile(rf"({'|'.join(CLASSES)}) tests(?:$| since| on|,)")
"""How the subject of a fact begins that is a figure of a class of tests as a whole."""


def form_of(material: Material) -> Form:
    """Return what a brief of this material keeps to; no more is asked of it than the template could do."""
    own = written(material, material.words)
    return Form(
        least_words=min(LEAST_WORDS, len(said(own.bullets).split())),
        most_words=MOST_WORDS,
        least_bullets=min(LEAST_BULLETS, len(own.bullets)),
        most_bullets=MOST_BULLETS if material.is_news else _MOST_WITHOUT_NEWS,
        most_title_words=MOST_TITLE_WORDS,
        least_ease=LEAST_EASE,
    )


def required(material: Material) -> tuple[str, ...]:
    """Return the facts that the bullets must say once each, in the template's order."""
    shared = _shared(material.offered)
    keys = [key for each in material.words.bullets if _weight(each, material) <= _WEIGHTY for key in slots(each.text)]
    return tuple(key for key in dict.fromkeys(keys) if key not in shared)


def check(words: Words, material: Material, names: Iterable[str] = (), last: Brief | None = None) -> list[str]:
    """Return what is wrong with words for a brief, a sentence each; empty where they may be shown.

    `names` are all those of models, labs and tests that there are; `last` is the brief before.
    """
    names = tuple(names)
    try:
        brief = written(material, words)
    except GroundingError as error:
        return list(dict.fromkeys(_ungrounded(words, material, names))) or [f"{sentence(str(error))}."]
    texts = [(bullet.text, bullet.remark) for bullet in brief.bullets]
    return list(
        dict.fromkeys(
            [
                *_ungrounded(words, material, names),
                *_mixed(words, material),
                *_turned(words, material),
                *faults(brief.title, texts, form_of(material), may_repeat=_rendered(material)),
                *_again(brief, material, last),
            ]
        )
    )


def _ungrounded(words: Words, material: Material, names: tuple[str, ...]) -> Iterator[str]:
    """Yield what facts don't back, and which are missing or doubled; the template's own sentences need no check."""
    parts = [part for each in words.bullets for part in (each.text, each.remark) if part]
    for text, must in ((words.title, slots(material.words.title)), ("\n".join(parts), required(material))):
        for found in violations(text, material.facts, required=must):
            if found.kind == "slot":
                yield found.why
    own = {each for part in _own_parts(material) for each in sentences(part)}
    for part in (words.title, *parts):
        other = " ".join(each for each in sentences(part) if each not in own)
        for found in violations(other, material.facts, known_names=names):
            yield f"{quoted(other, _SHOWN)}: {found.why}"


def _own_parts(material: Material) -> list[str]:
    """Return the template's title, bullets and remarks."""
    return [material.words.title, *(part for each in material.offered for part in (each.text, each.remark) if part)]


def _mixed(words: Words, material: Material) -> Iterator[str]:
    """Yield bullets that mix facts which belong to different ones, and figures that stand with the wrong tests."""
    shared = _shared(material.offered)
    home = {key: number for number, each in enumerate(material.offered) for key in _keys(each) if key not in shared}
    for each in words.bullets:
        homes = {home[key] for key in _keys(each) if key in home}
        if not _keys(each):
            yield f"A bullet says no fact of its own; leave it out: {quoted(each.text, _SHOWN)}."
        elif len(homes) > 1:
            apart = [f"{{{next(key for key in _keys(each) if home.get(key) == number)}}}" for number in sorted(homes)]
            yield f"{listed(apart)} belong to different bullets; write a bullet each."
        strange = [key for key in _keys(each) if key not in home and key not in shared]
        if strange:
            yield f"{{{strange[0]}}} belongs into no bullet; leave it out."
    for part in (words.title, *(part for each in words.bullets for part in (each.text, each.remark) if part)):
        yield from _wrong_class(part, material.facts)


def _turned(words: Words, material: Material) -> Iterator[str]:
    """Yield what takes back, or turns round, what its facts say; the template's own sentences need no check."""
    own = {each for part in _own_parts(material) for each in sentences(part)}
    for part in (words.title, *(part for each in words.bullets for part in (each.text, each.remark) if part)):
        keys = slots(part)
        for key, (must, said_) in _MUST.items():
            if key in keys and not must.search(_outside(part)):
                yield f"{{{key}}} stands where {said_}; say so: {quoted(part, _SHOWN)}."
        for key, (before, never) in _ORDER.items():
            told = part.partition(f"{{{key}}}")
            if told[1] and (
                not re.search(before, told[0], re.IGNORECASE) or re.search(never, told[0], re.IGNORECASE | re.DOTALL)
            ):
                yield f"{{{key}}} does not stand behind whom it is said of: {quoted(part, _SHOWN)}."
        down = _DOWN.search(_outside(part)) if "older" in keys else None
        if down:
            yield f"{quoted(down[0])} is the wrong way: such a match would push the gap up."
        for each in sentences(part):
            found = None
            if each not in own and any(_PLAIN.search(key) for key in slots(each)):
                found = _NOT.search(_outside(each))
            if each not in own and any(key.endswith(".effect") for key in keys):
                found = found or _WAYS.search(_outside(each))
            if found:
                yield f"{quoted(found[0])} may turn round what a slot says; leave it out: {quoted(each, _SHOWN)}."


def _outside(part: str) -> str:
    return re.sub(r"\{[^{}]*\}", "…", part)


def _wrong_class(part: str, facts: tuple[Fact, ...]) -> Iterator[str]:
    """Yield a sentence whose figures of private and public tests stand in another order than these words do."""
    lags = [fact for fact in facts if fact.unit == "months"]
    of_class = {fact.key: found[1] for fact in lags if (found := _OF_CLASS.match(fact.subject))}
    shown = {fact.key: fact.shown if fact.shown in CLASSES else "" for fact in facts}
    before: list[str] = []
    for each in sentences(part):
        told = _runs(of_class[key] for key in slots(each) if key in of_class)
        plain = re.sub(r"\{([^{}]*)\}", lambda slot: shown.get(slot[1], ""), each).lower()
        words = _runs(re.findall("|".join(CLASSES), plain)) or before
        if told and words != told:
            which = " and ".join(told)
            yield f"Figures of {which} tests must stand with just these words, in this order: {quoted(each, _SHOWN)}."
        before = words[-1:]


def _rendered(material: Material) -> set[str]:
    """Return the remarks that the template says of each class in the same words."""
    remarks = [each.remark for each in material.offered if each.remark and not slots(each.remark)]
    return {remark for remark in remarks if remarks.count(remark) > 1}


def _runs(names: Iterable[str]) -> list[str]:
    """Return names without those that repeat the one before."""
    empty: list[str] = []
    return reduce(lambda kept, name: kept if kept[-1:] == [name] else [*kept, name], names, empty)


def _again(brief: Brief, material: Material, last: Brief | None) -> Iterator[str]:
    """Yield what an earlier brief said in the same words, where the template says something else by now."""
    own = written(material, material.words)
    titles = {each.title for each in material.more} | ({last.title} if last else set())
    if brief.title in titles and own.title not in titles:
        yield "The title is that of an earlier brief; say what is new."
    before = {bullet.text for bullet in last.bullets} if last else set()
    if brief.bullets[0].text in before and own.bullets[0].text not in before:
        yield "The first bullet is of the last brief; begin with what is new."


def _keys(draft: Draft) -> tuple[str, ...]:
    return slots(f"{draft.text} {draft.remark or ''}")


def _shared(offered: Iterable[Draft]) -> set[str]:
    """Return the facts that stand in several bullets, such as the day of the last brief, and days of the frame."""
    seen: set[str] = {"published", "today", "since", "start"}
    once: set[str] = set()
    for each in offered:
        keys = set(_keys(each))
        seen |= keys & once
        once |= keys
    return seen


def _weight(chosen: Draft, material: Material) -> int:
    return next(each.weight for each in material.offered if each.text == chosen.text)
