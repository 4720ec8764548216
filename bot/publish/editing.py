"""A brief in a person's hands: as one text, and back. Its form alone is refused; what no fact has is told beside it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from core.brief import Brief, Bullet
from core.errors import UsageError
from core.names.name_index import NameIndex
from core.text.findings import findings
from core.words import and_list, capitalize, quote

MOST = 4000
"""Characters that a text may have; a field of Discord's forms holds no more."""
BY_HAND = "moderator"
"""Who wrote a brief that a person edited."""
_MOST_TITLE, _MOST_BULLET, _MOST_BULLETS = 200, 900, 12
_BULLET = re.compile(r"^(?P<indent>\s*)(?P<mark>[-*•◦–])\s+")
_HEADING = re.compile(r"^\s*#{1,6}\s+")
_MARKS = re.compile(
    r"(?P<link>\w+://\S*|\bwww\.\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|net|org)\b\S*|\[[^\]]*\]\([^)]*\))"
    r"|(?P<mention><[@#:]\S*|(?<![\w.])@\w+)"
    r"|(?P<markup></?[a-z][^<>]*>|`+|\|\||~~|(?<!\w)(?P<mark>[*_]+)(?=\S)[^*_]+(?<=\S)(?P=mark)(?!\w)|^#{1,6}\s|^>\s)",
    re.IGNORECASE,
)
"""What readers would see as signs, or what leads away: a brief is plain text, whichever form it is sent in."""
_OF_BULLETS = re.compile(
    r"\b(?:\d+ |two |three |four |five )?(bullets?)\b(?: \d+(?:(?:,|,? and) \d+)*)?", re.IGNORECASE
)
"""How a note says which bullets, or how many, it is about."""
_NOT_SAID = ("term.", "more.", "reading")
"""How the keys of facts begin that stand beside the text, not in it."""
_SHORT, _MOST_QUOTED = 60, 2
"""Characters of the words, and changed parts, up to which a correction says what stood there."""


def as_text(brief: Brief) -> str:
    """Return the title and the bullets as one text: a line for each, remarks further in below theirs."""
    lines = [brief.title, ""]
    for bullet in brief.bullets:
        lines.append(f"- {bullet.text}")
        if bullet.remark:
            lines.append(f"  - {bullet.remark}")
    return "\n".join(lines)


def edited(brief: Brief, text: str) -> Brief:
    """Return the brief with its title and bullets from a text; raises UsageError for a text that is no brief.

    Nor may it have links, markup or mentions, but those of the text before.
    """
    title, bullets = _parts(text)
    new = replace(brief, title=title, bullets=bullets, written_by=BY_HAND)
    for part in new.texts:
        _check_plain(part, brief.texts)
    return brief if as_text(new) == as_text(brief) else new


def found_in(brief: Brief, written: Brief, names: NameIndex) -> list[str]:
    """Say what of an edited text no fact has, a sentence each; `written` is the brief in the machine's own words.

    `names` are those of all models, labs, tests and countries.
    """
    return _found("\n".join(brief.texts), [brief], _own(written), names)


def found_in_note(note: str, before: Brief, after: Brief, written: Brief, names: NameIndex) -> list[str]:
    """Say what of a note no fact has, neither of the brief before nor after; which bullets it is about is its own."""
    own = [*_own(written), *before.texts]
    found = _found(_OF_BULLETS.sub(r"\1", note), [before, after], own, names)
    return [f"In the note on what changed: {each}" for each in found]


def _found(text: str, briefs: Sequence[Brief], own: Iterable[str], names: NameIndex) -> list[str]:
    facts = [fact for brief in briefs for fact in brief.facts if not fact.key.startswith(_NOT_SAID)]
    return list(dict.fromkeys(each.text for each in findings(text, facts, own=own, names=names)))


def _own(brief: Brief) -> list[str]:
    terms = [part for each in brief.terms for part in (each.term, each.definition)]
    return [*brief.texts, *terms, brief.read_more.label]


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
        parts.append(f"bullet{'s' if len(numbers) > 1 else ''} {and_list(numbers, len(numbers))}")
    if not is_as_long:
        parts.append("the number of bullets")
    return f"{and_list(parts or ['what stands below the text'])} changed."


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


def as_note(note: str, before: Brief, after: Brief) -> str:
    """Return a person's words on what changed, as one line, with what else did where they leave out a part.

    Raises UsageError for its form alone, as of a bullet.
    """
    clean = " ".join(note.split())
    if not clean:
        raise UsageError("The note on what changed is empty; say it in a sentence, or leave it out.")
    if len(clean) > _MOST_TITLE:
        raise UsageError(f"The note on what changed has {len(clean)} characters; keep it to {_MOST_TITLE}.")
    _check_plain(clean, before.texts)
    whole = clean if clean.endswith((".", "!", "?")) else f"{clean}."
    if _tells_all(clean.lower(), before, after):
        return whole
    more = what_changed(before, after)
    return f"{whole} {capitalize(more)}"


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
        lines = and_list([quote(each) for each in titles], 3)
        raise UsageError(f"The title is one line; leave only one of those above the first bullet: {lines}.")
    title = titles[0]
    if len(title) > _MOST_TITLE:
        raise UsageError(f"The title has {len(title)} characters; keep it to {_MOST_TITLE}.")
    if len(bullets) > _MOST_BULLETS:
        raise UsageError(f"There are {len(bullets)} bullets; keep to {_MOST_BULLETS}.")
    longest = max((part for bullet in bullets for part in bullet.parts), key=len)
    if len(longest) > _MOST_BULLET:
        raise UsageError(f"A bullet has {len(longest)} characters; keep each to {_MOST_BULLET}: {quote(longest)}.")


def _check_plain(text: str, before: Sequence[str]) -> None:
    """Raise UsageError for a link, markup or a mention that did not stand there before."""
    stood = "\n".join(before)
    for found in _MARKS.finditer(text):
        if found[0] not in stood:
            kind = "markup" if found["markup"] else f"a {found.lastgroup}"
            raise UsageError(f"{quote(found[0])} is {kind}; leave it out: a brief is plain text.")
