"""Mark the sentences of an edited brief: the machine's, a person's with its facts, or a person's and unchecked.

No sentence is understood. One that a person wrote is compared with the draft: its figures, dates, names and classes
must stand together in one part of it, and its other words must be the draft's, in the draft's order, or say the same.
Whatever else it says, it is unchecked, never wrong.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import chain, groupby, islice, pairwise

from core.answer import Fact
from core.names.name_index import NameIndex
from core.text.findings import KnownFacts, is_worked_out
from core.text.numbers import MONTHS_PER_UNIT
from core.text.review import Review, Sentence
from core.text.sentences import SIDES, sentence_spans
from core.text.tokens import (
    Token,
    find_mentions,
    is_same,
    is_same_lab,
    is_same_number,
    keeps_limit,
    numbers_of,
    parse_tokens,
)

_ALIKE = 0.75
"""A sentence that shares at least this much with a sentence of the draft counts as an edit of it."""
_LONGEST, _MOST, _MOST_JOINTS = 6, 40, 6
"""Segments of the draft that a segment may stand for, those of a sentence that are compared, and places to part it."""
_PLAIN = frozenset("hold holds held scores scored".split())
"""Words that say no more than "is" beside a score: they may come, but not go."""
_LOOSE = ("number", "day", "access", "country")
"""What may change its place in a segment, but not among its kind: what it stands with is looked at besides."""
_PASSIVE = re.compile(
    r"(?P<lead>^|[,;:] )(?P<patient>[^,;:]+?) (?:is|are|was|were|ha(?:s|ve|d)(?P<not> not)? been) "
    r"(?P<verb>[a-z]+(?: up)?)(?P<when> on [^,;:]+?)? by "
    r"(?P<agent>[^,;:]+?)(?=[.,;:)]*(?:$| (?:on|in|at|since|within|over|across|after|before|last|this)\b)|[,;:] )"
)
_JOINT = re.compile(r"; |,? and |,? but |,? while |, where |: ")
"""Where two bullets may be joined."""
_SAME = (
    (re.compile(r"^((?:The|This|That) \w+) is (probably) (\w+ing)(?=[:.,])", re.I), r"Is \1 \3? \2"),
    (re.compile(r"^(The data can(?:no|')t say) (?:whether|if) (\w+ \w+) is (\w+ing)(?=[:.,])"), r"Is \2 \3? \1"),
    (
        re.compile(r"\b(the \w+est) (\w+) (\S+ months)(,|,? and) (the \w+est) ((?>\d+(?:\.\d+)?|[a-z]+))(?! \w)", re.I),
        r"\1 \2 \3\4 \5 \2 \6 months",
    ),
    (re.compile(r"\bper cent\b"), "percent"),
    (re.compile(r"\byet to\b"), "not"),
    (re.compile(r"\bcompared (?:with|to)\b"), "than"),
    (re.compile(r"\bmodels (?:that|which) anyone can download\b"), "open models"),
)
"""Phrases that say the same, and how a brief says it."""
_ANY = re.compile(r"^(?:an?|any) ")
_COUNTS = "zero one two three four five six seven eight nine ten".split()
_COUNT = "|".join(_COUNTS)
_PARTS_OF = re.compile(
    rf"\b(?:(?P<all>{_COUNT}) tests[:,] )?(?P<some>{_COUNT})(?: of (?:them|these|those|which))? "
    rf"(?P<access>private|public)(?:,? and (?P<rest>{_COUNT}) (?P<other>private|public))?\b"
)
_COUNT_OF_ACCESS = re.compile(rf"\b(?P<all>{_COUNT}) (?P<access>private|public)\b")
_IT = re.compile(r"\bit\b(?= (?:is|has|may|probably|grew|widened))", re.I)
_PRONOUN = re.compile(r"It(s?)\b")
_BEFORE_MODEL, _BEFORE_MAKER = ("'s ", "’s ", "' ", " "), (" (", ", by ", " by ", " from ", ", from ", " of ")
"""What stands between a maker and its model, and between a model and its maker."""

_WAYS = {"trail": "lead", "wider": "narrower", "earlier": "later"}
_OTHER_WAY = _WAYS | {other: way for way, other in _WAYS.items()}
"""The ways in which a fact's figure may go, and the other for each; for more words see same_words.txt."""
_SIDE_OF_MODEL = re.compile(
    r"(?<!\ba )(?<!\ban )(?<!\bno )(?<!\bany )\b(?:(?P<open>open)|closed|proprietary) (?:model )?$", re.I
)
"""What says of the model behind it on which side it is; "an open GPT-5.5 rival" does not."""


def mark_sentences(
    parts: Sequence[str], draft: Sequence[str], facts: Sequence[Fact], names: NameIndex, writer: str = ""
) -> Review:
    """Mark each sentence of a text; `parts` and `draft` are titles, decks, bullets, remarks and terms of both."""
    own, resolved, known = _read_draft(tuple(draft), tuple(facts), names)
    homes: dict[str, tuple[int, bool]] = {}
    for number, part in enumerate(draft):
        for start, end in sentence_spans(part):
            homes.setdefault(_bare(part[start:end]), (number, not start))
    sentences: list[Sentence] = []
    for part, plain in zip(parts, _resolve(parts, names), strict=True):
        before: set[int] = set()
        for (start, end), form in zip(sentence_spans(part), plain, strict=True):
            text = part[start:end].strip()
            home, is_first = homes.get(_bare(text), (-1, False))
            if home >= 0:  # what a later sentence speaks of stands before it
                sentences.append(Sentence(text, "machine" if is_first or home in before else "unchecked", (), writer))
            else:
                tokens = parse_tokens(text, (), names)
                home, alike = _find_alike(tokens, own)
                unknown = known.find_unknown(text) if writer or not _is_opinion(tokens) else ()
                wrong = (
                    *(finding.text for finding in unknown),
                    *dict.fromkeys(
                        why
                        for what, why in chain(
                            _exchanged(tokens, facts),
                            _moved(tokens, alike, facts, names),
                            _recounted(text, draft[home] if home >= 0 else ""),
                        )
                        if not any(what in finding.words for finding in unknown)
                    ),
                    *_other_makers(text, names),
                    *_other_sides(text, names),
                )
                held_by = -1 if wrong else _find_holder(form, resolved, names)
                home = home if held_by < 0 else held_by
                sentences.append(Sentence(text, "unchecked" if held_by < 0 else "figures", tuple(wrong), writer))
            before.add(home)
    return Review(tuple(sentences), tuple(_gone(parts, draft, facts, names)))


@lru_cache(maxsize=1)
def _read_draft(
    draft: Sequence[str], facts: Sequence[Fact], names: NameIndex
) -> tuple[list[list[Token]], list[list[Token]], KnownFacts]:
    """Return the tokens of each part, those of its plain form, and what is known; a draft is edited again and again."""
    own = [parse_tokens(part, facts, names) for part in draft]
    resolved = [parse_tokens(" ".join(part), facts, names) for part in _resolve(draft, names)]
    return own, resolved, KnownFacts(facts, draft, names)


def _is_opinion(tokens: Iterable[Token]) -> bool:
    """Whether a sentence states nothing that a fact could have: number words without a unit, capitals, no names."""
    anchors = [token for token in tokens if token.is_anchor]
    return all(token.kind == "number" and not token.values[0].unit and token.text[:1].isalpha() for token in anchors)


def _bare(text: str) -> str:
    return " ".join(text.split()).strip(" .,;:").lower()


def _resolve(parts: Sequence[str], names: NameIndex) -> Iterator[list[str]]:
    """Yield the sentences of each part in plain form, "it" being the gap or the first model of the sentence before."""
    model = ""
    for part in parts:
        sentences = []
        head, gap, tail = part.partition(" gap ")
        part = head + gap + _IT.sub("the gap", tail)
        for start, end in sentence_spans(part):
            text = part[start:end].strip()
            if model and (pronoun := _PRONOUN.match(text)):
                text = model + ("'s" if pronoun[1] else "") + text[pronoun.end() :]
            model = next((one.typed for one in find_mentions(text, names) if one.kind == "model"), "")
            sentences.append(_plain_form(text))
        yield sentences


def _find_holder(text: str, draft: Sequence[Sequence[Token]], names: NameIndex) -> int:
    """Return the number of the part that has all that a sentence says, or of the first of two that it joins; or -1."""

    def holders(text: str) -> set[int]:
        tokens = parse_tokens(text, (), names)
        return {n for n, part in enumerate(draft) if _is_held(tokens, part)}

    whole = holders(text)
    for joint in () if whole else islice(_JOINT.finditer(text), _MOST_JOINTS):
        if first := holders(text[: joint.start()]):
            whole |= {n for n in first if n + 1 in holders(text[joint.end() :])}
    return min(whole, default=-1)


def _plain_form(text: str) -> str:
    """Return a sentence in its plainest form: "Kimi K3 was released by Moonshot" as "Moonshot released Kimi K3"."""

    def turn(part: re.Match[str]) -> str:
        agent, patient = part["agent"], part["patient"]
        is_none = part["not"] or patient.lower().startswith("no ")
        if is_none and not _ANY.match(agent):
            return part[0]
        if is_none:
            agent, patient = _ANY.sub("no ", agent), patient.removeprefix("no ").removeprefix("No ")
        return f"{part['lead']}{agent} {part['verb']} {patient}{part['when'] or ''}"

    def split(part: re.Match[str]) -> str:
        total, some, rest = (_COUNTS.index(part[name] or "zero") for name in ("all", "some", "rest"))
        rest = rest if part["rest"] else total - some
        is_sum = rest >= 0 and (not part["all"] or total == some + rest)
        if not is_sum or part["access"] == part["other"]:
            return part[0]
        private, public = (some, rest) if part["access"] == "private" else (rest, some)
        return f"{_COUNTS[private]} private and {_COUNTS[public]} public tests"

    for pattern, words in _SAME:
        text = pattern.sub(words, text)
    return _PARTS_OF.sub(split, _PASSIVE.sub(turn, text))


# ---- whether every figure is in the facts


def _is_held(tokens: Sequence[Token], part: Sequence[Token]) -> bool:
    """Whether a part of the draft has all that a sentence says, together and in the same order.

    Segments may change places or be left out. Names and dates may be left out; other words not, but for neutral ones.
    """
    makers = _makers_beside_models(tokens)
    plain = _PLAIN - {token.text for token in part}
    content = [n for n, one in enumerate(tokens) if not (one.is_neutral or one.text in plain or n in makers)]
    pairs: dict[int, int] = {}
    first = 0
    for _, segment in groupby(content, key=lambda n: tokens[n].segment):
        places = _find_places(
            [*segment], tokens, [n for n, own in enumerate(part) if own.sentence >= first], part, {*pairs.values()}
        )
        if places is None:
            return False
        pairs |= places
        first = max(part[place].sentence for place in places.values())
    if any(_year(part[place]) and not _year(tokens[n]) for n, place in pairs.items()):
        return False
    return bool(pairs) and not _leaves_out(pairs, part) and not any(_parted(pairs, tokens, part, near=False))


def _year(token: Token) -> int:
    return token.values[0].year if token.kind == "day" else 0


def _makers_beside_models(tokens: Sequence[Token]) -> set[int]:
    """Return the places of makers that stand beside a model of theirs."""
    names = [n for n, token in enumerate(tokens) if not token.is_neutral and token.kind != "country"]
    return {n for pair in pairwise(names) for n, other in (pair, pair[::-1]) if tokens[other].maker in tokens[n].values}


def _find_places(
    segment: Sequence[int], tokens: Sequence[Token], rest: Sequence[int], part: Sequence[Token], others: set[int]
) -> dict[int, int] | None:
    """Return where in a sentence of the draft the words of a segment stand, in order; None if nowhere.

    What stands in `others` is in another segment. A whole segment may be turned, as from "on such tests, it is" to
    "it is on such tests".
    """
    fixed = [n for n in segment if tokens[n].kind not in _LOOSE]
    loose = [n for n in segment if tokens[n].kind in _LOOSE]
    for window in _windows(rest, part):
        is_one = len({part[place].segment for place in window}) == 1
        for turn in range(max(len(fixed), 1)):
            places: dict[int, int] = {}
            rests: dict[str | None, Iterator[int]] = {}
            for n in (*fixed[turn:], *fixed[:turn], *loose):
                rest_of_kind = rests.setdefault(_kind(tokens[n]) if n in loose else None, iter(window))
                place = next(
                    (p for p in rest_of_kind if p not in places.values() and is_same(part[p], tokens[n])), None
                )
                if place is None:
                    break
                places[n] = place
            is_whole = all(place in {*places.values(), *others} or _may_go(part[place]) for place in window)
            if len(places) == len(segment) and (is_whole or (is_one and not turn)):
                return places
    return None


def _windows(places: Sequence[int], part: Sequence[Token]) -> list[list[int]]:
    """Return the runs of segments in each sentence of a draft, also without an aside, the shortest first."""
    runs: list[list[int]] = []
    for _, sentence in groupby(places, key=lambda n: part[n].sentence):
        segments = [[*segment] for _, segment in groupby(sentence, key=lambda n: part[n].segment)][:_MOST]
        for first in range(len(segments)):
            for last in range(first + 1, min(first + _LONGEST, len(segments)) + 1):
                run = segments[first:last]
                asides = range(1, len(run) - 1)
                runs += [[*chain(*run)], *([*chain(*run[:n], *run[n + 1 :])] for n in asides)]
    return sorted(runs, key=len)


def _may_go(token: Token) -> bool:
    return (
        token.is_neutral
        or token.values in (("by",), ("up",), ("show",))
        or token.kind in ("day", "lab", "country", "model", "benchmark", "publisher")
    )


def _leaves_out(pairs: dict[int, int], part: Sequence[Token]) -> bool:
    """Whether words of the draft are gone that the rest needs: in a segment, of a beginning, or a figure's range."""
    sentences = {part[place].sentence for place in pairs.values()}
    segments = {part[place].segment for place in pairs.values()}
    words = [token for token in part if not token.is_neutral]
    for (before, _), (segment, group) in pairwise(
        [(segment, [*group]) for segment, group in groupby(words, key=lambda token: token.segment)]
    ):
        if before in segments and [token.kind for token in group] == ["number", "number"]:
            segments.add(segment)
    return any(
        (token.segment in segments or (token.sentence in sentences and (token.is_leading or token.text == "probably")))
        and place not in pairs.values()
        and not _may_go(token)
        for place, token in enumerate(part)
    )


# ---- what stands with what


def _kind(token: Token) -> str:
    if token.kind != "number":
        return token.kind
    unit = token.values[0].unit or "months"
    return "time" if unit in MONTHS_PER_UNIT else unit


def _partners(tokens: Sequence[Token], place: int, kind: str, *, near: bool = False) -> list[Token]:
    """Return the nearest tokens of a kind: in the same segment, or else (unless `near`) before it, or after it."""
    others = [n for n, token in enumerate(tokens) if n != place and _kind(token) == kind]
    inside = [n for n in others if tokens[n].segment == tokens[place].segment]
    if inside or near:
        least = min((abs(n - place) for n in inside), default=0)
        return [tokens[n] for n in inside if abs(n - place) == least]
    return [tokens[n] for n in ([n for n in others if n < place][-1:] or others[:1])]


def _kinds_beside(token: Token, *, near: bool) -> tuple[str, ...]:
    """Return the kinds of anchors that belong to a token, with `near` all that may."""
    if token.kind in ("lab", "country"):
        return ("lab", "model") if token.kind == "country" else ("model",)
    if token.kind not in ("number", "day"):
        return ()
    others = {"time": ("percent", "side") if near else ("percent",), "percent": ("time", "side")}.get(
        _kind(token), ("side",)
    )
    return ("access", "model", "benchmark", "lab", *(["day"] if token.kind == "number" else []), *others)


def _parted(
    pairs: dict[int, int], tokens: Sequence[Token], part: Sequence[Token], *, near: bool
) -> Iterator[tuple[Token, Token, Token]]:
    """Yield each token that stands with another partner than in the draft: the token, its partner there and here."""
    for n, place in pairs.items():
        for kind in _kinds_beside(part[place], near=near):
            here, there = _partners(tokens, n, kind, near=near), _partners(part, place, kind, near=near)
            if here and there and not any(is_same(own, token) for own in there for token in here):
                yield tokens[n], there[0], here[0]


# ---- what is wrong


def _find_alike(tokens: Sequence[Token], parts: Sequence[Sequence[Token]]) -> tuple[int, list[Token]]:
    """Return the number of the part whose sentence is most like a sentence, and that sentence if it is much alike."""
    best: tuple[float, float, int, list[Token]] = (0.0, 0.0, -1, [])
    for number, part in enumerate(parts):
        for _, group in groupby(part, key=lambda token: token.sentence):
            own = [*group]
            share = SequenceMatcher(None, _skeleton(own), _skeleton(tokens), autojunk=False).ratio()
            same = sum(any(is_same(one, token) for one in own) for token in tokens) / max(len(tokens), 1)
            best = max(best, (share + same, share, number, own), key=lambda pair: pair[0])
    _, share, number, own = best
    is_alike = share >= _ALIKE or Counter(_skeleton(own)) == Counter(_skeleton(tokens))
    return number, own if is_alike else []


def _skeleton(tokens: Iterable[Token]) -> list[str]:
    return [f"<{token.kind}>" if token.is_anchor else token.values[0] for token in tokens if not token.is_neutral]


def _moved(
    tokens: list[Token], alike: list[Token], facts: Sequence[Fact], names: NameIndex
) -> Iterator[tuple[str, str]]:
    """Yield each anchor or way, and why, that stands in another's place, or with another than in the draft."""
    own, new = ([token for token in side if not token.is_neutral] for side in (alike, tokens))
    blocks = SequenceMatcher(None, _skeleton(own), _skeleton(new), autojunk=False).get_matching_blocks()
    aligned = {new_start + n: start + n for start, new_start, length in blocks for n in range(length)}
    pairs = {n: place for n, place in aligned.items() if is_same(own[place], new[n])}
    if all(n in pairs or new[n].kind == "number" for n in aligned):  # else "closed models lead" may be true
        yield from _turned(new, own, facts, names)
    for n, token in enumerate(new):
        free = (place for place, other in enumerate(own) if place not in pairs.values() and is_same(other, token))
        if n not in pairs and (place := next(free, None)) is not None:
            pairs[n] = place
    is_turned = any(token.values[0] in _OTHER_WAY and not any(is_same(one, token) for one in own) for token in new)
    for n, place in aligned.items():
        was, now = own[place], new[n]
        is_sum = now.kind == "number" and is_worked_out(now, alike)
        is_other = now.kind == "number" and not now.values[0].unit and _kind(was) != "time"
        is_limit = now.kind == was.kind == "number" and any(keeps_limit(one, now.values[0]) for one in was.values)
        may_be = is_sum or is_other or is_limit or (now.kind == "side" and is_turned)  # "closed models lead"
        if now.is_anchor and n not in pairs and place not in pairs.values() and not may_be:
            yield now.text, f"“{now.text}”: the draft has “{was.text}” here."
    if len(pairs) == len(new) == len(own):
        sides_stay = _values_of(own, "side") == _values_of(new, "side")
        for now, was, here in _parted(pairs, new, own, near=True):
            if sides_stay and _kind(was) == "side":
                continue  # another clause came between: open and closed still stand in their order
            yield now.text, f"“{now.text}”: the draft has it with “{was.text}”, not with “{here.text}”."


def _values_of(tokens: Iterable[Token], kind: str) -> list[tuple[object, ...]]:
    return [token.values for token in tokens if _kind(token) == kind]


def _exchanged(tokens: Sequence[Token], facts: Iterable[Fact]) -> Iterator[tuple[str, str]]:
    """Yield each figure, and why, that stands alone beside private or public tests but is the other class's."""
    lags = [fact for fact in facts if fact.kind == "lag" and not isinstance(fact.value, str)]
    for n, token in enumerate(tokens):
        if token.kind != "number" or token.values[0].limit or tokens[n - 1].text == "between":
            continue
        segment = [other for other in tokens if other.segment == token.segment]
        classes = {other.text.lower() for other in segment if other.kind == "access"}
        is_alone = len(classes) == 1 == sum(other.kind == "number" for other in segment)
        owners = {fact.access for fact in lags if any(is_same_number(own, token.values[0]) for own in numbers_of(fact))}
        if is_alone and len(owners) == 1 and "" not in owners and owners != classes:
            there, here = owners.pop(), classes.pop()
            yield token.text, f"“{token.text}”: the draft has it with “{there}”, not with “{here}”."


def _turned(
    tokens: Sequence[Token], alike: Sequence[Token], facts: Iterable[Fact], names: NameIndex
) -> Iterator[tuple[str, str]]:
    """Yield a word, and why, that turns a fact's way beside its figure, where all other words stay: "narrower"."""
    missing = [one for one in alike if one.kind == "word" and not any(is_same(one, token) for token in tokens)]
    way = missing[0].values[0] if len(missing) == 1 else ""
    for token in tokens if way in _OTHER_WAY else ():
        beside = [other for other in tokens if other.segment == token.segment and other.kind == "number"]
        for fact in facts if token.values[0] == _OTHER_WAY[way] else ():
            own = parse_tokens(fact.shown, (fact,), names) if fact.kind in ("lag", "change") else []
            if any(one.values[0] == way for one in own) and any(is_same(one, other) for one in own for other in beside):
                yield token.text, f"“{token.text}”: the draft has “{fact.shown}” here."


def _recounted(text: str, part: str) -> Iterator[tuple[str, str]]:
    """Yield each count of private or public tests, and why, that is another than in a part of the draft."""
    counts = {count["access"]: count["all"] for count in _COUNT_OF_ACCESS.finditer(part)}
    for count in _COUNT_OF_ACCESS.finditer(text):
        if counts.get(count["access"], count["all"]) != count["all"]:
            yield count[0], f"“{count[0]}”: the draft has “{counts[count['access']]} {count['access']}”."


def _other_makers(text: str, names: NameIndex) -> Iterator[str]:
    """Yield each model that stands beside a maker who did not make it."""
    named = find_mentions(text, names)
    for first, last in pairwise(named):
        between = text[first.end : last.start]
        maker, model = (first, last) if first.kind == "lab" else (last, first)
        is_beside = between in (_BEFORE_MODEL if maker is first else _BEFORE_MAKER)
        is_pair = (maker.kind, model.kind) == ("lab", "model") and is_beside
        if is_pair and model.lab and not is_same_lab(model.lab, maker.value or maker.typed):
            yield f"“{text[first.start : last.end]}”: {model.typed} is by {model.lab}."


def _other_sides(text: str, names: NameIndex) -> Iterator[str]:
    """Yield each model that is called open, and is closed in the data, or the other way round."""
    for model in find_mentions(text, names):
        side = _SIDE_OF_MODEL.search(text, 0, model.start)
        if model.kind == "model" and model.is_open is not None and side and bool(side["open"]) != model.is_open:
            yield f"“{text[side.start() : model.end]}”: {model.typed} is {SIDES[not model.is_open]}."


def _gone(parts: Iterable[str], draft: Sequence[str], facts: Iterable[Fact], names: NameIndex) -> Iterator[str]:
    """Yield the facts of the draft that an edited brief has no more: figures, dates, names, the way a change goes."""
    whole, text = "\n".join(draft), "\n".join(parts)
    gone = [fact for fact in facts if fact.shown in whole and fact.shown not in text]
    new = parse_tokens(text, (), names) if gone else []
    for fact in gone:
        own = parse_tokens(fact.shown, (fact,), names)
        is_change = fact.kind == "change" and any(token.is_anchor for token in own)
        own = [token for token in own if token.is_anchor or (is_change and token.values[0] in _OTHER_WAY)]
        places = [{token.sentence for token in new if is_same(one, token)} for one in own]
        if not all(places) or (is_change and not set.intersection(*places)):
            yield f"{fact.shown} ({fact.subject})"
