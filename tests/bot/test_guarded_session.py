"""What guards every request to the public web; tests of what is fetched with it hold the rest."""

import ipaddress
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_network
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from bot import guarded_session
from bot.guarded_session import is_public, read_address, redirect_target, retry_after
from core.errors import UsageError

NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)


def response(status: int = 200, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return SimpleNamespace(status=status, url=URL("https://example.org/a/b"), headers=named)


@pytest.mark.parametrize("text", ["http://me:secret@example.org/", "http://me@example.org/", "https://:x@example.org"])
def test_credentials_are_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(UsageError, match="holds a name or a password") as error:
        read_address(text)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("0", 0), ("120", 120), ("Sat, 28 Nov 2026 03:00:30 GMT", 30), ("Sat, 28 Nov 2026 02:00:00 GMT", 0),
        ("soon", None), ("-1", None), ("1.5", None), ("", None), ("٣", None),
    ],
)  # fmt: skip
def test_how_long_a_server_asks_to_wait_is_seconds_or_a_moment(given: str, seconds: float | None) -> None:
    assert retry_after(response(429, Retry_After=given), NOW) == seconds


def test_a_redirect_leads_on_and_nothing_else_does() -> None:
    assert redirect_target(response(200, Location="/c")) is None
    assert redirect_target(response(304, Location="/c")) is None
    assert redirect_target(response(308, Location="c?d#e")) == URL("https://example.org/a/c?d")
    with pytest.raises(UsageError, match="redirects to no web address"):
        redirect_target(response(302, Location="http://[::1"))
    with pytest.raises(UsageError, match="is not a web address"):
        redirect_target(response(302, Location="file:///etc/passwd"))


# ---- which addresses are public: the function alone is asked, nothing is ever sent to one of them


PUBLIC = [
    "93.184.215.14", "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "168.63.129.15", "168.63.129.17",
    "172.15.255.255", "172.32.0.1", "192.0.1.1", "198.17.255.255", "198.20.0.1", "223.255.255.255",
    "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2001:4860:4860::8888", "2001:200::1", "2a00:1450:4001::1", "3ffe::1",
    "::ffff:93.184.215.14", "64:ff9b::5db8:d70e",
]  # fmt: skip
ATTACKS = [
    "168.63.129.16", "64:ff9b:1::1", "64:ff9b:1::5db8:d70e", "fec0::1", "feff::1", "::ffff:0:127.0.0.1",
    "::ffff:0:93.184.215.14", "192.88.99.1", "5f00::1", "3fff::1", "3fff:fff::1",
]  # fmt: skip
"""What once passed."""
METADATA = [
    "169.254.169.254", "169.254.170.2", "169.254.42.42", "168.63.129.16", "100.100.100.200", "192.0.0.192",
    "fd00:ec2::254", "fd20:ce::254", "fe80::a9fe:a9fe", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe",
    "64:ff9b::a9fe:a9fe", "64:ff9b::168.63.129.16", "64:ff9b::100.100.100.200", "2002:a9fe:a9fe::1",
]  # fmt: skip
INSIDE = [
    "0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.0.1", "172.16.0.1",  # noqa: S104 (it is refused)
    "172.31.255.255", "192.0.0.1", "192.0.0.9", "192.0.0.170", "192.0.2.1", "192.31.196.1", "192.52.193.1",
    "192.168.1.1", "192.175.48.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.5", "224.0.0.1",
    "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::93.184.215.14", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a00:1", "100::1", "100:0:0:1::1", "200::1", "1000::1", "2001::1", "2001:0:7f00:1::",
    "2001:0:5db8:d70e::1", "2001:1::1", "2001:2::1", "2001:3::1", "2001:4:112::1", "2001:10::1", "2001:20::1",
    "2001:30::1", "2001:1ff::1", "2001:db8::1", "2002::1", "2002:7f00:1::", "2002:a00:1::", "2002:5db8:d70e::1",
    "2620:4f:8000::1", "4000::1", "8000::1", "fc00::1", "fdff::1", "fe00::1", "fe80::1", "ff02::1", "ff0e::1",
    "2606:2800:21f::5efe:10.0.0.1", "2606:2800:21f:0:200:5efe:127.0.0.1",
]  # fmt: skip
NO_ADDRESS = [
    "", "no address", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "93.184.215.14%eth0", "fe80::1%eth0",
    "2606:2800:21f:cb07:6820:80da:af6b:8b2c%eth0", "::ffff:93.184.215.14%1", "[::1]", "93.184.215.14/32", " 1.1.1.1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_one(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", [*ATTACKS, *METADATA, *INSIDE])
def test_what_leads_inside_is_none(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", NO_ADDRESS)
def test_what_is_no_whole_address_or_has_a_zone_is_none(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("version", ["4", "6"])
def test_every_network_of_the_table_is_refused_from_its_first_address_to_its_last(version: str) -> None:
    for network, name in getattr(guarded_session, f"_NOT_PUBLIC_{version}"):
        addresses = ip_network(network)
        assert name
        assert not is_public(str(addresses[0]))
        assert not is_public(str(addresses[-1]))


IPV4 = st.integers(0, 2**32 - 1).map(IPv4Address)
IPV6 = st.integers(0, 2**128 - 1).map(IPv6Address)
EMBEDDED = ["::", "::ffff:0:0", "::ffff:0:0:0", "64:ff9b::", "64:ff9b:1::", "2002::", "2001::", "fe80::5efe:0:0"]


@given(IPV4, st.sampled_from(EMBEDDED))
def test_no_address_that_carries_another_is_more_public_than_that(inner: IPv4Address, prefix: str) -> None:
    places = {"2002::": 80, "2001::": 64}
    carrier = IPv6Address(int(IPv6Address(prefix)) | int(inner) << places.get(prefix, 0))
    assert is_public(str(inner)) or not is_public(str(carrier))


@given(st.one_of(IPV4, IPV6))
def test_nothing_is_public_that_python_knows_as_not_global(address: IPv4Address | IPv6Address) -> None:
    """The table is at least as strict as the standard library's, whichever version of that there is."""
    assert address.is_global or not is_public(str(address)) or _carries_public(address)
    assert not (address.is_multicast and is_public(str(address)))


def _carries_public(address: IPv4Address | IPv6Address) -> bool:
    return (
        isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None and address.ipv4_mapped.is_global
    )


@given(IPV6)
def test_an_address_is_judged_alike_in_every_spelling(address: IPv6Address) -> None:
    assert is_public(address.compressed) == is_public(address.exploded) == is_public(address.exploded.upper())
