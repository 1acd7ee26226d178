"""Send one built mail and say what became of it. Call it from a job, never inside a transaction."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from tightrope.channels.mail.build import BuiltMail
from tightrope.channels.mail.tls import Encryption, context_for

CONNECT_SECONDS: Final = 10.0


class Result(StrEnum):
    """ACCEPTED by the server, TEMPORARY (try again later) or PERMANENT (never try again)."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The server that sends for us."""

    host: str
    port: int = 587
    encryption: Encryption = Encryption.STARTTLS
    username: str = ""
    password: str = field(default="", repr=False)
    own_hostname: str = ""
    timeout_seconds: float = CONNECT_SECONDS
    verify_certificate: bool = True


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """What the server said. `refused` holds the recipients it did not take, with code and text, also when
    others were accepted. If `is_uncertain`, the connection broke after the mail was handed over: it may
    have been delivered, and a second attempt may double it (with the same Message-ID)."""

    result: Result
    code: int = 0
    message: str = ""
    refused: dict[str, tuple[int, str]] = field(default_factory=dict)
    is_uncertain: bool = False


def send_mail(mail: BuiltMail, *, settings: SmtpSettings) -> SendOutcome:
    """Hand one mail to the server. Network and server trouble is an outcome, never an exception."""
    try:
        with _connected(settings) as server:
            return _send(server, mail)
    except smtplib.SMTPResponseException as error:
        # A wrong password is the administrator's to mend: the mail itself stays worth sending.
        is_permanent = error.smtp_code >= 500 and not isinstance(error, smtplib.SMTPAuthenticationError)
        result = Result.PERMANENT if is_permanent else Result.TEMPORARY
        return SendOutcome(result, error.smtp_code, _text(error.smtp_error))
    except (OSError, smtplib.SMTPException, ssl.SSLError, ValueError) as error:
        return SendOutcome(Result.TEMPORARY, 0, f"{type(error).__name__}: {error}"[:300])


class _Connection:
    """An open, logged-in connection that closes without raising: a mail that was accepted stays accepted."""

    def __init__(self, server: smtplib.SMTP) -> None:
        self.server = server

    def __enter__(self) -> smtplib.SMTP:
        return self.server

    def __exit__(self, *_: object) -> None:
        with suppress(OSError, smtplib.SMTPException):
            self.server.quit()
        self.server.close()


def _connected(settings: SmtpSettings) -> _Connection:
    context = context_for(verify_certificate=settings.verify_certificate)
    name = settings.own_hostname or None
    timeout = settings.timeout_seconds
    server: smtplib.SMTP
    if settings.encryption is Encryption.TLS:
        server = smtplib.SMTP_SSL(
            settings.host, settings.port, local_hostname=name, timeout=timeout, context=context
        )
    else:
        server = smtplib.SMTP(settings.host, settings.port, local_hostname=name, timeout=timeout)
    try:
        server.ehlo_or_helo_if_needed()
        if settings.encryption is Encryption.STARTTLS:
            server.starttls(context=context)
            server.ehlo()
        if settings.username:
            server.login(settings.username, settings.password)
    except BaseException:
        server.close()
        raise
    return _Connection(server)


def _send(server: smtplib.SMTP, mail: BuiltMail) -> SendOutcome:
    options = [f"size={len(mail.raw)}"] if server.has_extn("size") else []
    code, reply = server.mail(mail.envelope_sender, options)
    if code != 250:
        return SendOutcome(_result_of(code), code, _text(reply))
    refused: dict[str, tuple[int, str]] = {}
    for recipient in mail.recipients:
        code, reply = server.rcpt(recipient)
        if code not in (250, 251):
            refused[recipient] = (code, _text(reply))
    if len(refused) == len(mail.recipients):
        # One recipient that may work later is worth another attempt.
        code, message = min(refused.values())
        return SendOutcome(_result_of(code), code, message, refused)
    try:
        code, reply = server.data(mail.raw)
    except smtplib.SMTPDataError as error:
        return SendOutcome(_result_of(error.smtp_code), error.smtp_code, _text(error.smtp_error), refused)
    except (OSError, smtplib.SMTPException) as error:
        message = f"{type(error).__name__}: {error}"[:300]
        return SendOutcome(Result.TEMPORARY, 0, message, refused, is_uncertain=True)
    return SendOutcome(Result.ACCEPTED if code == 250 else _result_of(code), code, _text(reply), refused)


def _result_of(code: int) -> Result:
    return Result.PERMANENT if code >= 500 else Result.TEMPORARY


def _text(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return " ".join(text.split())[:300]
