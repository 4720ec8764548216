"""Open and closed without a hand: what one publisher alone could move waits for a second one, or for a person."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.refresh.doubts import audit, find_headlines
from bot.refresh.effects import MOST_MOVED, find_held_models
from core.evidence import curated
from core.evidence.build import Snapshot, compile_tables, read_inputs
from core.evidence.curated import Source
from core.evidence.evidence import load
from core.evidence.importers.rows import FileContent, RawModel, RawScore
from core.questions import GapQuestion
from core.questions.question import ask
from core.questions.selection import boards
from core.refresh.revisions import HeldModel
from core.store import queries
from core.store.making import make_file
from core.store.store import Store, open_store
from core.store.tables import Claim, shipped_folder

pytestmark = pytest.mark.slow

DAY = date(2026, 11, 28)
LEADERS = (
    "claude-opus-5", "gpt-5.6-sol", "claude-mythos-preview-early", "gpt-6-astra", "gemini-3.8-flash",
    "claude-fable-5-1", "gemini-3.7-flash", "gpt-5.5", "claude-opus-4-8", "claude-sonnet-5",
)  # fmt: skip
"""Closed models of 2026, those that lead first; the third a third party alone calls closed as shipped."""
NEW = "acme-9"


@pytest.fixture(scope="module")
def of_shipped() -> curated.Curated:
    return curated.read_curated(shipped_folder() / "curated")


@pytest.fixture(scope="module")
def shipped_snapshots(of_shipped: curated.Curated) -> list[Snapshot]:
    return read_inputs(shipped_folder(), of_shipped)


class World:
    """The shipped data and what publishers say today, compiled as a refresh does."""

    def __init__(self, folder: Path, by_hand: curated.Curated, snapshots: list[Snapshot]) -> None:
        self.folder, self.by_hand, self.snapshots, self.number = folder, by_hand, snapshots, 0

    def compiled(self, new_snapshots: Sequence[Snapshot], held: Sequence[HeldModel] = ()) -> tuple[Path, Path]:
        self.number += 1
        draft, db = self.folder / str(self.number), self.folder / f"{self.number}.db"
        draft.mkdir()
        waiting = {held_model.model: (held_model.openness, held_model.grade) for held_model in held}
        fresh = [
            (source, replace(content, models=[*content.models], scores=[*content.scores]))
            for source, content in [*self.snapshots, *new_snapshots]
        ]
        compile_tables(replace(self.by_hand, held=waiting), fresh, shipped_folder() / "curated", draft)
        make_file(db, draft)
        return db, draft

    def held(self, *new_snapshots: Snapshot, in_use: Path | None = None) -> dict[str, HeldModel]:
        held_models = find_held_models(*self.compiled(new_snapshots), in_use or shipped_folder())
        return {held_model.model: held_model for held_model in held_models}

    def opened(self, *new_snapshots: Snapshot) -> Store:
        """What is answered from once a refresh has taken what is sound."""
        return open_store(*self.compiled(new_snapshots, tuple(self.held(*new_snapshots).values())))


@pytest.fixture
def world(tmp_path: Path, of_shipped: curated.Curated, shipped_snapshots: list[Snapshot]) -> World:
    return World(tmp_path, of_shipped, shipped_snapshots)


def says(
    publisher: str, claim: Claim, *models: str, role: str = "registry", scores: dict[str, float] | None = None
) -> Snapshot:
    """What a publisher says of models, and scores that it gives the new one on headline tests."""
    source_id = f"{publisher.lower().replace(' ', '-')}-{DAY}"
    source = Source(
        source_id, publisher, "Board", "x", DAY, True, role, 1, "today", "", "MIT", publisher, "", series=source_id
    )
    return source, FileContent(
        len(models),
        models=[
            RawModel(n, model, model, date(2026, 11, 1) if model == NEW else None, "Acme", claim, claim)
            for n, model in enumerate(models)
        ],
        scores=[
            RawScore(0, board, {"weirdml": "2"}.get(board, "1"), NEW, score, "board-run", column="score")
            for board, score in (scores or {}).items()
        ],
    )


def gap_lines(store: Store) -> dict[str, str]:
    return {line.label: line.text for line in ask(GapQuestion(), store, DAY).lines}


def months(store: Store) -> dict[str, float | None]:
    records = load(store)
    evidence = records.known_by(records.last_known)
    return find_headlines(evidence, boards(evidence, None, None))


@pytest.fixture(scope="module")
def today(evidence_file: Path) -> dict[str, float | None]:
    with open_store(evidence_file, shipped_folder()) as store:
        return months(store)


def stays(store: Store, today: dict[str, float | None]) -> bool:
    """Whether no headline moved by more than may be without a person."""
    return all(abs((after or 0) - (today[access] or 0)) <= MOST_MOVED for access, after in months(store).items())


BEST = {"weirdml": 97.0, "gpqa-diamond": 97.0}


def test_two_that_agree_decide_and_what_was_shipped_waits_for_nobody(world: World) -> None:
    assert world.held() == {}
    snapshots = says("Acme Board", "open", NEW, scores=BEST), says("Acme Registry", "open", NEW)
    assert world.held(*snapshots) == {}
    with world.opened(*snapshots) as store:
        assert "On one publisher's word" not in gap_lines(store)
        assert NEW in {model.model_id for model in load(store).models}


def test_one_alone_decides_where_no_record_hangs_on_it(world: World) -> None:
    snapshot = says("Acme Board", "open", NEW, scores={"weirdml": 5.0})
    assert world.held(snapshot) == {}
    with world.opened(snapshot) as store:
        assert [model.openness_grade for model in load(store).models if model.model_id == NEW] == ["registry"]


def test_a_new_leader_that_one_alone_calls_open_is_left_out_and_both_figures_are_told(
    world: World, today: dict[str, float | None]
) -> None:
    snapshot = says("Acme Board", "open", NEW, scores=BEST)
    held = world.held(snapshot)[NEW]
    assert (held.openness, held.grade, held.publishers) == ("open", "held", ("Acme Board",))
    assert "acme-9 is left out: open by Acme Board alone, it would hold a record" in held.why
    assert held.why.endswith("`gapbrief data classify acme-9 open|closed --evidence URL` settles it")
    with world.opened(snapshot) as store:
        assert stays(store, today)
        assert NEW not in {model.model_id for model in load(store).models}
        line = gap_lines(store)["On one publisher's word"]
        facts = {fact.key: fact for fact in ask(GapQuestion(), store, DAY).facts}
        without, with_it = (facts[f"held.{key}.public"] for key in ("without", "with"))
        assert without.value != with_it.value
        assert f"without acme-9 {without.shown}, with it {with_it.shown} on public tests" in line
        assert "1 model (a record on one publisher's word alone)" in gap_lines(store)["Left out"]
        [doubt] = [entry for entry in audit(store).doubts if entry.models == (NEW,)]
        assert doubt.is_record
        assert doubt.reason.startswith("open by Acme Board alone; open it is first on ")
        assert doubt.command == "gapbrief data classify acme-9 open|closed --evidence URL"


def test_a_person_who_agrees_settles_it(world: World) -> None:
    snapshot = says("Acme Board", "open", NEW, scores=BEST)
    person = says("By hand", "open", NEW, role="override")
    assert world.held(snapshot, person) == {}
    held = world.held(snapshot).values()
    with open_store(*world.compiled((snapshot, person), tuple(held))) as store:  # before publishers are asked again
        assert NEW in {model.model_id for model in load(store).models}


def test_where_publishers_disagree_the_model_is_unknown_and_listed_with_what_it_would_move(world: World) -> None:
    snapshots = says("Acme Board", "open", NEW, scores=BEST), says("Acme Registry", "closed", NEW)
    assert world.held(*snapshots) == {}
    with world.opened(*snapshots) as store:
        assert store.rows("SELECT openness FROM models WHERE model_id = ?", (NEW,)) == [("unknown",)]
        assert NEW in {row[2] for row in queries.excluded_models(store)}
        report = audit(store)
        [doubt] = [entry for entry in report.doubts if entry.models == (NEW,)]
        assert doubt.reason.startswith("open or closed is not known: closed by Acme Registry, open by Acme Board; ")
        assert doubt.headlines != report.today


@pytest.mark.parametrize(("publisher", "role", "number"), [("Acme Board", "registry", 7), ("Epoch AI", "index", 10)])
def test_a_publisher_that_calls_leaders_open_moves_no_headline_far_though_it_be_the_index(
    world: World, today: dict[str, float | None], publisher: str, role: str, number: int
) -> None:
    snapshot = says(publisher, "open", *LEADERS[:number], role=role)
    held = world.held(snapshot)
    assert held
    if role == "registry":
        assert f"{LEADERS[2]} is left out: open by Acme Board alone, it would hold a record" in held[LEADERS[2]].why
    with world.opened(snapshot) as store:
        assert stays(store, today)


def test_a_known_class_that_turns_and_moves_a_headline_too_far_waits_alone_and_the_rest_goes_on(
    world: World, today: dict[str, float | None]
) -> None:
    turned = "claude-opus-5", "gemini-3.8-flash"
    snapshots = says("Epoch AI", "open", *turned, role="index"), says("Acme Board", "open", *turned)
    held = world.held(*snapshots)
    assert {model: (held_model.openness, held_model.grade) for model, held_model in held.items()} == {
        "claude-opus-5": ("closed", "registry")
    }
    assert "stays closed, though it is open by Acme Board and Epoch AI: that would move a headline too far" in (
        held["claude-opus-5"].why
    )
    with world.opened(*snapshots) as store:
        assert stays(store, today)
        sides = dict(store.rows("SELECT model_id, openness FROM models"))
        assert [sides[model] for model in turned] == ["closed", "open"]
        conflicts = store.rows(
            "SELECT kept, other, why FROM conflicts WHERE kind = 'openness' AND model_id = ?", turned[:1]
        )
        assert ("closed", "open", "held for a person: it would move a headline") in conflicts


def test_what_waits_still_waits_the_next_time_and_what_was_agreed_on_does_not(world: World) -> None:
    snapshot = says("Acme Board", "open", NEW, scores=BEST)
    first = world.held(snapshot)
    _, in_use = world.compiled((snapshot,), tuple(first.values()))
    assert world.held(snapshot, in_use=in_use) == first
    second = says("Acme Registry", "open", NEW)
    assert world.held(snapshot, second, in_use=in_use) == {}
