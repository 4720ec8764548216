"""Targets beside Discord from the command line: a webhook with its secret, and what is no address."""

from collections.abc import Callable


def test_a_webhook_and_its_secret(newsroom: Callable[..., str]) -> None:
    shown = newsroom("target", "add", "https://example.org/hook")
    assert shown.startswith("Target 1 is added.\n")
    assert "whsec_" in shown
    listed = newsroom("list")
    assert listed.splitlines()[-3:] == [
        "Targets beside Discord",
        "No  Server         Address",
        " 1  whole service  webhook https://example.org",
    ]
    assert "whsec_" not in listed
    assert newsroom("target", "remove", "1") == "Target 1 is removed.\n"
    assert "no target 1" in newsroom("target", "remove", "1", fails=True)


def test_an_address_with_a_password_is_refused(newsroom: Callable[..., str]) -> None:
    assert newsroom("target", "add", "https://a:b@c.org", fails=True).count("\n") == 1


def test_who_added_and_removed_a_target_is_noted_without_its_secrets(newsroom: Callable[..., str]) -> None:
    newsroom("target", "add", "https://example.org/hook/s3cret", "--server", "5")
    newsroom("target", "add", "https://example.com?token=s3cret")
    newsroom("target", "remove", "1")
    trail = newsroom("audit")
    assert [" ".join(line.split()[2:]) for line in trail.splitlines()[2:]] == [
        "the operator 5 removed – target 1: webhook https://example.org",
        "the operator – added – target 2: webhook https://example.com",
        "the operator 5 added – target 1: webhook https://example.org",
    ]
    assert "s3cret" not in trail


def test_the_targets_of_a_server_alone(newsroom: Callable[..., str]) -> None:
    newsroom("target", "add", "https://a.example.org", "--server", "5")
    newsroom("target", "add", "https://b.example.org")
    shown = newsroom("list", "--server", "5")
    assert "https://a.example.org" in shown
    assert "https://b.example.org" not in shown
    assert "https://b.example.org" in newsroom("list")
