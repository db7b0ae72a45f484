"""Where a request comes from, as far as it can be believed."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

IPV6_NETWORK_BITS = 64


def client_address(request: HttpRequest) -> str:
    """Return the address of the client, or "" when none is known.

    With `TRUSTED_PROXIES` = n, the last n entries of X-Forwarded-For were written by our own
    proxies and the first of those is the client; whatever stands before came from the client and
    is ignored. A request that carries fewer entries did not pass all proxies.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    trusted: int = settings.TRUSTED_PROXIES
    if trusted > 0:
        forwarded = [
            entry.strip() for entry in request.headers.get("X-Forwarded-For", "").split(",")
        ]
        if len(forwarded) >= trusted:
            address = forwarded[-trusted]
    return _clean(address)


def client_network(request: HttpRequest) -> str:
    """Return what one household shares: an IPv4 address, or the /64 of an IPv6 address."""
    address = client_address(request)
    if ":" not in address:
        return address
    network = ipaddress.IPv6Network((address, IPV6_NETWORK_BITS), strict=False)
    return str(network.network_address)


def _clean(address: str) -> str:
    # Some proxies add the port: 192.0.2.7:1234, [2001:db8::7]:1234.
    if address.startswith("["):
        address = address[1:].partition("]")[0]
    elif address.count(":") == 1:
        address = address.partition(":")[0]
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return ""
