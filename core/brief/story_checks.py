"""Whether a story keeps to its article: its numbers, names, reasons and directions, in words of its own."""

import re
from collections.abc import Iterable, Iterator

from text_to_num import alpha2digit  # type: ignore[import-untyped]  # it ships no types

from core.brief.article import Article, copied, facts
from core.brief.brief import MOST_BULLETS, MOST_TITLE_WORDS, MOST_WORDS
from core.brief.prose import Form, faults, sentences
from core.brief.story import StoryWords, alone
from core.grounding import Violation, ungrounded, unsupported
from core.words import quoted

FORM = Form(60, MOST_WORDS, 3, MOST_BULLETS, MOST_TITLE_WORDS, 50.0)
"""Easier reading can't be asked for: names and terms are the article's."""
LEAST_WORDS = 80
"""Words that an article must have to be briefed."""
_SHOWN = 60
_WORD = re.compile(r"\w+")
_NAME = re.compile(r"(?<!^)(?<![.!?:“\"] )(?<![“\"])\b[A-Z][\w.-]*\w")
_FIRST_NAMES = re.compile(r"^[A-Z][\w.-]*\w(?= [A-Z])")
_LITTLE = re.compile(r"\b[a-z]{1,3}\b|\b(?:that|this|with|from|than|they|their|have|more|most|were|which|about)\b")
_WAYS = (
    (r"\b(?:widen\w*|wider|grow\w*|grew|larger|bigger)\b", r"\b(?:narrow\w*|shr[iau]nk\w*|clos(?:es|ing)|smaller)\b"),
    (r"\b(?:ahead|lead|leads|led|leading)\b", r"\b(?:behind|trail\w*|lag\w*)\b"),
    (r"\b(?:faster|sooner|earlier)\b", r"\b(?:slower|later)\b"),
    (r"\b(?:rose|rise\w*|gain\w*|improv\w*|higher|better)\b", r"\b(?:fell|fall\w*|drop\w*|declin\w*|lower|worse)\b"),
)
"""Pairs of directions: what a text says of one, its article must not only say of the other."""
_SIDES = ((r"\bopen\b", r"\b(?:closed|proprietary|commercial)\b"), (r"\bprivate\b", r"\bpublic\b"))
"""What a number must not change: whose models, which tests."""
_I = re.IGNORECASE
_NOT = re.compile(
    r"\b(?:not|no|never|none|nobody|cannot|neither|nor|without|un(?:clear|likely|matched))\b|n[’']t\b", _I
)
_PLACES = (
    re.compile(
        r"\b(?:closed|proprietary)\b(?:[^.;]|\.\d){0,40}\b(?:reach|match|trail|lag|behind|catch|caught)\w*(?:[^.;]|\.\d){0,40}\bopen\b",
        _I,
    ),
    re.compile(
        r"\bopen(?:[- ]weights?)? (?:models?|ones?)\b(?:[^.;]|\.\d){0,30}\b(?:ahead|lead|leads|led|beat|overt\w+)\b", _I
    ),
)
"""How a text has closed models behind open ones."""
_CLAUSE = re.compile(r"[,;:()]|\b(?:and|but|while|against|whereas|versus|than)\b|(?<=[.!?]) ")
_REASON = re.compile(
    r"\b(?:because|since|as|due to|owing to|thanks to|driven by|caus\w+|reasons?|so|thus|hence|therefore|makes?"
    r"|leads? to|explains?)\b",
    re.IGNORECASE,
)
"""How a sentence speaks that reasons."""
_SAID = {
    "number": "is no number of the article",
    "unit": "counts something else in the article",
    "subject": "is said of something else in the article",
    "role": "is told the other way round in the article",
    "name": "is no name of the article",
    "cause": "gives a reason that the article does not give",
}
"""What is wrong by the kind of a violation; those kinds are held of an article, its directions are looked at apart."""
_OF_ARTICLE = 0.5
"""Share of a bullet's words that the article must have too."""
_STEM = 4
"""Letters of a word by which another form of it is known."""
_GOES_ON = re.compile(
    r"(?:It|They|This|That|These|Those|Its|Their|He|She|The|Then|There|On|At|In|Since|But|And|Still|So|Only)\b"
)
"""How a sentence begins that goes on about what the one before was about."""
_QUOTED = re.compile(r"“[^”]*”")
_TO_READERS = re.compile(r"\b(?:you|your|click|subscribe|visit|buy|sign up|please)\b", re.IGNORECASE)


def check(words: StoryWords, article: Article, names: Iterable[str] = ()) -> list[str]:
    """Return what is wrong with a story's words, a sentence each; empty where they may be shown.

    `names` are all those of models, labs and tests that there are.
    """
    names = tuple(names)
    found = list(faults(words.title, [(text, None) for text in words.bullets], FORM))
    for part in (words.title, *words.bullets):
        found += copied(part, article)
        found += _unsaid(part, article, names, is_title=part == words.title)
    told = _content(article.plain)
    for bullet in words.bullets:
        if len(_content(bullet) & told) < _OF_ARTICLE * len(_content(bullet)):
            found.append(f"Most words of a bullet are not the article's matter; drop it: {quoted(bullet, _SHOWN)}.")
        if not (ungrounded(bullet, ()) or _NAME.search(bullet)):
            found.append(f"A bullet has no number, date or name of the article; drop it: {quoted(bullet, _SHOWN)}.")
    return list(dict.fromkeys(found))


def _unsaid(part: str, article: Article, names: tuple[str, ...], *, is_title: bool) -> Iterator[str]:
    """Yield what a title or bullet says beyond its article: numbers, names, causes, directions; speech to readers."""
    spoken = _TO_READERS.search(_QUOTED.sub("", part))
    if spoken:
        yield f"{quoted(spoken[0])} speaks to the reader; tell what the article says."
    for each in sentences(part):
        yield from _strange_names(each, article)
        near = list(article.sentences) if is_title else _near(each, part, article)
        for found in unsupported(each, facts(article), known_names=names):
            if found.kind in _SAID and not _holds(found, each, article):
                yield f"{quoted(found.said)} {_SAID[found.kind]}; leave it out, or keep to the article."
        apart = ungrounded(each, facts(article, near)) if not ungrounded(each, facts(article)) else []
        for wrong in apart:
            yield f"{quoted(wrong)} stands with something else in the article: {quoted(each, _SHOWN)}."
        if not apart:
            yield from _not_as_it_stands(each, near)
        yield from _other_side(each, near)
        yield from _denied(each, near)
    yield from _turned(part, article)


def _holds(found: Violation, text: str, article: Article) -> bool:
    """Whether an article holds what is at fault by the rules for facts: "26 of 40" of two numbers, its own reasons."""
    if found.kind == "number":
        return not ungrounded(found.said, facts(article))
    return found.kind == "cause" and (not _REASON.search(found.said) or _is_argued(text, found.said, article))


def _is_argued(text: str, marker: str, article: Article) -> bool:
    """Whether the article reasons in much the same words as those behind a text's "because" or "so"."""
    reason = _content(text.partition(marker)[2])
    return any(
        len(reason & _content(each)) >= max(1, len(reason) / 2) for each in article.sentences if _REASON.search(each)
    )


def _strange_names(text: str, article: Article) -> Iterator[str]:
    """Yield names that do not stand in the article."""
    known = set(_WORD.findall(f"{article.plain} {article.site}".casefold()))
    for name in (*_NAME.findall(text), *(found[0] for found in _FIRST_NAMES.finditer(text))):
        if not set(_WORD.findall(name.casefold())) <= known:
            yield f"{quoted(name)} does not stand in the article; name only what it names."


def _near(text: str, part: str, article: Article) -> list[str]:
    """Return the article's sentences that a sentence of a part may be about: those that share a name with it.

    A sentence without a name is about those of its part, or about what its own words say; where its part has no name
    either, all may be meant. Where the article's next sentence goes on about the same, it is one of them.
    """
    named = _names_in(text, article)
    wanted = named or _names_in(part, article)
    if not wanted:
        return list(article.sentences)
    alike = set() if named else _content(text)
    found: dict[str, None] = {}
    shares = False
    for each in article.sentences:
        goes_on = shares and _GOES_ON.match(each) and not _NAME.search(each)
        shares = bool(goes_on) or any(name in each for name in wanted)
        if shares or alike & _content(each):
            found[each] = None
    return list(found)


def _names_in(text: str, article: Article) -> set[str]:
    """Return the names in a text that the article has too; a first word is one where it is one elsewhere."""
    first = re.match(r"[A-Z][\w.-]*\w", text)
    names = {*_NAME.findall(text), *([first[0]] if first else [])}
    told = {name for each in article.sentences for name in _NAME.findall(each)}
    return {
        name for name in names if name in told or (any(letter.isdigit() for letter in name) and name in article.plain)
    }


def _not_as_it_stands(text: str, near: Iterable[str]) -> Iterator[str]:
    """Yield numbers in digits that the article rounds otherwise, or that count something else there."""
    there = " ".join(near).replace(",", "")
    there += f" {alpha2digit(there, 'en', threshold=0)}"  # "twenty-six" is 26
    words = {word[:_STEM] for word in re.findall(r"[a-z]+", there.lower())}
    for number in ungrounded(text, ()):
        found = alone(number).search(text)
        if found is None or not re.fullmatch(r"\d[\d,]*(?:\.\d+)?", number):
            continue
        if not alone(number.replace(",", "")).search(there):
            yield f"{quoted(number)} does not stand in the article so; keep its number, and round nothing."
        counted = re.match(r"[\s-]+([a-z]{3,}s)\b", text[found.end() :])
        if counted and not _LITTLE.fullmatch(counted[1]) and counted[1][:_STEM] not in words:
            yield f"{quoted(number)} counts no “{counted[1]}” in the article; keep what it counts."


def _other_side(text: str, near: list[str]) -> Iterator[str]:
    """Yield what the article says of the other side: of closed models, where the text says it of open ones."""
    for one, other in (*_SIDES, *(pair[::-1] for pair in _SIDES)):
        told = [each for each in near if re.search(one, each, _I) or re.search(other, each, _I)]
        if _is_only(one, other, text) and told and all(_is_only(other, one, each) for each in told):
            yield f"This is said of the other side in the article: {quoted(text, _SHOWN)}."
        for clause in _CLAUSE.split(text):
            for number in ungrounded(clause, ()) if _is_only(one, other, clause) else ():
                there = _clauses_with(number, near)
                if any(re.search(other, each, _I) for each in there) and not any(
                    re.search(one, each, _I) for each in there
                ):
                    yield f"{quoted(number)} is the other side's in the article: {quoted(clause.strip(), _SHOWN)}."


def _is_only(one: str, other: str, text: str) -> bool:
    return bool(re.search(one, text, _I)) and not re.search(other, text, _I)


def _clauses_with(number: str, near: Iterable[str]) -> list[str]:
    return [clause for each in near for clause in _CLAUSE.split(each) if alone(number).search(clause)]


def _denied(text: str, near: list[str]) -> Iterator[str]:
    """Yield what is denied that the article says, and what is said that it denies."""
    denied = _NOT.search(text)
    if denied and near and not any(_NOT.search(each) for each in near):
        yield f"{quoted(denied[0])} denies what the article says: {quoted(text, _SHOWN)}."
    for clause in _CLAUSE.split(text):
        for number in () if _NOT.search(clause) else ungrounded(clause, ()):
            there = _clauses_with(number, near)
            if there and all(_NOT.search(each) for each in there):
                yield f"What the article denies is said here: {quoted(clause.strip(), _SHOWN)}."


def _turned(part: str, article: Article) -> Iterator[str]:
    """Yield a direction of which the article says only the opposite, and models that changed their places."""
    told = " ".join(article.sentences)
    for one, other in (*_WAYS, *(pair[::-1] for pair in _WAYS)):
        way = re.search(one, part, _I)
        if way and not re.search(one, told, _I) and re.search(other, told, _I):
            yield f"{quoted(way[0])} turns round what the article says; keep its direction."
    for places in _PLACES:
        found = places.search(part)
        if found and not any(places.search(each) for each in article.sentences):
            yield f"{quoted(found[0], _SHOWN)} has open and closed models in each other's place; turn it."


def _content(text: str) -> set[str]:
    """Return the beginnings of the words that a text is about."""
    return {word[:5] for word in re.findall(r"[a-z]+", _LITTLE.sub(" ", text.lower()))}
