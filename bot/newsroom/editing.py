"""A brief in a person's hands: as one text, and back. Its form alone is refused; each sentence gets a mark."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from core.brief import Brief, Bullet
from core.errors import UsageError
from core.evidence.evidence import Term
from core.names.name_index import NameIndex
from core.names.names import plain
from core.text.findings import findings
from core.text.marks import mark_sentences
from core.text.review import Review, Sentence
from core.text.sentences import sentences
from core.words import and_list, capitalize, quote

MOST = 4000
"""Characters that a text may have; a field of Discord's forms holds no more."""
BY_HAND = "moderator"
"""Who wrote a brief that a person edited."""
_TERMS = "Terms:"
"""The line above the terms."""
_MOST_TITLE, _MOST_DECK, _MOST_BULLET, _MOST_BULLETS = 200, 400, 900, 12
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
_MOST_QUOTED = 250
"""Characters up to which a correction says what stood there, and what stands there now."""


def as_text(brief: Brief) -> str:
    """Return the title, the deck, the bullets and the terms as one text: a line for each, remarks further in."""
    lines = [brief.title, "", *([brief.deck, ""] if brief.deck else [])]
    for bullet in brief.bullets:
        lines.append(f"- {bullet.text}")
        if bullet.remark:
            lines.append(f"  - {bullet.remark}")
    return "\n".join([*lines, *(["", _TERMS, *brief.term_lines] if brief.terms else [])])


def edited(brief: Brief, text: str) -> Brief:
    """Return the brief with the words of a text; raises UsageError for a text that is no brief.

    Nor may it have links, markup or mentions, but those of the text before. The terms stay where a text has none.
    """
    title, deck, bullets, terms = _parts(text, brief)
    new = replace(brief, title=title, deck=deck, bullets=bullets, terms=terms, written_by=BY_HAND)
    for part in new.parts:
        _check_plain(part, brief.parts)
    return brief if as_text(new) == as_text(brief) else new


def review_edit(brief: Brief, written: Brief, names: NameIndex, first: Review) -> Review:
    """Mark the sentences of an edited brief; `written` is the brief in the machine's own words, `first` their marks.

    `names` are those of all models, labs, tests and countries.
    """
    marked = mark_sentences(brief.parts, written.parts, written.text_facts, names)
    known = {sentence.text: sentence for sentence in first.sentences}
    return replace(marked, sentences=tuple(known.get(sentence.text, sentence) for sentence in marked.sentences))


def find_in_note(note: str, before: Brief, after: Brief, written: Brief, names: NameIndex) -> list[str]:
    """Say what of a note no fact has, neither of the brief before nor after; which bullets it is about is its own."""
    own, facts = [*written.parts, *before.parts], [*before.text_facts, *after.text_facts]
    wrong = findings(_OF_BULLETS.sub(r"\1", note), facts, own=own, names=names)
    return [f"In the note on what changed: {text}" for text in dict.fromkeys(finding.text for finding in wrong)]


def change_lines(before: Brief, after: Brief, marked: Review, person: str = "yours") -> list[str]:
    """Say what an edit changed: the sentences that went and came, these with their marks, and facts that are gone."""
    old, new = ([text for part in brief.parts for text in sentences(part)] for brief in (before, after))
    marks = {sentence.text: sentence for sentence in marked.sentences}
    lines: list[str] = []
    for what, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            lines += [f"- {text}" for text in old[start:end]]
            for text in new[first:last]:
                lines += _sentence_lines(marks.get(text, Sentence(text, "machine")), person, "+ ")
    return [*lines, *_gone_lines(marked)]


def marked_lines(marked: Review) -> list[str]:
    """Say each sentence of a text with its mark, and the facts of the draft that are gone."""
    lines = [line for sentence in marked.sentences for line in _sentence_lines(sentence)]
    return [*(lines or ["Every sentence is the machine's."]), *_gone_lines(marked)]


def _sentence_lines(sentence: Sentence, person: str = "yours", sign: str = "") -> list[str]:
    head = [f"{sign}{sentence.text} [{sentence.mark_text(person)}]"] if sentence.text else []  # before there were marks
    return [*head, *(f"! {finding}" for finding in sentence.findings)]


def _gone_lines(marked: Review) -> list[str]:
    return [f"Gone from the draft: {'; '.join(marked.gone)}."] if marked.gone else []


def what_changed(before: Brief, after: Brief) -> str:
    """Say what a correction changed: the old words and the new, and the parts where these are too long."""
    is_as_long = len(before.bullets) == len(after.bullets)
    quotes, names = list[str](), list[str]()
    for name, gone, come in _changes(before, after):
        words = f"{name} now {'say' if name.endswith('terms') else 'says'} “{come}”, not “{gone}”"
        is_quoted = is_as_long and gone and come and len("; ".join([*quotes, words])) <= _MOST_QUOTED
        (quotes if is_quoted else names).append(words if is_quoted else name)
    if quotes and not names:
        return f"{'; '.join(quotes)}."
    names = list(dict.fromkeys(names))
    numbers = [name.removeprefix("bullet ") for name in names if name.startswith("bullet ")]
    parts = [name for name in names if not name.startswith("bullet ")]
    if numbers:
        parts.append(f"bullet{'s' if len(numbers) > 1 else ''} {and_list(numbers, len(numbers))}")
    if not is_as_long:
        parts.append("the number of bullets")
    return f"{'; '.join([*quotes, and_list(parts or ['what stands below the text'], 6)])} changed."


def _changes(before: Brief, after: Brief) -> list[tuple[str, str, str]]:
    """Return each part that changed, with the words that went and came there."""
    pairs = [("the title", before.title, after.title), ("the deck", before.deck, after.deck)]
    for number, (old, new) in enumerate(zip(before.bullets, after.bullets, strict=False), 1):
        name = f"bullet {number}"
        pairs += [(name, old.text, new.text), (name, old.remark or "", new.remark or "")]
    pairs.append(("the terms", "\n".join(before.term_lines), "\n".join(after.term_lines)))
    return [(name, *_changed_words(old, new)) for name, old, new in pairs if old != new]


def _changed_words(before: str, after: str) -> tuple[str, str]:
    """Return the words from the first change to the last, before and after; "" where only marks changed."""
    old, new = before.split(), after.split()
    steps = [step for step in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if step[0] != "equal"]
    start, rest = (steps[0][1], len(old) - steps[-1][2]) if steps else (0, len(old))
    later = rest - 1 if rest and not old[-rest].startswith("(") else rest  # the next word says what a number counts
    gone, come = (_unmarked(words[start : len(words) - later]) for words in (old, new))
    if start and not (gone and come):  # nothing follows: what goes before is in both
        gone, come = (_unmarked(words[start - 1 : len(words) - rest]) for words in (old, new))
    return (gone, come) if gone != come else ("", "")


def _unmarked(words: list[str]) -> str:
    return " ".join(words).strip(" .,;")


def as_note(note: str, before: Brief, after: Brief) -> str:
    """Return a person's words on why, as one line, and what changed.

    Raises UsageError for its form alone, as of a bullet.
    """
    clean = " ".join(note.split())
    if not clean:
        raise UsageError("The note on what changed is empty; say it in a sentence, or leave it out.")
    if len(clean) > _MOST_TITLE:
        raise UsageError(f"The note on what changed has {len(clean)} characters; keep it to {_MOST_TITLE}.")
    _check_plain(clean, before.parts)
    whole = clean if clean.endswith((".", "!", "?")) else f"{clean}."
    return f"{whole} {capitalize(what_changed(before, after))}"


def _parts(text: str, brief: Brief) -> tuple[str, str, tuple[Bullet, ...], tuple[Term, ...]]:
    """Read title, deck, bullets and terms; a line without a mark goes on with the one above."""
    if len(text) > MOST:
        raise UsageError(f"The text has {len(text)} characters; keep it to {MOST}.")
    lines = [*_lines(text)]
    end = next((number for number, line in enumerate(lines) if line.strip() == _TERMS), len(lines))
    last = lines[end + 1 :]
    terms = (
        tuple(_read_term(line, brief) for line in last if not _BULLET.match(line)) if end < len(lines) else brief.terms
    )
    head: list[str] = []
    bullets: list[list[str]] = []
    remarks: dict[int, str] = {}
    for line in (*lines[:end], *filter(_BULLET.match, last)):
        match = _BULLET.match(line)
        words = " ".join((line[match.end() :] if match else line).split())
        if match and (match["indent"] or match["mark"] == "◦") and bullets:
            remarks[len(bullets) - 1] = f"{remarks.get(len(bullets) - 1, '')} {words}".strip()
        elif match:
            bullets.append([words])
        elif len(bullets) - 1 in remarks:
            remarks[len(bullets) - 1] += f" {words}"
        else:
            (bullets[-1] if bullets else head).append(words if bullets else _HEADING.sub("", words))
    whole = tuple(Bullet(" ".join(words), remarks.get(number)) for number, words in enumerate(bullets))
    deck = " ".join(head[1:]) if brief.deck else ""
    _check_form(head[:1] if brief.deck else head, deck, whole)
    return head[0], deck, whole, terms


def _read_term(line: str, brief: Brief) -> Term:
    """Read a term from its line; one that the brief had stays the glossary's."""
    name, _, definition = (part.strip() for part in line.partition(":"))
    if not (name and definition) or len(definition) > _MOST_BULLET:
        raise UsageError(f"A term is written as “term: what it means”, not as {quote(line)}.")
    known = next((term for term in brief.terms if term.term == name), Term(plain(name), name, (), "", ()))
    return replace(known, definition=definition)


def _lines(text: str) -> Iterator[str]:
    """Yield the lines that hold something, without letters that can't be seen."""
    for line in text.expandtabs(2).splitlines():
        seen = "".join(letter if letter.isprintable() else " " for letter in line).rstrip()
        if seen.strip():
            yield seen


def _check_form(titles: Sequence[str], deck: str, bullets: tuple[Bullet, ...]) -> None:
    if not any(titles):
        raise UsageError("The title is missing; write it on the first line, and the bullets below, each behind “- ”.")
    if not bullets:
        raise UsageError("There are no bullets; write each on a line of its own, behind “- ”.")
    if len(titles) > 1:
        lines = and_list([quote(line) for line in titles], 3)
        raise UsageError(f"The title is one line; leave only one of those above the first bullet: {lines}.")
    title = titles[0]
    if len(title) > _MOST_TITLE:
        raise UsageError(f"The title has {len(title)} characters; keep it to {_MOST_TITLE}.")
    if len(bullets) > _MOST_BULLETS:
        raise UsageError(f"There are {len(bullets)} bullets; keep to {_MOST_BULLETS}.")
    if len(deck) > _MOST_DECK:
        raise UsageError(f"The deck has {len(deck)} characters; keep it to {_MOST_DECK}.")
    longest = max((part for bullet in bullets for part in bullet.parts), key=len)
    if len(longest) > _MOST_BULLET:
        raise UsageError(f"A bullet has {len(longest)} characters; keep each to {_MOST_BULLET}: {quote(longest)}.")


def _check_plain(text: str, before: Sequence[str]) -> None:
    """Raise UsageError for a link, markup or a mention that did not stand there before."""
    stood = "\n".join(before)
    for mark in _MARKS.finditer(text):
        if mark[0] not in stood:
            kind = "markup" if mark["markup"] else f"a {mark.lastgroup}"
            raise UsageError(f"{quote(mark[0])} is {kind}; leave it out: a brief is plain text.")
