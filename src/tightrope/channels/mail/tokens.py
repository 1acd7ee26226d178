"""The keyed token in the address that an answer goes to: `reply+<token>@support.example`.

Only it joins a stranger's mail to a conversation. It is the conversation's public id and a truncated
HMAC-SHA-256 over it, in lower-case base32, since some mail servers change the case of local parts.
"""

import base64
import binascii
import hmac
import re
import secrets
import uuid
from collections.abc import Iterable
from typing import Final

REPLY_PREFIX: Final = "reply+"
MAC_BYTES: Final = 10
MAX_ID_BYTES: Final = 22

_AS_TEXT, _AS_UUID, _AS_HEX = b"\x00", b"\x01", b"\x02"
_TOKEN = re.compile(r"[a-z2-7]{16,80}")


class UnusableId(ValueError):
    """The public id does not fit into the local part of a mail address."""


def reply_token(conversation_public_id: str, key: bytes) -> str:
    """The token for a conversation. Raises UnusableId for an id that is neither a UUID nor short ASCII."""
    packed = _packed(conversation_public_id)
    return base64.b32encode(packed + _mac(packed, key)).decode("ascii").rstrip("=").lower()


def read_reply_token(token: str, keys: Iterable[bytes]) -> str | None:
    """The conversation's public id, if one of the keys made this token; else None."""
    token = token.strip().lower()
    if _TOKEN.fullmatch(token) is None:
        return None
    try:
        whole = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except (binascii.Error, ValueError):
        return None
    packed, mac = whole[:-MAC_BYTES], whole[-MAC_BYTES:]
    # All keys are tried, so that the time taken does not tell which key it was.
    matches = [hmac.compare_digest(_mac(packed, key), mac) for key in keys]
    # The last letter of base32 has spare bits: the same bytes must give the same token back.
    is_canonical = base64.b32encode(whole).decode("ascii").rstrip("=").lower() == token
    return _unpacked(packed) if any(matches) and is_canonical else None


def reply_address(conversation_public_id: str, *, key: bytes, domain: str) -> str:
    """Where answers to this conversation are to be sent."""
    return f"{REPLY_PREFIX}{reply_token(conversation_public_id, key)}@{domain}"


def token_in_address(email: str, *, domain: str) -> str:
    """The token part of one of our reply addresses, unchecked; "" if it is none."""
    local, _, at_domain = email.strip().rpartition("@")
    if at_domain.lower() != domain.lower() or not local.lower().startswith(REPLY_PREFIX):
        return ""
    return local[len(REPLY_PREFIX) :].lower()


def new_message_id(domain: str) -> str:
    """A fresh Message-ID of ours, without angle brackets: 128 random bits."""
    return f"tightrope.{secrets.token_hex(16)}@{domain}"


def is_own_message_id(message_id: str, *, domain: str) -> bool:
    """Whether an id has the form of ours. Anyone can write such an id: it proves a loop, never a right."""
    return (
        re.fullmatch(r"tightrope\.[0-9a-f]{32}@" + re.escape(domain), message_id, re.IGNORECASE) is not None
    )


def _mac(packed: bytes, key: bytes) -> bytes:
    if len(key) < 16:
        raise ValueError("The key for reply addresses must have at least 16 bytes.")
    return hmac.digest(key, b"tightrope reply address 1\x00" + packed, "sha256")[:MAC_BYTES]


def _packed(public_id: str) -> bytes:
    if re.fullmatch(r"[0-9a-f]{32}", public_id):
        return _AS_HEX + bytes.fromhex(public_id)
    if re.fullmatch(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", public_id):
        return _AS_UUID + uuid.UUID(public_id).bytes
    if (
        not public_id
        or not public_id.isascii()
        or not public_id.isprintable()
        or len(public_id) > MAX_ID_BYTES
    ):
        raise UnusableId(
            f"A conversation id of {len(public_id)} characters does not fit into a mail address."
        )
    return _AS_TEXT + public_id.encode("ascii")


def _unpacked(packed: bytes) -> str | None:
    form, content = packed[:1], packed[1:]
    if form == _AS_TEXT:
        return content.decode("ascii", "replace")
    if len(content) != 16:
        return None
    return content.hex() if form == _AS_HEX else str(uuid.UUID(bytes=content))
