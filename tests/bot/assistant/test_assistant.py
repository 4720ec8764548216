"""Free text answered with a model: when it is asked, what it is given, what is kept, counted and remembered."""

import asyncio
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.assistant.budget import Budget, Used
from bot.assistant.memory import Memory, Turn
from bot.assistant.place import Place
from bot.state.state import State
from core.questions import QUESTIONS, GapQuestion, ask
from core.store.store import Store
from tests.bot.assistant.scripted import HERE, NOW, QUICK, TODAY, UNSURE, assistant_of, reply_of, settings_of
from tests.conftest import ROOT
from tests.fakes.openai import Always, Asked, FakeOpenAI, Reply, Step, always, called, calls, error, hang, text

GAP = "Open models trail by {q1.about.private} and {q1.about.public}."


def of_gap(*, words: str = GAP) -> Always:
    """A model that asks for the gap, and says it."""

    def step(asked: Asked) -> Reply:
        return text(words) if asked.slots else calls(gap={})

    return always(step)


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
    assert (got.worded, got.notice, got.used) == (None, None, None)


async def test_what_rules_cant_read_the_model_can(evidence_file: Path, store: Store) -> None:
    typed = "will my download folder ever rival what they rent out?"
    assert (await reply_of(evidence_file, None, typed)).answer is None
    with FakeOpenAI(of_gap()) as model:
        got = await reply_of(evidence_file, model, typed)
    assert got.answer == ask(GapQuestion(), store, TODAY)
    assert got.worded is not None
    assert got.worded.startswith("Open models trail by about 7.5 months")


async def test_several_questions_at_once_are_answered_in_one_text(evidence_file: Path) -> None:
    def step(asked: Asked) -> Reply:
        if not asked.slots:
            return called(("gap", {"benchmark": "gpqa"}), ("timeline", {"benchmark": "gpqa", "level": 80}))
        return text(
            "Open models trail by {q1.about.public}, with {q1.range.public}. "
            "{q2.asked.open} was the first open model at {q2.asked.level}, on {q2.asked.open.day}."
        )

    with FakeOpenAI(always(step)) as model:
        got = await reply_of(evidence_file, model, "how far behind on gpqa, and when did open ones get to 80 there?")
    assert got.understood == "gap · GPQA Diamond + timeline · GPQA Diamond · 80 %"
    assert got.worded is not None
    assert "was the first open model at 80 %, on 25 July 2025." in got.worded
    assert [each.answer is not None for each in got.others] == [True]
    assert got.figures is not None
    assert [line.split(":")[0] for line in got.figures.split("\n")] == [
        "gap · GPQA Diamond", "timeline · GPQA Diamond · 80 %"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "typed", ["what's the weather in Berlin?", "hello my dear friend, how is life", "write me a poem"]
)
async def test_where_no_tool_is_needed_the_models_words_are_not_shown(evidence_file: Path, typed: str) -> None:
    with FakeOpenAI(text("It is sunny, with 25 degrees.")) as model:
        got = await reply_of(evidence_file, model, typed)
        assert len(model.asked) <= 1
    by_rules = await reply_of(evidence_file, None, typed)
    assert (got.answer, got.worded, got.sentence) == (None, None, by_rules.sentence)
    assert got.notice is None


async def test_a_question_that_cant_be_asked_like_that_gets_its_sentence(evidence_file: Path) -> None:
    with FakeOpenAI(calls(model={"model": "kimi k99"}), text("I could not find it.")) as model:
        got = await reply_of(evidence_file, model, "is kimi k99 any good at juggling, or nah? be frank")
    assert got.answer is None
    assert got.sentence is not None
    assert got.sentence.startswith('No model is called "')


async def test_where_its_words_fail_and_rules_read_nothing_the_answer_itself_is_shown(
    evidence_file: Path, store: Store
) -> None:
    with FakeOpenAI(of_gap(words="They trail by 99 months.")) as model:
        got = await reply_of(evidence_file, model, "will my download folder ever rival what they rent out?")
    assert got.worded is None
    assert got.answer == ask(GapQuestion(), store, TODAY)
    assert got.reading.understood == "gap"


# ---- what it is given


async def test_the_model_is_given_the_day_the_glossary_the_caveats_and_the_tools(evidence_file: Path) -> None:
    with FakeOpenAI(of_gap()) as model:
        await reply_of(evidence_file, model, f"{UNSURE} I mean the winner's curse")
    first = model.asked[0]
    assert first.tools == set(QUESTIONS)
    assert "Today is 25 November 2026. Without another day, everything is as of 22 August 2026." in first.system
    assert "- Private test: A benchmark whose questions are not published" in first.system
    assert "- Winner's curse: " in first.system
    assert "open developers can train towards public tests; so the gap looks smaller than it is" in first.system
    assert "closed models are tested more often than open ones; so the gap looks larger than it is" in first.system
    assert first.body["stream"] is False
    assert "{q1.gap.private} = " in model.asked[1].text


async def test_a_caveat_is_said_by_its_slot_with_its_direction(evidence_file: Path) -> None:
    with FakeOpenAI(of_gap(words=f"{GAP} Mind that {{caveat.training-to-test}}.")) as model:
        got = await reply_of(evidence_file, model, UNSURE)
    assert got.worded is not None
    assert got.worded.endswith(
        "Mind that open developers can train towards public tests, which makes the gap look smaller than it is."
    )


async def test_characters_that_cant_be_seen_do_not_reach_the_model(evidence_file: Path) -> None:
    with FakeOpenAI(of_gap()) as model:
        await reply_of(evidence_file, model, "how far\u200b behind are open\u202e models, is the moat gone?")
    assert model.asked[0].text == "how far behind are open models, is the moat gone?"


# ---- what is kept


async def test_an_identical_question_on_unchanged_data_is_answered_from_what_is_kept(evidence_file: Path) -> None:
    typed = "how far behind are open models, has the dam burst?"
    with FakeOpenAI(of_gap()) as model:
        settings = settings_of(evidence_file, model)
        first = await assistant_of(settings, limits=QUICK).reply(typed, HERE, NOW)
        again = await assistant_of(settings, limits=QUICK).reply(f"  {typed} ", Place("elsewhere"), NOW)
        assert len(model.asked) == 2
        assert (again.worded, again.figures, again.answer) == (first.worded, first.figures, first.answer)
        assert again.used is not None
        assert (again.used.calls, again.used.tokens_in) == (0, 0)
        other = replace(settings, llm_model="another")
        await assistant_of(other, limits=QUICK).reply(typed, HERE, NOW)
        assert len(model.asked) == 4


# ---- memory and budget


async def test_a_follow_up_is_understood_from_what_was_said_before(evidence_file: Path, state: State) -> None:
    def step(asked: Asked) -> Reply:
        if asked.slots:
            return text("On private tests open models trail by {q1.about.private}.")
        return calls(gap={"access": "private"})

    memory = Memory(state)
    with FakeOpenAI(always(step)) as model:
        assistant = assistant_of(settings_of(evidence_file, model), memory=memory, limits=QUICK)
        await assistant.reply("how far behind are open models?", HERE, NOW)
        assert model.asked == []
        got = await assistant.reply("and where nobody could peek at the answers beforehand?", HERE, NOW)
        assert got.understood == "gap · private tests"
        before = [each["content"] for each in model.asked[0].messages[1:]]
        assert before[0] == "how far behind are open models?"
        assert before[1] == '[answered: {"question": "gap", "fields": {}}]'
    turns = memory.recall(HERE, NOW)
    assert [turn.asked for turn in turns] == [
        "how far behind are open models?", "and where nobody could peek at the answers beforehand?"
    ]  # fmt: skip
    assert turns[1].question == {"question": "gap", "fields": {"access": "private"}}
    assert turns[1].said == got.worded


async def test_rules_follow_up_from_memory_too(evidence_file: Path, state: State) -> None:
    memory = Memory(state)
    memory.remember(HERE, Turn("x", "y", {"question": "gap", "fields": {"country": "China"}}), NOW)
    with FakeOpenAI() as model:
        assistant = assistant_of(settings_of(evidence_file, model), memory=memory, limits=QUICK)
        got = await assistant.reply("and on private tests?", HERE, NOW)
        assert got.reading.understood == "gap · private tests · China"
        elsewhere = await assistant.reply("and on private tests?", Place("elsewhere"), NOW)
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
    memory.remember(HERE, Turn("x", "y", kept), NOW)
    with FakeOpenAI() as model:
        got = await assistant_of(settings_of(evidence_file, model), memory=memory).reply("gap on gpqa", HERE, NOW)
    assert got.answer is not None


async def test_when_the_days_budget_is_spent_the_rules_answer_and_say_so(evidence_file: Path, state: State) -> None:
    with FakeOpenAI(of_gap()) as model:
        settings = settings_of(evidence_file, model, llm_user_tokens=10)
        budget = Budget(state, settings)
        assistant = assistant_of(settings, budget=budget, limits=QUICK)
        first = await assistant.reply(UNSURE + " a", HERE, NOW)
        assert first.worded is not None
        asked = len(model.asked)
        second = await assistant.reply(UNSURE + " b", HERE, NOW)
        assert len(model.asked) == asked
        assert (second.worded, second.answer) == (None, first.answer)
        assert second.notice is not None
        assert second.notice.startswith("Your share of the language model is used up for today")
        tomorrow = await assistant.reply(UNSURE + " c", HERE, NOW + timedelta(days=1))
        assert tomorrow.worded is not None


async def test_what_a_failed_answer_used_is_counted_too(evidence_file: Path, state: State) -> None:
    spent: list[Used] = []

    class Counting(Budget):
        def spend(self, place: Place, used: Used, now: datetime) -> None:
            spent.append(used)

    script: tuple[Step, ...] = (calls(gap={}), error(400))
    with FakeOpenAI(*script) as model:
        settings = settings_of(evidence_file, model)
        await assistant_of(settings, budget=Counting(state, settings), limits=QUICK).reply(UNSURE + " d", HERE, NOW)
    [used] = spent
    assert (used.purpose, used.model, used.outcome, used.calls) == ("answer", "fake", "failed", 2)
    assert used.tokens_in > 0


async def test_a_state_that_cant_be_used_stops_no_answer(evidence_file: Path, state: State) -> None:
    state.close()
    with FakeOpenAI(of_gap()) as model:
        settings = settings_of(evidence_file, model)
        assistant = assistant_of(settings, memory=Memory(state), budget=None, limits=QUICK)
        assert (await assistant.reply("gap on gpqa", HERE, NOW)).answer is not None


# ---- what is loaded, and where it goes


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


def test_nothing_is_traced_whatever_is_set(evidence_file: Path, tmp_path: Path) -> None:
    code = (
        "from bot.settings import Settings\nfrom bot.assistant.models import models\n"
        "models(Settings.read())\n"
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
        access = "private" if "secret" in asked.messages[1]["content"] else "public"
        if asked.slots:
            return text(f"On {access} tests open models trail by {{q1.gap.{access}}}.")
        return calls(gap={"access": access})

    typed = [f"what of {kind} ones, number {n}, dear oracle" for n in range(4) for kind in ("secret", "published")]
    with FakeOpenAI(always(step)) as model:
        assistant = assistant_of(settings_of(evidence_file, model))
        got = await asyncio.gather(*(assistant.reply(each, HERE, datetime.now(UTC)) for each in typed))
    assert [each.worded for each in got] == [
        "On private tests open models trail by 7.5 months.", "On public tests open models trail by 5.1 months."
    ] * 4  # fmt: skip
