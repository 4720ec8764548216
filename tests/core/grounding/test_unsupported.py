"""A free text says only what facts say: its numbers, of what, who is behind whom, which way, and why."""

import pytest

from core.answer import Fact
from core.grounding import Violation, unsupported
from tests.core.grounding.facts import GAP, NAMES


def found(text: str, facts: tuple[Fact, ...] = GAP) -> list[Violation]:
    return unsupported(text, facts, known_names=NAMES)


def kinds(text: str, facts: tuple[Fact, ...] = GAP) -> set[str]:
    return {each.kind for each in found(text, facts)}


SUPPORTED = [
    # numbers, as people round and write them
    "Open models trail closed ones by about 7.5 months on private tests.",
    "On private tests it is seven and a half months, or 7½, or 7.49.",
    "On private tests the gap is seven to eight months, likely five to ten.",
    "Private: ~7.5 months. Public: ~5.",
    "More than 7 months on private tests, just over 5 on public ones.",
    "Fewer than 30 of some 160 levels are unmatched, nearly a fifth.",
    "The newest data is about three months old.",
    "Kimi K3 came roughly half a year after Claude Opus 4.6.",
    "The likely range is meant to hold in 90 % of cases.",
    # of what
    "7.5 months on private tests and 5.1 on public ones",
    "Private and public tests show 7.5 and 5.1 months.",
    "5.1 months (public), 7.5 months (private)",
    "Without WeirdML the private figure would be 7.9 months.",
    "WeirdML matters most: without it, private would be 7.9 months.",
    "Half of such levels took longer than 6.9 months.",
    "Private tests have 60 results, public ones 73.",
    "23 % of the open models were tested, and 42 % of the closed ones.",
    # one match
    "Kimi K3 reached 61 % on ARC-AGI-2 on 31 July 2026, 5.8 months after Claude Opus 4.6.",
    "Claude Opus 4.6 got to 61 % first; 5.8 months later Kimi K3 did.",
    "Claude Opus 4.6 was matched 5.8 months later.",
    "Kimi's K3 is the newest open model to match Opus 4.6.",
    # directions
    "On private tests nobody can say whether the gap is wider or narrower than in January 2025.",
    "The private gap may have widened, the private gap may have narrowed.",
    "On public tests the gap has widened by 3.6 months since January 2025.",
    "The gap is larger on private tests than on public ones.",
    "Training towards public tests can make the gap look smaller.",
    # reasons
    "Public tests may flatter open models, because these can be trained towards them.",
    "There is no range, since it rests on one test only.",
    "The range includes no change, so we can't tell.",
    "",
]  # fmt: skip


@pytest.mark.parametrize("text", SUPPORTED)
def test_what_the_facts_say_is_let_through_in_any_wording(text: str) -> None:
    one_test = Fact("few", 1, "tests", "a board", "one test only, so no range")
    assert found(text, (*GAP, one_test) if "one test" in text else GAP) == []


UNSUPPORTED = [
    ("number", "Open models trail by about 9 months on private tests."),
    ("direction", "Open models trail by more than 8 months on private tests."),
    ("number", "On private tests the gap is likely between 5 and 6 months."),
    ("number", "On 1 August 2026 Kimi K3 reached 61 % on ARC-AGI-2."),
    ("number", "The gap is twice as long on private tests."),
    ("unit", "Open models are a year behind on private tests."),
    ("unit", "Open models trail by 7.5 weeks on private tests."),
    ("unit", "Open models have not reached 29 tests."),
    ("unit", "Open models have not reached 29 % of the levels."),
    ("subject", "Open models trail by 7.5 months on public tests."),
    ("subject", "Private and public tests show 5.1 and 7.5 months."),
    ("subject", "On private tests open models trail by 6.9 months."),
    ("subject", "On private tests open models trail by 5 months."),
    ("subject", "On WeirdML open models trail by 7.5 months."),
    ("subject", "Without WeirdML the public figure would be 7.9 months."),
    ("subject", "Private tests have 73 results."),
    ("subject", "42 % of the open models were tested."),
    ("subject", "Claude Opus 4.6 came out on 31 July 2026."),
    ("role", "Closed models trail open ones by 7.5 months on private tests."),
    ("role", "Open models lead by 7.5 months on private tests."),
    ("role", "Claude Opus 4.6 reached 61 % on ARC-AGI-2 5.8 months after Kimi K3."),
    ("role", "Claude Opus 4.6 matched Kimi K3 on ARC-AGI-2."),
    ("role", "Claude Opus 4.6 is the newest open model."),
    ("role", "Kimi K3 came out as a closed model."),
    ("role", "Open models are tested more often than closed ones."),
    ("direction", "The private gap has widened since January 2025."),
    ("direction", "Open models are catching up on private tests."),
    ("direction", "The private gap has stayed the same since January 2025."),
    ("direction", "The public gap has narrowed since January 2025."),
    ("direction", "The gap is larger on public tests than on private ones."),
    ("direction", "Training towards public tests can make the gap look larger."),
    ("name", "GPT-5.5 came 5.8 months after Claude Opus 4.6."),
    ("name", "Kimi K4 reached 61 % on ARC-AGI-2."),
    ("name", "Claude Titan reached 61 % on ARC-AGI-2."),
    ("name", "Llama 7 is not far behind."),
    ("name", "Models of Mistral are far behind."),
    ("name", "It is much the same on SimpleBench."),
    ("name", "Open models from Wakanda are far behind."),
    ("cause", "Open models trail because they lack chips."),
    ("cause", "Thanks to larger budgets, closed models lead on private tests."),
    ("cause", "Closed labs hoard data, so open models trail."),
    ("cause", "A chip ban keeps open models behind."),
    ("cause", "The gap is what it is after US labs stopped publishing."),
    ("nonsense", "Private tests trail public tests."),
    ("nonsense", "Open models reached private tests 29 levels ago."),
    ("nonsense", "The 60 results trail by 8 tests."),
    ("nonsense", "61 % of open models have reached ARC-AGI-2."),
    ("nonsense", "Open models scored 7.5 months on private tests."),
    ("nonsense", "Open models will need 7.5 months to catch up on private tests."),
    ("nonsense", "On Claude Opus 4.6, open models trail."),
    ("nonsense", "162 of 29 levels wait."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), UNSUPPORTED)
def test_what_they_do_not_say_is_refused_with_its_kind(kind: str, text: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    ("text", "said", "fact"),
    [
        ("Open models trail by 9 months on private tests.", "9 months", "7.5 months"),
        ("On public tests open models trail by 7.5 months.", "7.5 months", "5.1 months"),
        ("The private gap is closing.", "gap is closing", "can't tell on private tests"),
    ],
)
def test_the_fact_that_should_stand_there_is_named(text: str, said: str, fact: str) -> None:
    [violation] = found(text)
    assert violation.said == said
    assert f"“{fact}" in violation.why


def test_a_sentence_about_the_one_before_keeps_its_subject() -> None:
    assert found("Public tests are open to all. The gap there is 5.1 months.") == []
    assert kinds("Public tests are open to all. The gap there is 7.5 months.") == {"subject"}


def test_a_lag_below_zero_turns_the_roles_around() -> None:
    facts = (
        Fact("model", "Kimi K3", "", "open weights", "Kimi K3"),
        Fact("nearest.other", "Claude Opus 4.6", "", "first closed model at or above the score", "Claude Opus 4.6"),
        Fact("nearest.lag", -0.4, "months", "ARC-AGI-2", "0.4 months ahead of"),
    )
    assert found("Kimi K3 was 0.4 months ahead of Claude Opus 4.6 on ARC-AGI-2.", facts) == []
    assert kinds("Kimi K3 was 0.4 months behind Claude Opus 4.6 on ARC-AGI-2.", facts) == {"role"}


def test_which_side_of_a_comparison_is_ahead_follows_the_facts() -> None:
    facts = (
        Fact("left", "country:China", "", "left side", "China's"),
        Fact("right", "country:France", "", "right side", "France's"),
        Fact("left.private", 8.3, "months", "private tests", "8.3 months"),
        Fact("right.private", 11.3, "months", "private tests", "11.3 months"),
        Fact("difference.private", -3.0, "months", "left minus right, private tests", "shorter by 3.0 months"),
    )
    assert found("China's open models are ahead of France's on private tests.", facts) == []
    assert found("China trails by 8.3 months and France by 11.3.", facts) == []
    assert kinds("China trails by 11.3 months and France by 8.3.", facts) == {"subject"}
    assert kinds("France's open models are ahead of China's on private tests.", facts) == {"direction"}


def test_a_match_of_what_waits_longer_than_the_gap_pushes_it_up() -> None:
    facts = (*GAP, Fact("older", 8, "marks", "private tests, waiting longer than the gap there", "8 marks"))
    assert found("Closed models set 8 marks, still unmatched. A match would push it up.", facts) == []
    assert kinds("Closed models set 8 marks, still unmatched. A match would push it down.", facts) == {"direction"}
    assert any("pushes it up" in each.why for each in found("Catching up would pull the gap down.", facts))
    assert found("A match would push it down.") == []


def test_what_others_say_is_told_as_theirs() -> None:
    facts = (
        Fact("who.widening", 1, "publications", "widening", "CAISI on 1 May 2026"),
        Fact("says.widening", 1, "publications", "widening", "1 says widening"),
    )
    assert found("CAISI says that the gap is widening.", facts) == []
    assert kinds("CAISI says that the gap is narrowing.", facts) == {"direction"}


def test_without_known_names_only_what_looks_like_a_model_is_refused() -> None:
    assert unsupported("It is the same on SimpleBench2 and GPT-9.", GAP)[0].kind == "name"
    assert unsupported("It was so for a long time.", GAP) == []


@pytest.mark.parametrize("text", ["22 hours", "\n\n", "·•|", "…", "a " * 500, "((((", "5 " * 40, "¤¤¤", "Δ 7", "٣"])
def test_any_text_can_be_checked(text: str) -> None:
    assert all(each.kind and each.said and each.why for each in found(text))


def test_without_facts_nothing_is_supported_and_plain_words_are() -> None:
    assert unsupported("Thank you, that is a good question.", ()) == []
    assert {each.kind for each in unsupported("It took 8 months.", ())} == {"number"}
