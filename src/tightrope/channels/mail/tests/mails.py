"""Mails that the tests are about, made here byte by byte."""

from hypothesis import HealthCheck, settings

# Property tests say nothing about speed; a busy machine must not fail them.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

HEAD = b"From: Wang Lei <wang@example.cn>\r\nTo: support@tightrope.example\r\n"


def mail(headers: bytes = b"", body: bytes = b"hello\r\n") -> bytes:
    """A small mail with extra headers."""
    return HEAD + (headers + b"\r\n" if headers else b"") + b"\r\n" + body


def html_mail(html: str) -> bytes:
    return mail(b"Content-Type: text/html; charset=utf-8", html.encode())
