"""`gapbrief brief` as a person meets it: forms, days, files, and what can't be done."""

import json
import os
import re
import sys
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from bot.newsroom import FORMS
from tests.bot.commands.conftest import Newsroom
from tests.bot.conftest import Cli, Run
from tests.bot.newsroom.test_notify import ROOM, FakeApprise


def test_the_brief_of_today_is_printed_as_text(run: Run) -> None:
    shown = run("brief")
    assert shown.exit_code == 0
    assert shown.output.startswith("Research · 1 December 2026 · gapbrief · 1 min brief\n\n")
    assert "No new data since 28 September\n" in shown.output


@pytest.mark.slow
def test_every_form_by_its_name(run: Run) -> None:
    begin = dict.fromkeys(("text", "md"), "Written later · ")
    begin |= {"html": "<article", "email": "<!DOCTYPE html>", "json": "{"}
    assert set(begin) == set(FORMS)
    for form, first in begin.items():
        shown = run("brief", "--as-of", "22 May 2026", "--format", form)
        assert shown.exit_code == 0
        assert shown.stdout.startswith(first)
        assert shown.stdout.endswith("\n")
        assert ("data:image/png;base64," in shown.stdout) == (form == "html")
    assert run("brief", "--format", "txt").output == run("brief").output, "text may be called as its files end"


# ---- for editors: the chart


PUBLIC = "https://gap.example.org"


@pytest.mark.parametrize(
    ("form", "picture"),
    [("md", r"!\[No open .* drawn.*\]\(<(.*)>\)"), ("html", '<img src="([^"]*)"'), ("email", '<img .*src="([^"]*)"')],
)
@pytest.mark.slow
def test_every_form_for_editors_has_the_chart_s_public_address(run: Run, form: str, picture: str) -> None:
    shown = run("brief", "--as-of", "22 May 2026", "--format", form, GAPBRIEF_PUBLIC_URL=PUBLIC)
    (address,) = re.findall(picture, shown.stdout)
    assert address.startswith(f"{PUBLIC}/charts/gap.png?as_of=2026-05-22&")
    assert "data:image" not in shown.stdout
    assert len(shown.stdout) < 102_000
    assert shown.stderr == ""


def test_without_a_public_address_markdown_and_mail_say_how_to_have_the_chart(run: Run) -> None:
    for form, how in (("md", "`gapbrief brief export` writes both"), ("email", "--out brief.eml has it attached")):
        shown = run("brief", "--as-of", "22 May 2026", "--format", form)
        assert "<img" not in shown.stdout
        assert "![" not in shown.stdout
        assert how in shown.stderr


@pytest.mark.parametrize("site", [None, PUBLIC])
@pytest.mark.slow
def test_a_mail_as_a_file_has_its_chart_attached_and_both_texts(run: Run, tmp_path: Path, site: str | None) -> None:
    where = {} if site is None else {"GAPBRIEF_PUBLIC_URL": site}
    shown = run("brief", "--as-of", "22 May 2026", "--format", "email", "--out", "brief.eml", **where)
    assert (shown.exit_code, shown.output) == (0, "")
    mail = message_from_bytes((tmp_path / "brief.eml").read_bytes(), policy=policy.default)
    page, text = mail.get_body(("html",)), mail.get_body(("plain",))
    assert page is not None
    assert text is not None
    pictures = {part["Content-ID"]: part for part in mail.walk() if part.get_content_maintype() == "image"}
    (called,) = re.findall(r'<img [^>]*src="cid:([^"]+)"', page.get_content())
    with Image.open(BytesIO(pictures[f"<{called}>"].get_content())) as picture:
        assert picture.size == (1080, 1350)
    assert len(page.get_content()) < 102_000
    assert "data:image" not in page.get_content()
    title = json.loads(run("brief", "--as-of", "22 May 2026", "--format", "json").output)["title"]
    assert mail["Subject"] == title
    assert title in " ".join(text.get_content().split())


def test_an_earlier_day_and_the_last_brief_can_be_given(run: Run) -> None:
    brief = json.loads(run("brief", "--as-of", "2025-01-31", "--since", "2025-01-01", "--format", "json").output)
    assert brief["published"] == "2025-01-31"
    assert "the past month's 13 catch-ups" in brief["bullets"][2]["text"]
    assert "Written later, on " in brief["foot"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--as-of", "2027-01-01"), "The as-of day 2027-01-01 is in the future; give 2026-12-01 or earlier."),
        (("--as-of", "soon"), '"soon" is no date. Write it as 2026-05-22, or as 22 May 2026.'),
        (("--since", "never"), '"never" is no date. Write it as 2026-05-22, or as 22 May 2026.'),
        (("--since", "2026-12-01"),
         "The since day 2026-12-01 is not before the brief's day, 2026-12-01; give an earlier one."),
        (("--as-of", "2019-01-01"),
         "The data begins with models of 5 November 2019; 1 January 2019 is before that. Ask for a later day."),
        (("--as-of", "2022-10-01"),
         "There is too little data for a figure as of 1 October 2022; ask for the brief of a later day."),
        (("--format", "pdf"), 'No format is called "pdf"; choose text, md, html, email or json.'),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_sentence(run: Run, words: tuple[str, ...], sentence: str) -> None:
    shown = run("brief", *words)
    assert (shown.exit_code, shown.output) == (2, f"{sentence}\n")


# ---- files


@pytest.mark.slow
def test_a_file_holds_what_is_printed_and_nothing_else_is_left(run: Run, tmp_path: Path) -> None:
    printed = run("brief", "--as-of", "2026-05-22", "--format", "html").output
    shown = run("brief", "--as-of", "2026-05-22", "--format", "html", "--out", "brief.html")
    assert (shown.exit_code, shown.output) == (0, "")
    assert (tmp_path / "brief.html").read_text(encoding="utf-8") == printed
    assert [path.name for path in tmp_path.iterdir()] == ["brief.html"]


def test_what_stood_there_survives_a_failure(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "brief.txt"
    path.write_text("old", encoding="utf-8")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    shown = run("brief", "--out", str(path))
    assert shown.exit_code == 2
    assert shown.output.endswith("can't be written (No space left on device); give --out another file.\n")
    assert path.read_text(encoding="utf-8") == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["brief.txt"]


@pytest.mark.parametrize("place", [".", "nowhere/brief.txt", "~nobody-of-that-name/brief.txt", "file/brief.txt"])
def test_a_place_that_cannot_be_written_is_named(run: Run, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    shown = run("brief", "--out", place)
    assert shown.exit_code == 2
    assert shown.output.startswith('"')
    assert shown.output.endswith("give --out another file.\n")
    assert shown.output.count("\n") == 1


def test_a_device_is_written_to_and_stays_one(run: Run) -> None:
    assert run("brief", "--out", os.devnull).exit_code == 0
    assert not Path(os.devnull).is_file()


@pytest.mark.slow
def test_on_a_terminal_without_the_letters_the_nearest_are_written(cli: Cli) -> None:
    code, out, err = cli.process("brief", "--as-of", "2026-05-22", PYTHONIOENCODING="ascii")
    assert (code, err) == (0, "")
    assert out.startswith("Written later | 22 May 2026 | gapbrief | 1 min brief")


# ---- `gapbrief brief send`: one brief to one address, and what went wrong without its secrets.


@pytest.fixture(autouse=True)
def apprise(monkeypatch: pytest.MonkeyPatch) -> type[FakeApprise]:
    monkeypatch.setitem(sys.modules, "apprise", SimpleNamespace(Apprise=FakeApprise, AppriseAsset=SimpleNamespace))
    monkeypatch.setattr(FakeApprise, "sent", [])
    monkeypatch.setattr("bot.newsroom.targets.notify.run_in_process", lambda work, *what, seconds: work(*what))
    return FakeApprise


def test_a_brief_is_sent_from_the_command_line(run: Run, apprise: type[FakeApprise]) -> None:
    shown = run("brief", "send", "--to", ROOM, "--as-of", "2026-05-22")
    assert shown.exit_code == 0
    assert shown.output.startswith("Sent: GPT-5.5 takes two records that no open model has matched")
    assert len(apprise.sent) == 1


@pytest.mark.parametrize(
    ("of", "page"),
    [(["--as-of", "2026-05-22"], "https://gap.example.org/briefs/2026-05-22"), ([], "https://gap.example.org/")],
)
@pytest.mark.slow
def test_it_comes_with_its_chart_page_sources_and_citation(
    run: Run, apprise: type[FakeApprise], of: list[str], page: str
) -> None:
    """After the last day on which data came in there is no page of the day: the front page has the newest brief."""
    run("brief", "send", "--to", ROOM, *of, GAPBRIEF_PUBLIC_URL="https://gap.example.org")
    body = apprise.sent[0]["body"]
    assert "](<https://gap.example.org/charts/gap.png?" in body
    assert f"Evidence: [this brief's page](<{page}>)" in body
    assert "\n## Sources\n" in body
    assert "\nCite as: gapbrief " in body
    run("brief", "send", "--to", ROOM, *of)
    body = apprise.sent[1]["body"]
    assert not re.search(r"Evidence|charts/", body), "without a public address nothing leads to this machine"


CHAT = ROOM.removesuffix("?form=long")


@pytest.mark.slow
def test_a_preview_shows_the_short_form_that_a_chat_is_sent_then_and_sends_nothing(
    run: Run, apprise: type[FakeApprise]
) -> None:
    words = ("brief", "send", "--to", CHAT, "--as-of", "2026-05-22")
    shown = run(*words, "--preview", GAPBRIEF_PUBLIC_URL="https://gap.example.org")
    assert not apprise.sent
    head, title, figure, link, letters = shown.output.rstrip("\n").split("\n\n")
    assert (head, link) == ("The short form is sent there:", "https://gap.example.org/briefs/2026-05-22")
    both = r"private tests \(likely \d.* to \d.*\)\. Public tests .* \(likely \d.* to \d.*\), .* secret\."
    assert re.search(rf"{both} Data to 2\d May 2026\. Written later\.$", figure)
    assert letters == f"({len(figure) + 2 + len(link)} of 65000 letters)"
    run(*words, GAPBRIEF_PUBLIC_URL="https://gap.example.org")
    assert apprise.sent == [{"title": title, "body": f"{figure}\n\n{link}", "body_format": "text"}]


def test_a_preview_of_the_long_form_says_where_it_is_shown(run: Run, apprise: type[FakeApprise]) -> None:
    shown = run("brief", "send", "--to", ROOM, "--preview").output
    assert shown == "The whole brief is sent there.\n"
    assert not apprise.sent


def test_a_test_of_a_target_shows_how_a_brief_is_sent_there(
    run: Run, newsroom: Newsroom, apprise: type[FakeApprise]
) -> None:
    newsroom("target", "add", CHAT, "--name", "room")
    shown = newsroom("target", "test", "room")
    preview = run("brief", "send", "--to", CHAT, "--preview").output
    assert shown.startswith("Target room works: the service took a message called “Test from gapbrief”;")
    assert shown.endswith(f"\n\n{preview}")
    assert [message["title"] for message in apprise.sent] == ["Test from gapbrief"]


def test_a_webhook_is_no_address_to_send_one_brief_to(run: Run, apprise: type[FakeApprise]) -> None:
    shown = run("brief", "send", "--to", "http://hooks.example.org/secret")
    assert shown.exit_code == 2
    assert "`gapbrief newsroom target add ADDRESS`" in shown.output
    assert "secret" not in shown.output
    assert not apprise.sent


def test_a_target_is_sent_to_by_its_name_unless_it_is_a_webhook(
    run: Run, newsroom: Newsroom, apprise: type[FakeApprise]
) -> None:
    newsroom("target", "add", ROOM, "--name", "mail")
    newsroom("target", "add", "https://example.org/hook", "--name", "hook")
    assert run("brief", "send", "--to", "mail").output.startswith("Sent: ")
    assert len(apprise.sent) == 1
    for name, message in (
        ("me@example.org", "not a full address"),
        ("hook", "`gapbrief newsroom target test hook` tries it"),
        ("team", "There is no target"),
    ):
        shown = run("brief", "send", "--to", name)
        assert shown.exit_code == 2
        assert message in shown.output


def test_what_went_wrong_names_no_secret(run: Run, apprise: type[FakeApprise], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apprise, "taken", False)
    for words in (["--to", ROOM], ["--to", "nonsense://user:password@x"], []):
        shown = run("brief", "send", *words)
        assert shown.exit_code in (1, 2)
        assert shown.output.count("\n") == 1
        assert "password@x" not in shown.output
        assert "password@example.org" not in shown.output or not words
