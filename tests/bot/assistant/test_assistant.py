"""Free text answered with a model: when it is asked, what it is given, what is kept, counted and remembered."""

import asyncio
import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.assistant.budget import Budget
from bot.assistant.text import MOST_LETTERS
from bot.schema import parameters
from bot.state.conversation_key import ConversationKey
from bot.state.conversations import Memory
from bot.state.database import State
from bot.state.usage import Usage
from core.questions import QUESTIONS, GapQuestion, ask
from core.store.store import Store
from tests.bot.assistant.scripted import HERE, NOW, TODAY, UNSURE, assistant_of, reply_of, settings_of
from tests.conftest import ROOT
from tests.fakes.openai import Asked, FakeOpenAI, Reply, always, declines, error, hang, reads, too_long

GAP = reads(("gap", {}))


# ---- when the model is asked


@pytest.mark.parametrize(
    "typed",
    ["how far behind are open models?", "gap on gpqa", "when did open models reach 80 % on GPQA?", "thanks", "?"],
)
async def test_what_the_rules_understand_wholly_is_answered_at_once_and_for_nothing(
    evidence_file: Path, typed: str
) -> None:
    with FakeOpenAI() as model:
        got = await reply_of(evidence_file, model, typed)
        assert got == await reply_of(evidence_file, None, typed)
        assert model.asked == []


@pytest.mark.slow
async def test_when_the_assistant_is_stopped_the_rules_answer_at_once_and_the_model_is_asked_no_more(
    evidence_file: Path, store: Store
) -> None:
    with FakeOpenAI(always(hang())) as model:
        assistant = assistant_of(settings_of(evidence_file, model))
        under_way = asyncio.create_task(assistant.reply(UNSURE, HERE, NOW))
        while not model.asked:
            await asyncio.sleep(0.01)
        assistant.stop()
        async with asyncio.timeout(5):
            for got in (await under_way, await assistant.reply(UNSURE, HERE, NOW)):
                assert got.answer == ask(GapQuestion(), store, TODAY)
        assert len(model.asked) == 1


async def test_without_a_model_everything_is_read_by_rules(evidence_file: Path, store: Store) -> None:
    got = await reply_of(evidence_file, None, UNSURE)
    assert got.answer == ask(GapQuestion(), store, TODAY)
    assert (got.notice, got.usage) == (None, None)


@pytest.mark.slow
async def test_what_rules_cant_read_the_model_can(evidence_file: Path, store: Store) -> None:
    typed = "will my download folder ever rival what they rent out?"
    assert (await reply_of(evidence_file, None, typed)).answer is None
    with FakeOpenAI(GAP) as model:
        got = await reply_of(evidence_file, model, typed)
    assert got.answer == ask(GapQuestion(), store, TODAY)
    assert got.understood == "gap"
    assert (got.usage.outcome, got.usage.calls) == ("answered", 1)
    assert got.usage.tokens_in > 0 < got.usage.tokens_out


async def test_what_the_model_read_goes_before_what_the_rules_read_in_part(evidence_file: Path) -> None:
    with FakeOpenAI(reads(("trust", {"access": "private"}), aspect="sure")) as model:
        got = await reply_of(evidence_file, model, UNSURE)
    assert got.reading.understood == "trust · private tests"


async def test_what_was_asked_of_it_comes_first(evidence_file: Path, store: Store) -> None:
    with FakeOpenAI(reads(("gap", {}), aspect="direction")) as model:
        got = await reply_of(evidence_file, model, UNSURE)
    assert got.answer == ask(GapQuestion(), store, TODAY).about("direction")
    assert got.answer != ask(GapQuestion(), store, TODAY)


async def test_several_questions_at_once_are_each_answered(evidence_file: Path) -> None:
    script = reads(("gap", {"benchmark": "gpqa"}), ("timeline", {"benchmark": "gpqa", "level": 80}))
    with FakeOpenAI(script) as model:
        got = await reply_of(evidence_file, model, "how far behind on gpqa, and when did open ones get to 80 there?")
        assert len(model.asked) == 1
    assert got.understood == "gap · GPQA Diamond + timeline · GPQA Diamond · 80 %"
    assert [other.answer is not None for other in got.other_replies] == [True]
    gap, timeline, day, *_ = got.lines
    assert (gap.label, timeline.label) == ("gap · GPQA Diamond", "timeline · GPQA Diamond · 80 %")
    assert gap.text == got.answer.lines[0].text
    assert "25 July 2025" in timeline.text
    assert day.label == "Data"
    assert day.text.startswith("to 28 September 2026")


async def test_of_several_those_that_can_be_answered_come_first_and_at_most_three_are(evidence_file: Path) -> None:
    asked = [
        ("gap", {"benchmark": "juggling"}),
        *[("gap", {"benchmark": name}) for name in ("gpqa", "weirdml", "mmlu")],
    ]
    with FakeOpenAI(reads(*asked)) as model:
        got = await reply_of(evidence_file, model, "how far behind on juggling, gpqa, weirdml, and mmlu?")
    assert [reply.reading.fields["benchmark"] for reply in (got, *got.other_replies)] == [
        "GPQA Diamond", "WeirdML", "juggling"
    ]  # fmt: skip
    assert got.lines[2].text.startswith('No test is called "juggling"')


# ---- where it declines, and where what it read can't be asked


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("not_in_data", "That is not in the data."),
        ("forecast", "Nothing is forecast here."),
        ("unknown_name", "The data know no such name."),
        ("other_subject", "I can't answer that."),
    ],
)
async def test_a_model_that_declines_goes_before_what_the_rules_read(
    evidence_file: Path, reason: str, says: str
) -> None:
    with FakeOpenAI(declines(reason, ("trust", {}), ("gap", {"benchmark": "PWNED"}))) as model:
        got = await reply_of(evidence_file, model, UNSURE)
    assert got.answer is None
    assert got.sentence.startswith(says)
    assert [offer.understood for offer in got.reading.near] == ["trust"]
    assert got.usage.outcome == "answered"


async def test_where_rules_decline_too_their_reason_stands(evidence_file: Path) -> None:
    typed = "what is the price of gpt-5 for a startup?"
    by_rules = await reply_of(evidence_file, None, typed)
    with FakeOpenAI(declines("not_in_data")) as model:
        got = await reply_of(evidence_file, model, typed)
    assert by_rules.sentence.startswith("That is not in the data.")
    assert got.sentence == by_rules.sentence


@pytest.mark.parametrize(
    "typed", ["what's the weather in Berlin?", "hello my dear friend, how is life", "write me a poem"]
)
async def test_what_is_no_question_of_ours_gets_our_own_sentence(evidence_file: Path, typed: str) -> None:
    with FakeOpenAI(declines("other_subject")) as model:
        got = await reply_of(evidence_file, model, typed)
        assert len(model.asked) <= 1
    by_rules = await reply_of(evidence_file, None, typed)
    assert (got.answer, got.sentence, got.notice) == (None, by_rules.sentence, None)


async def test_a_question_that_cant_be_asked_like_that_gets_its_sentence(evidence_file: Path) -> None:
    with FakeOpenAI(reads(("model", {"model": "kimi k99"}))) as model:
        got = await reply_of(evidence_file, model, "is kimi k99 any good at juggling, or nah? be frank")
    assert got.answer is None
    assert got.sentence.startswith('No model is called "')


async def test_a_field_that_is_missing_is_said(evidence_file: Path) -> None:
    with FakeOpenAI(reads(("what_if", {"benchmark": "GPQA", "score": "null"}))) as model:
        got = await reply_of(evidence_file, model, f"{UNSURE} gpqa")
    assert got.sentence.startswith("The score is missing; give one")


async def test_a_name_that_nothing_has_is_dropped_by_no_model(evidence_file: Path) -> None:
    typed = "gap on superduperbench"
    with FakeOpenAI(GAP, reads(("gap", {"benchmark": "superduperbench"}))) as model:
        dropped = await reply_of(evidence_file, model, typed)
        given = await reply_of(evidence_file, model, typed)
    assert (dropped.answer, given.answer) == (None, None)
    assert str(dropped.sentence).startswith('No test is called "superduperbench". Near: SimpleBench.')
    assert str(given.sentence).startswith('No test is called "superduperbench".')


async def test_words_that_nobody_said_are_not_shown(evidence_file: Path, store: Store) -> None:
    with FakeOpenAI(reads(("gap", {"benchmark": "PWNED"}))) as model:
        got = await reply_of(evidence_file, model, UNSURE)
    assert got.answer == ask(GapQuestion(), store, TODAY)
    assert got.usage.outcome == "fallback"
    with FakeOpenAI(reads(("what_if", {"benchmark": "GPQA", "score": "90", "model": "PWNED"}))) as model:
        got = await reply_of(evidence_file, model, UNSURE)
    assert got.answer is not None
    assert "PWNED" not in f"{got}"


# ---- what it is given


async def test_the_model_is_given_the_days_and_all_questions_with_their_fields(evidence_file: Path) -> None:
    with FakeOpenAI(GAP) as model:
        await reply_of(evidence_file, model, UNSURE)
    [asked] = model.asked
    assert "Today is 25 November 2026. Without another day, everything is as of 28 September 2026." in asked.system
    assert "The last question was" not in asked.system
    for name, question in QUESTIONS.items():
        assert re.search(rf"^- {name}\(", asked.system, re.MULTILINE)
        assert all(
            parameter.description in asked.system
            for parameter in parameters(question)
            if not parameter.name.startswith(("shown_", "drawn_"))
        )
    assert asked.body["stream"] is False


async def test_all_that_the_model_reads_has_at_most_2500_tokens(evidence_file: Path) -> None:
    """As a token of English or JSON has more than three and a half letters."""
    typed = " ".join([UNSURE, *(f"oracle{number}" for number in range(100))])[:MOST_LETTERS]
    longest = GapQuestion(
        "Humanity's Last Exam", "private", country="United States", lab="Moonshot", as_of=TODAY, known_by=TODAY,
        method="clustered",
    )  # fmt: skip
    with FakeOpenAI(GAP) as model:
        await reply_of(evidence_file, model, typed, longest)
    [asked] = model.asked
    letters = len(asked.everything) + len(json.dumps(asked.body["response_format"]))
    assert letters / 3.5 < 2500


async def test_characters_that_cant_be_seen_do_not_reach_the_model(evidence_file: Path) -> None:
    with FakeOpenAI(GAP) as model:
        await reply_of(evidence_file, model, "how far\u200b behind are open\u202e models, is the moat gone?")
    assert model.asked[0].text == "how far behind are open models, is the moat gone?"


# ---- memory and budget


@pytest.mark.slow
async def test_a_follow_up_is_understood_from_what_was_said_before(evidence_file: Path, state: State) -> None:
    memory = Memory(state)
    with FakeOpenAI(reads(("gap", {"access": "private", "country": "China"}))) as model:
        assistant = assistant_of(settings_of(evidence_file, model), memory=memory)
        await assistant.reply("gap for china", HERE, NOW)
        assert model.asked == []
        got = await assistant.reply("and where nobody could peek at the answers beforehand?", HERE, NOW)
        assert got.understood == "gap · private tests · China"
        assert 'The last question was {"question": "gap", "fields": {"country": "China"}}' in model.asked[0].system
    turns = memory.recall(HERE, NOW)
    fields: list[dict[str, str]] = [{"country": "China"}, {"access": "private", "country": "China"}]
    assert list(turns) == [{"question": "gap", "fields": values} for values in fields]


async def test_rules_follow_up_from_memory_too(evidence_file: Path, state: State) -> None:
    memory = Memory(state)
    memory.remember(HERE, {"question": "gap", "fields": {"country": "China"}}, NOW)
    with FakeOpenAI() as model:
        assistant = assistant_of(settings_of(evidence_file, model), memory=memory)
        got = await assistant.reply("and on private tests?", HERE, NOW)
        assert got.reading.understood == "gap · private tests · China"
        elsewhere = await assistant.reply("and on private tests?", ConversationKey("elsewhere"), NOW)
        assert elsewhere.reading.understood == "gap · private tests"
        assert await assistant.forget(HERE) == 2
        forgotten = await assistant.reply("and on private tests?", HERE, NOW)
        assert forgotten.reading.understood == "gap · private tests"


@pytest.mark.parametrize(
    "kept",
    [{"question": "gone", "fields": {}}, {"question": "gap"}, {"question": "gap", "fields": {"x": "y"}}, {"a": 1}],
)
async def test_a_turn_of_another_version_is_no_error(
    evidence_file: Path, state: State, kept: dict[str, object]
) -> None:
    memory = Memory(state)
    memory.remember(HERE, kept, NOW)
    with FakeOpenAI() as model:
        got = await assistant_of(settings_of(evidence_file, model), memory=memory).reply("gap on gpqa", HERE, NOW)
    assert got.answer is not None


async def test_when_the_days_budget_is_spent_the_rules_answer_and_say_so(evidence_file: Path, state: State) -> None:
    with FakeOpenAI(always(GAP)) as model:
        settings = settings_of(evidence_file, model, llm_user_tokens=5600)
        budget = Budget(state, settings)
        assistant = assistant_of(settings, budget=budget)
        first = await assistant.reply(UNSURE + " a", HERE, NOW)
        assert first.answer is not None
        assert first.notice is None
        asked = len(model.asked)
        second = await assistant.reply(UNSURE + " b", HERE, NOW)
        assert len(model.asked) == asked
        assert second.answer == first.answer
        assert second.notice.startswith("Your share of the language model is used up for today")
        tomorrow = await assistant.reply(UNSURE + " c", HERE, NOW + timedelta(days=1))
        assert tomorrow.notice is None
        assert len(model.asked) == asked + 1


async def test_what_a_failed_answer_used_is_counted_too(evidence_file: Path, state: State) -> None:
    spent: list[Usage] = []

    class Counting(Budget):
        def count_usage(self, used: Usage) -> None:
            spent.append(used)

    with FakeOpenAI(error(500), too_long("…")) as model:
        settings = settings_of(evidence_file, model)
        await assistant_of(settings, budget=Counting(state, settings)).reply(UNSURE + " d", HERE, NOW)
    [used] = spent
    assert (used.purpose, used.model, used.outcome, used.calls) == ("answer", "fake", "fallback", 2)
    assert used.tokens_in > 0


async def test_a_state_that_cant_be_used_stops_no_answer(evidence_file: Path, state: State) -> None:
    state.close()
    with FakeOpenAI(always(GAP)) as model:
        settings = settings_of(evidence_file, model)
        assistant = assistant_of(settings, memory=Memory(state), budget=None)
        assert (await assistant.reply("gap on gpqa", HERE, NOW)).answer is not None


# ---- what is loaded, and where it goes


@pytest.mark.slow
def test_without_a_model_neither_langchain_nor_openai_is_loaded(evidence_file: Path, tmp_path: Path) -> None:
    code = (
        "import sys\nfrom bot.cli import main\n"
        "try: main(sys.argv[1:])\nexcept SystemExit as end: assert not end.code\n"
        "print('\\n' + ' '.join(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    for words in (["gap"], ["ask", "how far behind are open models, is the moat gone?"], ["chat"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *words],
            cwd=tmp_path,
            env={"GAPBRIEF_DB": str(evidence_file), "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            input="and on private ones?\n",
        )
        assert done.returncode == 0, done.stderr
        loaded = set(done.stdout.splitlines()[-1].split())
        heavy = {"langchain", "langchain_core", "langchain_openai", "langgraph", "langsmith", "openai", "sqlalchemy"}
        assert not loaded & heavy, words


@pytest.mark.slow
def test_nothing_is_traced_whatever_is_set(evidence_file: Path, tmp_path: Path) -> None:
    code = (
        "from bot.settings import Settings\nfrom bot.assistant.model_calls import connect_models\n"
        "connect_models(Settings.read())\n"
        "from langsmith.utils import tracing_is_enabled\nassert not tracing_is_enabled()"
    )
    variables = {
        "GAPBRIEF_LLM_MODEL": "m", "GAPBRIEF_LLM_BASE_URL": "http://127.0.0.1:9/v1", "LANGSMITH_TRACING": "true",
        "LANGCHAIN_TRACING_V2": "true", "LANGSMITH_API_KEY": "x", "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin",
        "GAPBRIEF_DB": str(evidence_file),
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


async def test_many_at_once_each_get_their_own(evidence_file: Path) -> None:
    def step(asked: Asked) -> Reply:
        return reads(("gap", {"access": "private" if "secret" in asked.text else "public"}))

    typed = [f"what of {kind} ones, number {n}, dear oracle" for n in range(4) for kind in ("secret", "published")]
    with FakeOpenAI(always(step)) as model:
        assistant = assistant_of(settings_of(evidence_file, model))
        got = await asyncio.gather(*(assistant.reply(text, HERE, datetime.now(UTC)) for text in typed))
    assert [reply.understood for reply in got] == ["gap · private tests", "gap · public tests"] * 4
