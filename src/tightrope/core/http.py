"""The one client for calls to other machines. It refuses to be sent to our own."""

from __future__ import annotations

import ipaddress
import socket
import time
from typing import Any

import httpx

LIMIT_BYTES = 10 * 1024 * 1024
ANSWER_SECONDS = 10.0
"""The library's own limit is one for each piece: who sends a byte now and then would hold a worker for days."""


class Refused(Exception):
    """The address is private, not http(s), or answered with too much or with a redirect."""


class _PublicOnly(httpx.HTTPTransport):
    """Resolves once, checks every address found, and connects to the checked one."""

    def __init__(self, allow_private: bool) -> None:
        super().__init__(retries=0)
        self._allow_private = allow_private

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        if request.url.scheme not in {"http", "https"}:
            raise Refused(f"{request.url.scheme} is not allowed")
        address = self._checked_address(
            host, request.url.port or (443 if request.url.scheme == "https" else 80)
        )
        request.extensions["sni_hostname"] = host
        request.headers["Host"] = request.url.netloc.decode("ascii")
        request.url = request.url.copy_with(host=address)
        return super().handle_request(request)

    def _checked_address(self, host: str, port: int) -> str:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise Refused(f"{host} has no address") from error
        addresses = [str(entry[4][0]) for entry in found]
        for text in addresses:
            address = ipaddress.ip_address(text.split("%", 1)[0])
            mapped = getattr(address, "ipv4_mapped", None) or address
            if not self._allow_private and (not mapped.is_global or mapped.is_multicast):
                raise Refused(f"{host} leads to a private address")
        return addresses[0]


def client(*, allow_private: bool = False, **options: Any) -> httpx.Client:
    """An httpx client with our limits: 3 s to connect, 10 s in all, no redirects, public addresses only.

    `allow_private` is for services that the administrator named in the configuration.
    """
    return httpx.Client(
        transport=_PublicOnly(allow_private),
        timeout=httpx.Timeout(10, connect=3),
        follow_redirects=False,
        trust_env=False,
        **options,
    )


def fetch(method: str, url: str, *, allow_private: bool = False, **options: Any) -> httpx.Response:
    """One call whose answer is read to at most 10 MB and for at most 10 s. Raises Refused, httpx.HTTPError."""
    until = time.monotonic() + ANSWER_SECONDS
    with client(allow_private=allow_private) as http, http.stream(method, url, **options) as answer:
        if answer.is_redirect:
            raise Refused("redirects are not followed")
        body = b""
        for chunk in answer.iter_bytes():
            body += chunk
            if len(body) > LIMIT_BYTES:
                raise Refused("the answer is too large")
            if time.monotonic() > until:
                raise Refused("the answer takes too long")
        answer._content = body
        return answer
