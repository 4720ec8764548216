"""A brief in a person's hands: as one text, and back; what the data does not have is refused."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from textwrap import shorten

from core.answer import Fact
from core.brief import Brief, Bullet
from core.errors import UsageError
from core.grounding import Violation, altered, ungrounded, unnamed, unsupported
from core.words import listed, quoted

MOST = 4000
"""Characters that a text may have; a field of Discord's forms holds no more."""
_MOST_TITLE, _MOST_BULLET, _MOST_BULLETS = 200, 900, 12
_BULLET = re.compile(r"^(?P<indent>\s*)(?P<mark>[-*•◦–])\s+")
_HEADING = re.compile(r"^\s*#{1,6}\s+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_OF_BULLETS = re.compile(
    r"\b(?:\d+ |two |three |four |five )?(bullets?)\b(?: \d+(?:(?:,|,? and) \d+)*)?", re.IGNORECASE
)
"""How a note says which bullets, or how many, it is about."""
_NOT_SAID = ("term.", "more.", "reading")
"""How the keys of facts begin that stand beside the text, not in it."""
_SHORT, _MOST_QUOTED = 60, 2
"""Characters of the words, and changed parts, up to which a correction says what stood there."""
_OF_STORY = ("number", "unit", "name")
"""What is held of an article's brief, of which only figures and names are kept: its subjects and directions are not."""
_OF_FIGURES = ("number", "unit", "subject")
_LEAD, _MOST_WHERE = 20, 60
"""Characters of a sentence that are quoted before what is at fault, at least, and in all."""
_STRAIGHT = str.maketrans("“”", '""')
_ALIKE, _NEAR = 0.6, 0.4
"""Share of the words from which on a part counts as made from another, and from which on that one may give a hint."""


def as_text(brief: Brief) -> str:
    """Return the title and the bullets as one text: a line for each, remarks further in below theirs."""
    lines = [brief.title, ""]
    for bullet in brief.bullets:
        lines.append(f"- {bullet.text}")
        if bullet.remark:
            lines.append(f"  - {bullet.remark}")
    return "\n".join(lines)


def edited(brief: Brief, text: str, known_names: Iterable[str] = ()) -> Brief:
    """Return the brief with its title and bullets from a text; `known_names` are all that exist.

    Raises UsageError for a text that is no brief, and for what no fact backs, with the fact that should stand there: a
    number of another value, unit or subject, a name, who is behind whom, a direction, a reason. And for a sentence
    that turns round the one it was made from: denies it, has a word's opposite, or is surer; with what stood there.
    """
    title, bullets = _parts(text)
    parts = _texts(title, bullets)
    _check_names(parts, brief, known_names)
    for part in parts:
        _check(part, brief, known_names)
    _check_sense(parts, brief)
    new = replace(brief, title=title, bullets=bullets, written_by="moderator")
    return brief if as_text(new) == as_text(brief) else new


def what_changed(before: Brief, after: Brief) -> str:
    """Say what a correction changed: the words, where they are few, else the parts."""
    changed = _changes(before, after)
    is_as_long = len(before.bullets) == len(after.bullets)
    if is_as_long and 0 < len(changed) <= _MOST_QUOTED and all(gone and come for _, gone, come in changed):
        said = [f"{name} now says “{come}”, not “{gone}”" for name, gone, come in changed]
        return f"{'; '.join(said)}."
    names = list(dict.fromkeys(name for name, *_ in changed))
    numbers = [name.removeprefix("bullet ") for name in names if name.startswith("bullet ")]
    parts = ["the title"] if "the title" in names else []
    if numbers:
        parts.append(f"bullet{'s' if len(numbers) > 1 else ''} {listed(numbers, len(numbers))}")
    if not is_as_long:
        parts.append("the number of bullets")
    return f"{listed(parts or ['what stands below the text'])} changed."


def _changes(before: Brief, after: Brief) -> list[tuple[str, str, str]]:
    """Return each part that changed, with the few words that went and came there."""
    pairs = [("the title", before.title, after.title)]
    for number, (old, new) in enumerate(zip(before.bullets, after.bullets, strict=False), 1):
        name = f"bullet {number}"
        pairs += [(name, old.text, new.text), (name, old.remark or "", new.remark or "")]
    return [(name, *_few_words(old, new)) for name, old, new in pairs if old != new]


def _few_words(before: str, after: str) -> tuple[str, str]:
    """Return the words that others took the place of, and those; "" where they are many, or nothing but marks."""
    old, new = before.split(), after.split()
    steps = [step for step in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if step[0] != "equal"]
    if len(steps) != 1:
        return "", ""
    _, start, end, new_start, new_end = steps[0]
    gone, come = (_unmarked(words) for words in (old[start : end + 1], new[new_start : new_end + 1]))
    if start and not (gone and come):  # nothing follows: what goes before is in both
        gone, come = (_unmarked(words) for words in (old[start - 1 : end], new[new_start - 1 : new_end]))
    return (gone, come) if gone != come and max(len(gone), len(come)) <= _SHORT else ("", "")


def _unmarked(words: list[str]) -> str:
    return " ".join(words).strip(" .,;")


def check_note(note: str, before: Brief, after: Brief, known_names: Iterable[str] = ()) -> str:
    """Return a person's words on what changed, as one line, with what else did where they leave out a part.

    Raises UsageError for what neither brief's facts back, as in a bullet; what bullets it is about is its own.
    """
    clean = " ".join(note.split())
    if not clean:
        raise UsageError("The note on what changed is empty; say it in a sentence, or leave it out.")
    if len(clean) > _MOST_TITLE:
        raise UsageError(f"The note on what changed has {len(clean)} characters; keep it to {_MOST_TITLE}.")
    both = replace(
        after,
        bullets=(Bullet(before.title), *before.bullets, *after.bullets),
        facts=(*before.facts, *after.facts),
        terms=(*before.terms, *after.terms),
    )
    said = _OF_BULLETS.sub(r"\1", clean)
    for found in [*_strange_names([said], both, known_names), *_unbacked([said], both, known_names)][:1]:
        raise UsageError(f"In the note on what changed: {_straight(found.why)}")
    whole = clean if clean.endswith((".", "!", "?")) else f"{clean}."
    if _tells_all(clean.lower(), before, after):
        return whole
    more = what_changed(before, after)
    return f"{whole} {more[0].upper()}{more[1:]}"


def _tells_all(note: str, before: Brief, after: Brief) -> bool:
    """Whether a note may stand alone: a single part changed, or it names each that did."""
    names = {name.removeprefix("the ") for name, *_ in _changes(before, after)}
    if len(before.bullets) != len(after.bullets):
        names.add("number of bullets")
    return len(names) <= 1 or all(name in note for name in names)


def _parts(text: str) -> tuple[str, tuple[Bullet, ...]]:
    """Read the title and the bullets; a line without a mark goes on with the one above."""
    if len(text) > MOST:
        raise UsageError(f"The text has {len(text)} characters; keep it to {MOST}.")
    title: list[str] = []
    bullets: list[list[str]] = []
    remarks: dict[int, str] = {}
    for line in _lines(text):
        found = _BULLET.match(line)
        said = " ".join((line[found.end() :] if found else line).split())
        if found and (found["indent"] or found["mark"] == "◦") and bullets:
            remarks[len(bullets) - 1] = f"{remarks.get(len(bullets) - 1, '')} {said}".strip()
        elif found:
            bullets.append([said])
        elif len(bullets) - 1 in remarks:
            remarks[len(bullets) - 1] += f" {said}"
        else:
            (bullets[-1] if bullets else title).append(said if bullets else _HEADING.sub("", said))
    whole = tuple(Bullet(" ".join(said), remarks.get(number)) for number, said in enumerate(bullets))
    _check_form(title, whole)
    return title[0], whole


def _lines(text: str) -> Iterator[str]:
    """Yield the lines that hold something, without letters that can't be seen."""
    for line in text.expandtabs(2).splitlines():
        seen = "".join(letter if letter.isprintable() else " " for letter in line).rstrip()
        if seen.strip():
            yield seen


def _check_form(titles: Sequence[str], bullets: tuple[Bullet, ...]) -> None:
    if not any(titles):
        raise UsageError("The title is missing; write it on the first line, and the bullets below, each behind “- ”.")
    if not bullets:
        raise UsageError("There are no bullets; write each on a line of its own, behind “- ”.")
    if len(titles) > 1:
        lines = listed([quoted(each) for each in titles], 3)
        raise UsageError(f"The title is one line; leave only one of those above the first bullet: {lines}.")
    title = titles[0]
    if len(title) > _MOST_TITLE:
        raise UsageError(f"The title has {len(title)} characters; keep it to {_MOST_TITLE}.")
    if len(bullets) > _MOST_BULLETS:
        raise UsageError(f"There are {len(bullets)} bullets; keep to {_MOST_BULLETS}.")
    longest = max(_texts("", bullets), key=len)
    if len(longest) > _MOST_BULLET:
        raise UsageError(f"A bullet has {len(longest)} characters; keep each to {_MOST_BULLET}: {quoted(longest)}.")


def _texts(title: str, bullets: tuple[Bullet, ...]) -> list[str]:
    return [title, *(part for bullet in bullets for part in (bullet.text, bullet.remark) if part)]


def _check(text: str, brief: Brief, known_names: Iterable[str]) -> None:
    """Raise UsageError for what no fact backs, and for a number that is not the one which belongs where it stands."""
    before = _before(text, brief)
    if text == before:
        return
    stood = _texts(brief.title, brief.bullets)
    misplaced = _misplaced(text, before, brief)
    if misplaced:
        raise _no_figure(*misplaced, _where(misplaced[0], [text], stood))
    found = next(iter(_unbacked([text], brief, known_names)), None)
    if found:
        where = _where(found.said, [text], stood, lambda rest: found not in _unbacked(rest, brief, known_names))
        meant = _stood(found.said, text, brief) if found.kind in _OF_FIGURES else None
        raise _no_figure(found.said, meant, where) if meant else UsageError(f"In {where}: {_straight(found.why)}")


def _unbacked(texts: Sequence[str], brief: Brief, known_names: Iterable[str]) -> list[Violation]:
    """Return what no fact of a brief backs; of a story, only figures and names are held."""
    facts = [fact for fact in brief.facts if not fact.key.startswith(_NOT_SAID)]
    violations = unsupported("\n".join(texts), facts, known_names=known_names)
    return [each for each in violations if not _is_story(brief) or each.kind in _OF_STORY]


def _strange_names(texts: Sequence[str], brief: Brief, known_names: Iterable[str]) -> list[Violation]:
    """Return the names that neither the facts, the text before, the glossary nor all names have."""
    told = [f"{each.subject} · {each.value} · {each.shown}" for each in brief.facts]
    told += [f"{each.term} · {each.definition}" for each in brief.terms]
    return unnamed(_texts(brief.title, brief.bullets), texts, told, known_names)


def _check_names(parts: list[str], brief: Brief, known_names: Iterable[str]) -> None:
    """Raise UsageError for a name that nothing has."""
    _refuse(parts, brief, lambda texts: _strange_names(texts, brief, known_names))


def _check_sense(parts: list[str], brief: Brief) -> None:
    """Raise UsageError for a changed sentence that turns round what stood there, or is surer.

    Not for a story: there a person may put right what a model read in an article.
    """
    if not _is_story(brief):
        before = _texts(brief.title, brief.bullets)
        _refuse(parts, brief, lambda texts: altered(before, texts))


def _refuse(parts: list[str], brief: Brief, check: Callable[[Sequence[str]], list[Violation]]) -> None:
    found = next(iter(check(parts)), None)
    if found:
        before = _texts(brief.title, brief.bullets)
        where = _where(found.said, parts, before, lambda rest: found not in check(rest))
        raise UsageError(f"In {where}: {_straight(found.why)}")


def _no_figure(wrong: str, meant: Fact, where: str) -> UsageError:
    hint = _straight(f"the data has “{meant.shown}” ({meant.subject})")
    return UsageError(f"{quoted(wrong)} in {where} is no figure that belongs here; {hint}.")


def _straight(why: str) -> str:
    """Write a reason with the quotation marks of the sentence that it stands in."""
    return why.translate(_STRAIGHT)


def _stood(wrong: str, text: str, brief: Brief) -> Fact | None:
    """Return the fact whose figure stood where a text has a wrong one; None where other words or nothing did."""
    before = _before(text, brief, _NEAR)
    old, new = ([(found[0], found.start()) for found in re.finditer(r"\S+", each)] for each in (before, text))
    at = text.find(wrong)
    words = ([word for word, _ in old], [word for word, _ in new])
    for name, start, end, new_start, new_end in SequenceMatcher(None, *words, autojunk=False).get_opcodes():
        is_here = name == "replace" and new[new_start][1] < at + len(wrong) and at < new[new_end - 1][1] + len(wrong)
        for word, place in old[start:end] if is_here else ():
            figure = re.search(r"\d[\d.]*(?<!\.)", word)
            fact = figure and _fact_at(place + figure.start(), place + figure.end(), before, brief)
            if fact:
                return fact
    return None


def _is_story(brief: Brief) -> bool:
    return any(fact.key == "article.title" for fact in brief.facts)


def _where(
    said: str, texts: Sequence[str], before: Sequence[str], is_gone: Callable[[list[str]], bool] = lambda _rest: True
) -> str:
    """Quote the changed sentence that is at fault, from shortly before what it says wrong.

    It is one without which nothing is wrong (`is_gone` of the other texts), and that has the very words if one does.
    """
    stood = {each for text in before for each in _SENTENCE.split(text)}
    every = [each for text in texts for each in _SENTENCE.split(text)]
    new = [each for each in every if each not in stood] or every
    at_fault = [each for each in new if is_gone([text.replace(each, "") for text in texts])]
    words = re.compile(rf"(?<!\w){re.escape(said)}(?!\w)")
    sentence = min(at_fault or new, key=lambda each: not words.search(each))
    found = words.search(sentence)
    is_long = found is not None and len(sentence) > _MOST_WHERE
    start = sentence.rfind(" ", 0, max(0, found.start() - _LEAD)) + 1 if found and is_long else 0
    return quoted(shorten(sentence[start:], _MOST_WHERE, placeholder=" …"), _MOST_WHERE)


def _before(text: str, brief: Brief, least: float = _ALIKE) -> str:
    """Return the part of the brief that a text was made from, empty where it is a new one."""
    words = text.split()
    parts = _texts(brief.title, brief.bullets)
    alike = [(SequenceMatcher(None, part.split(), words, autojunk=False).ratio(), part) for part in parts]
    ratio, part = max(alike, key=lambda each: each[0])
    return part if ratio >= least else ""


def _misplaced(text: str, before: str, brief: Brief) -> tuple[str, Fact] | None:
    """Find a number that took another's place, where nothing but numbers was changed."""
    names = [fact for fact in brief.facts if _is_name(fact)]
    old, new = ungrounded(before, names), ungrounded(text, names)
    if len(old) != len(new) or _without(before, old) != _without(text, new):
        return None
    place = 0
    for said, wrong in zip(old, new, strict=True):
        place = before.find(said, place)
        fact = _fact_at(place, place + len(said), before, brief)
        if wrong != said and fact is not None and ungrounded(wrong, [replace(fact, value=None, shown=said), *names]):
            return wrong, fact
        place += len(said)
    return None


def _without(text: str, numbers: list[str]) -> list[str]:
    """Return a text's parts between its numbers."""
    parts, place = [], 0
    for number in numbers:
        found = text.find(number, place)
        parts.append(text[place:found])
        place = found + len(number)
    return [*parts, text[place:]]


def _fact_at(start: int, end: int, text: str, brief: Brief) -> Fact | None:
    """Return the fact whose words hold a place of a text."""
    for fact in brief.facts:
        at = text.find(fact.shown) if not fact.key.startswith(_NOT_SAID) else -1
        if 0 <= at <= start and end <= at + len(fact.shown):
            return fact
    return None


def _is_name(fact: Fact) -> bool:
    return not fact.unit and isinstance(fact.value, str)
