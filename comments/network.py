"""The network that a post comes from, as a keyed hash: who sent it can't be told from it."""

import hmac
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from django.http import HttpRequest

from comments import email_privacy

PURPOSE = b"newsroom: network of a post, version 1"
PREFIXES = {4: 24, 6: 48}  # by version of the protocol; what one customer is given at most


def network_of(request: HttpRequest) -> str:
    """64 hexadecimal digits, the same for all addresses of a /24 or a /48; "" for no address.

    The address is that of the reader: see newsroom/proxies.py. It is neither kept nor logged.
    """
    prefix = _prefix(request.META.get("REMOTE_ADDR", ""))
    if not prefix:
        return ""
    return hmac.new(email_privacy.key_for(PURPOSE), prefix.encode(), sha256).hexdigest()


def _prefix(address: str) -> str:
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    network = ip_network(f"{parsed}/{PREFIXES[parsed.version]}", strict=False)
    return network.with_prefixlen
