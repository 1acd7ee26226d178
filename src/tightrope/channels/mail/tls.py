"""How a mail connection is protected."""

import ssl
from enum import StrEnum


class Encryption(StrEnum):
    """TLS from the first byte, STARTTLS, or NONE (for a server on the same machine or network)."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


def context_for(*, verify_certificate: bool) -> ssl.SSLContext:
    """A client context. Without verification it still encrypts, for servers with their own certificate."""
    context = ssl.create_default_context()
    if not verify_certificate:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
