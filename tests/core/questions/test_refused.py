"""What can't be asked is refused in one sentence that says why, and what to ask instead; by question."""

import pytest

from core.errors import UsageError
from core.questions import QUESTIONS, ask
from core.store.store import Store
from tests.core.questions.conftest import TODAY

HLE = "Humanity's Last Exam has scores of 4 open models, and 5 are needed"
BEFORE, FUTURE = r"is before that\. Ask for a later day", "is in the future"
NO_SIZE = r"such as 32, memory, such as 24 GB, or small card, large card"
REFUSED = [
    ("gap", {"benchmark": "hle"}, f"{HLE} .*; ask for its frontier"),
    ("gap", {"benchmark": "bfcl", "known_by": "2024-12-31"},
     "No score of Berkeley .* was known by .*; ask for a later known-by day"),
    ("gap", {"benchmark": "arena-text"}, r"No score of Arena \(text\) is in the data yet; ask about another test"),
    ("gap", {"known_by": "2025-01-01"}, "By 1 January 2025 no test had scores of 5 open models .* known-by day"),
    ("gap", {"benchmark": "mistral"}, '"mistral" is a lab; ask with `--lab mistral`.'),
    ("gap", {"benchmark": "china"}, '"china" is a country; ask with `--country china`.'),
    ("gap", {"drawn_first": "no such"}, 'No model is called "no such"'),
    ("gap", {"domain": "knowledge", "access": "private"},
     "Can't tell on private knowledge tests: there is none; leave"),
    ("gap", {"domain": "preference"}, r"Can't tell on preference tests: only a part is known of Arena \(text\)"),
    ("gap", {"domain": "pictures"}, "Can't tell on picture tests: there is none in the data; ask for coding, maths,"),
    ("gap", {"domain": "agents", "as_of": "2023-01-01"}, "Can't tell the gap on agent tests: no open model had"),
    ("gap", {"domain": "coding", "benchmark": "gpqa"}, "GPQA Diamond is a test of science; leave the domain out"),
    ("gap", {"domain": "coding", "benchmark": "eci"}, "Epoch Capabilities Index is a test of no domain yet"),
    ("best", {"size": "hello"}, NO_SIZE), ("best", {"size": "-3"}, NO_SIZE), ("best", {"size": "B"}, NO_SIZE),
    ("best", {"size": "0.01", "benchmark": "weirdml"},
     r"No open model up to 0\.01B has a score on WeirdML by .*; ask for more"),
    ("best", {"price": "1", "as_of": "2025-06-01"},
     r"No open model at \$1 or less .* Prices are known from 2026 on, of some"),
    ("frontier", {"benchmark": "nonsuch"}, 'No test is called "nonsuch"'),
    ("frontier", {"benchmark": "weirdml", "as_of": "2020-01-01"},
     "The data on WeirdML begins with models of 13 June 2023"),
    ("frontier", {"as_of": "2010-01-01"}, "The data begins with models of"),
    ("frontier", {"as_of": "2027-01-01"}, FUTURE),
    ("frontier", {"known_by": "2010-01-01"}, "No score was known by 2010-01-01"),
    ("compare", {"left": "hle", "right": "gpqa"}, HLE),
    ("compare", {"left": "gpqa", "right": "private", "domain": "science"},
     "^Can't tell on private science tests: there is none; leave the access out"),
    ("compare", {"left": "2010-01-01", "right": "now"}, BEFORE),
    ("compare", {"left": "2025-01-20", "right": "now", "as_of": "2025-03-01"},
     "Two days are compared here; leave the as-of day 2025-03-01 out"),
    ("compare", {"left": "gpqa", "right": "WeirdML", "access": "public"},
     r'^Tests are compared with tests here; leave "public" out\.$'),
    ("compare", {"left": "gpqa", "right": "weirdml", "domain": "coding"}, 'leave "coding" out'),
    ("compare", {"left": "Kimi K3", "right": "GPT-5", "as_of": "2026-06-01"},
     "Kimi K3 was released on 27 July 2026, after 1 June 2026"),
    ("compare", {"left": "openai", "right": "us"},
     "OpenAI's models and the United States' open models are partly the same"),
    *(("compare", {"left": left, "right": right}, "partly the same; compare two that share none")
      for left, right in (("deepseek", "china"), ("Kimi K3", "kimi"), ("up to 40B", "over 10B"), ("open meta", "meta"),
                          ("open", "China"))),
    ("what_if", {"benchmark": "gpqa", "score": "100.5"},
     "A score on GPQA Diamond lies between 0 and 100 %; 100.5 can't be one"),
    ("what_if", {"benchmark": "gpqa", "score": "-1"},
     "A score on GPQA Diamond lies between 0 and 100 %; -1 can't be one"),
    ("what_if", {"benchmark": "metr", "score": "0"},
     "A score on METR Time Horizons is more than 0 minutes; 0 can't be one"),
    ("what_if", {"benchmark": "gpqa", "score": "50", "day": "2019-01-01"},
     "on GPQA Diamond begins .*; 1 January 2019 is before that"),
    ("what_if", {"benchmark": "gpqa", "score": "50", "day": "2031-12-10"},
     "10 December 2031 is too far ahead; give 1 December 2031 or"),
    ("what_if", {"benchmark": "hle", "score": "50"}, f"{HLE} .* another test"),
    ("what_if", {"benchmark": "no such test", "score": "50"}, "No test is called"),
    ("what_if", {"benchmark": "gpqa", "score": "50", "known_by": "2027-01-01"},
     "The known-by day 2027-01-01 is in the future"),
    ("changes", {"since": "2010-01-01"}, BEFORE),
    ("changes", {"since": "2027-01-01"}, "The since day 2027-01-01 is in the future; give 2026-12-01 or earlier"),
    ("changes", {"since": "2026-03-01", "until": "2027-01-01"},
     "The until day 2027-01-01 is in the future; give 2026-12-01 or earlier"),
    ("changes", {"since": "2026-08-01", "until": "2026-07-01"},
     "The day 2026-08-01 to look back to is not before 2026-07-01; give an earlier one"),
    ("changes", {"since": "2026-08-01", "until": "2026-08-01"}, "is not before 2026-08-01"),
    ("changes", {"since": "2026-06-01", "known_by": "2027-05-22"}, "The known-by day 2027-05-22 is in the future"),
    ("timeline", {}, "A timeline needs a benchmark, such as GPQA Diamond, or a model, such as GPT-4; give one of them"),
    ("timeline", {"level": "80"}, "A level needs its benchmark; give one, such as GPQA Diamond"),
    ("timeline", {"model": "gpt-4", "level": "80"}, "leave the level out, or the model"),
    ("timeline", {"benchmark": "gpqaa"}, 'No test is called "gpqaa". Did you mean GPQA Diamond'),
    ("timeline", {"benchmark": "gpqa", "level": "0"},
     "GPQA Diamond is scored in percent: give a level above 0, and up to 100, not 0"),
    ("timeline", {"benchmark": "gpqa", "level": "120"},
     "GPQA Diamond is scored in percent: give a level above 0, and up to 100, not 120"),
    ("timeline", {"benchmark": "metr", "level": "-3"},
     "METR Time Horizons is scored in minutes: give a level above 0, and up to 5000, not -3"),
    ("timeline", {"benchmark": "eci", "level": "1e6"},
     "Epoch Capabilities Index is scored in points: give a level above 0, and up to 1700, not 1e.06"),
    ("model", {"model": "Qwen-Max"}, 'No model is called "Qwen-Max". Did you mean Qwen3-Max'),
    ("model", {"model": "chinchilla"},
     r"Chinchilla \(70B\) can't be compared \(never released\); choose another model"),
    ("model", {"model": "claude-instant-1.1"}, r"can't be compared \(no release date\)"),
    ("model", {"model": "kimi k2", "as_of": "2025-07-11"}, "on 12 July 2025, after 11 July 2025; ask for a later day"),
    ("model", {"model": "kimi k2", "benchmark": "gpqa"}, "no score on GPQA Diamond; give a test that has one: Aider"),
    ("roster", {"side": "closed", "lab": "moonshot"},
     "^No closed model of Moonshot has a score by 28 September 2026; ask for"),
    ("unmatched", {"benchmark": "hle"}, HLE),
    ("unmatched", {"benchmark": "gpqa", "access": "private"}, "GPQA Diamond is a public test; leave the access out"),
    ("unmatched", {"as_of": "2023-01-01"},
     "No test had scores of 5 open models and of a closed one by 1 January 2023"),
    ("others", {"publisher": "Zogby"}, r'No publisher is called "Zogby"\. None is near; others lists those'),
    ("terms", {"term": "moon"}, r'No term is called "moon"\. Did you mean'),
    ("sources", {"benchmark": "nonsense"}, r'No test is called "nonsense"\. None is near; .* sources list'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "words", "message"), REFUSED)
def test_what_cant_be_asked_is_refused_with_what_to_do(
    store: Store, name: str, words: dict[str, str], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        ask(QUESTIONS[name].from_words(**words), store, TODAY)
