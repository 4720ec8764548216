"""Which IP addresses are of the public internet: what a stranger names may lead to these alone.

The networks that are none are those of IANA's special-purpose registries, each with its name there, and of those that
clouds give to their own machines. Also the few of the registries that are "globally reachable" are left out: they are
for protocols, and nobody has a page there.
"""

import ipaddress

_NOT_PUBLIC_4 = (
    ("0.0.0.0/8", "this network"),
    ("10.0.0.0/8", "private use"),
    ("100.64.0.0/10", "shared address space; 100.100.100.200 is Alibaba Cloud's metadata"),
    ("127.0.0.0/8", "loopback"),
    ("168.63.129.16/32", "Azure's own services, reached from its machines alone; in no registry"),
    ("169.254.0.0/16", "link-local; 169.254.169.254 is most clouds' metadata"),
    ("172.16.0.0/12", "private use"),
    ("192.0.0.0/24", "protocols of the IETF; 192.0.0.192 is Oracle Cloud's metadata"),
    ("192.0.2.0/24", "documentation"),
    ("192.31.196.0/24", "AS112"),
    ("192.52.193.0/24", "AMT"),
    ("192.88.99.0/24", "6to4 relay anycast, deprecated"),
    ("192.168.0.0/16", "private use"),
    ("192.175.48.0/24", "AS112"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved, with limited broadcast"),
)
"""https://www.iana.org/assignments/iana-ipv4-special-registry, as updated on 22 October 2024; multicast beside it."""

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
"""All that IANA gives out of IPv6. Outside are loopback, local (fc00::/7), link-local, site-local (fec0::/10) and
multicast, segments of routes (5f00::/16), what is thrown away (100::/64), ::/96, ::ffff:0:0:0/96, and what is left."""

_NOT_PUBLIC_6 = (
    ("2001::/23", "protocols of the IETF, with Teredo (2001::/32) and benchmarking (2001:2::/48)"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4, deprecated"),
    ("2620:4f:8000::/48", "AS112"),
    ("3fff::/20", "documentation"),
)
"""https://www.iana.org/assignments/iana-ipv6-special-registry, as updated on 22 October 2024: what is in 2000::/3."""

_CARRIERS = tuple(ipaddress.IPv6Network(each) for each in ("::ffff:0:0/96", "64:ff9b::/96"))
"""Their last four bytes are an IPv4 address that is connected to: how systems map these, and NAT64.

Every other network that carries one is refused: of old, of tunnels, or of a single network (64:ff9b:1::/48).
"""
_ISATAP = (0x00005EFE, 0x02005EFE)
"""What stands before an IPv4 address of a site's own tunnel, in any network (RFC 5214)."""

_REFUSED_4 = tuple(ipaddress.IPv4Network(network) for network, _ in _NOT_PUBLIC_4)
_REFUSED_6 = tuple(ipaddress.IPv6Network(network) for network, _ in _NOT_PUBLIC_6)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet: none of a machine, a local network or a cloud's insides.

    One that carries an IPv4 address is as public as that. One with a zone, as in fe80::1%eth0, is of a local network.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv4Address):
        return not any(found in network for network in _REFUSED_4)
    if found.scope_id is not None:
        return False
    if any(found in network for network in _CARRIERS):
        return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    is_tunnel = (int(found) >> 32) & 0xFFFFFFFF in _ISATAP
    return found in _GLOBAL_UNICAST and not is_tunnel and not any(found in network for network in _REFUSED_6)
