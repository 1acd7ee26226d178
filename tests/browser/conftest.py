"""A house of its own for the browser: a database, a web server, a worker that takes mail in, a customer's mail server.

Everything runs as in production (granian, ASGI, content security policy); the database is made once
per run and filled with the demo company's people and rules. Each test brings its own cases.
"""

from __future__ import annotations

import os
import shutil
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import pytest
from psycopg.conninfo import make_conninfo

from tests.outside import Outside, free_port, mail_server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SERVICE = "service@hengyuan.example"
PASSWORD = "correct-horse-battery"
SIGNING_IN = ("zhou.min", "chen.gang", "gu.wei", "admin")
T = TypeVar("T")


@dataclass
class House:
    """Where everything is, and what a test asks of it."""

    url: str
    smtp_port: int
    outside: Outside
    folder: Path
    environment: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start_web(self) -> None:
        """Serve the pages, as `tightrope serve` does."""
        port = str(urlsplit(self.url).port)
        granian = ["granian", "--interface", "asginl", "--host", "127.0.0.1", "--port", port, "--no-ws"]
        self._start("web", [*granian, "--workers-kill-timeout", "2", "tightrope.config.asgi:application"])
        waited(lambda: answers(self.url), within=60, what="the web server")

    def start_worker(self) -> None:
        """Do the jobs and receive mail."""
        self._start("worker", ["tightrope", "worker"])
        waited(lambda: listens(self.smtp_port), within=60, what="the mail receiver")

    def stop_web(self) -> None:
        self._stop("web")

    def stop(self) -> None:
        for part in list(self.processes):
            self._stop(part)

    def _start(self, part: str, command: list[str]) -> None:
        with (self.folder / f"{part}.log").open("ab") as log:
            self.processes[part] = subprocess.Popen(
                [sys.executable, "-m", *command], env=self.environment, stdout=log, stderr=log
            )

    def _stop(self, part: str) -> None:
        process = self.processes.pop(part)
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def post(self, raw: bytes, *, sender: str, to: str = SERVICE) -> None:
        """Hand a mail to our own SMTP receiver, as another mail server would."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=30) as door:
            door.sendmail(sender, [to], raw, mail_options=["BODY=8BITMIME"])

    def letter_to(self, address: str, *, after: int = 0, within: float = 20) -> EmailMessage:
        """The first letter to this address beyond the first `after` ones, waited for."""

        def look() -> EmailMessage | None:
            letters = [message_from_bytes(raw, policy=policy.default) for raw in self.outside.mails]
            return next(iter([letter for letter in letters if address in str(letter["To"])][after:]), None)  # type: ignore[misc,return-value]

        return waited(look, within=within, what=f"letter {after + 1} to {address}")

    def policy_reports(self) -> list[str]:
        """What browsers complained of since the house stands."""
        lines = (self.folder / "web.log").read_text(errors="replace").splitlines()
        return [line for line in lines if "content security policy violated" in line]


def waited(look: Callable[[], T | None], *, within: float = 20, what: str = "it") -> T:
    """The first thing seen. A worker needs its moment; nothing is slept for longer than needed."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"Waited {within} s in vain for {what}.")


@contextmanager
def standing_in(name: str, blocker: Any) -> Iterator[None]:
    """This process works in the house's database, too; afterwards in the tests' one again."""
    from django.db import connection

    usual = connection.settings_dict["NAME"]
    with pytest.MonkeyPatch.context() as patch, blocker.unblock():
        # Playwright keeps a loop running in this thread, which Django would take for an asynchronous program.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual


@pytest.fixture(scope="session")
def house_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of its own with the demo company's people, calendars, promises and categories."""
    from django.core.management import call_command
    from django.db import connection
    from django.utils import translation

    from tightrope.config.demo import company
    from tightrope.core import clock
    from tightrope.people.models import User

    source = connection.settings_dict["NAME"]
    name = f"{source}_browser"
    with standing_in(source, django_db_blocker), connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
    with standing_in(name, django_db_blocker):
        call_command("migrate", verbosity=0)
        with translation.override("zh-hans"):  # names of policies and calendars are the company's own words
            company.install(at=clock.now())
        for user in User.objects.filter(email__in=[f"{who}@hengyuan.example" for who in SIGNING_IN]):
            user.set_password(PASSWORD)
            user.save()
    yield name
    with standing_in(source, django_db_blocker), connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def outside() -> Iterator[Outside]:
    """The customers' mail server."""
    with mail_server() as server:
        yield server


@pytest.fixture(scope="session")
def house(house_database: str, outside: Outside, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Web server, worker with SMTP receiver, and the customers' mail server."""
    folder = tmp_path_factory.mktemp("house")
    web, mail_in = free_port(), free_port()
    environment = os.environ | {
        "DATABASE_URL": make_conninfo(os.environ["DATABASE_URL"], dbname=house_database),
        "TIGHTROPE_MODE": "test",
        "TIGHTROPE_VAR": str(folder),
        "TIGHTROPE_PUBLIC_URL": f"http://127.0.0.1:{web}",
        "TIGHTROPE_SMTP_HOST": "127.0.0.1",
        "TIGHTROPE_SMTP_PORT": str(outside.port),
        "TIGHTROPE_SMTP_SECURITY": "none",
        "TIGHTROPE_SMTP_LISTEN": f"127.0.0.1:{mail_in}",
        "TIGHTROPE_MAIL_DOMAIN": "hengyuan.example",
        "TIGHTROPE_DEMO": "1",
    }
    house = House(f"http://127.0.0.1:{web}", mail_in, outside, folder, environment)
    try:
        house.start_web()
        house.start_worker()
        yield house
    finally:
        house.stop()


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=20).is_success
    except httpx.HTTPError:
        return False


def listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as door:
            return door.recv(3) == b"220"
    except OSError:
        return False


@pytest.fixture(autouse=True)
def _inside(house: House, house_database: str, django_db_blocker: Any) -> Iterator[None]:
    with standing_in(house_database, django_db_blocker):
        yield


@pytest.fixture(scope="session")
def chromium(playwright_engine: Any) -> Iterator[Any]:
    launched = playwright_engine.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield launched
    launched.close()


@pytest.fixture
def window(chromium: Any, house: House) -> Iterator[Callable[..., Any]]:
    """Opens windows: `window(width=360, language="zh-CN", scripts=False, touch=True)`.

    At the end nothing may have been said on the console, refused by the policy, asked of another host or popped up.
    """
    contexts, faults = [], []
    reports = len(house.policy_reports())

    def open_window(
        *, width: int = 1440, language: str = "zh-CN", scripts: bool = True, touch: bool = False
    ) -> Any:
        context = chromium.new_context(
            base_url=house.url,
            locale=language,
            java_script_enabled=scripts,
            has_touch=touch,
            viewport={"width": width, "height": 780 if width < 600 else 900},
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        watch(page, faults, urlsplit(house.url).netloc)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert faults == []
    assert house.policy_reports()[reports:] == []


SENT_BACK = ("status of 409", "status of 422")
"""What the browser notes of a form that came back, to be filled in further or decided; it is no fault of the page."""


def watch(page: Any, faults: list[str], own: str) -> None:
    """Write down whatever a page does that it must not."""
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda said: (
            faults.append(f"{page.url}: {said.text}")
            if said.type == "error" and not any(sign in said.text for sign in SENT_BACK)
            else None
        ),
    )
    page.on(
        "request",
        lambda asked: (
            faults.append(f"{page.url} asks {asked.url}")
            if urlsplit(asked.url).scheme in {"http", "https", "ws", "wss"}
            and urlsplit(asked.url).netloc != own
            else None
        ),
    )

    def popped_up(dialog: Any) -> None:
        faults.append(f"{page.url} opened a dialog: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", popped_up)


@pytest.fixture
def signed_in(window: Callable[..., Any]) -> Callable[..., Any]:
    """A window of a member of staff who signed in with a password: `signed_in("zhou.min")`."""

    def sign_in(who: str, **options: Any) -> Any:
        page = window(**options)
        page.goto("/accounts/login/")
        page.fill("[name=login]", f"{who}@hengyuan.example")
        page.fill("[name=password]", PASSWORD)
        page.locator("form[action*='login'] button[type=submit]").first.click()
        page.wait_for_url(lambda url: "/accounts/" not in url)
        return page

    return sign_in


def case_of(name: str, mail: str, title: str = "B 座空调漏水") -> Any:
    """The case of a customer of this name, with an account of his own; made on first need."""
    from tightrope.cases import actions as cases
    from tightrope.cases.models import Case
    from tightrope.core import clock
    from tightrope.core.actor import SYSTEM
    from tightrope.customers import actions as customers

    found = Case.objects.filter(contact__name=name).first()
    if found:
        return found
    now = clock.now()
    account = customers.open_account(
        name=f"{name}物业", kind="company", language="zh-hans", by=SYSTEM, at=now
    )
    contact = customers.add_contact(
        account, name=name, language="zh-hans", addresses=[("mail", mail)], by=SYSTEM, at=now
    )
    return cases.open_case(
        title=title,
        text="面板显示 E3。",
        channel="phone",
        account=account,
        contact=contact,
        told_at=now,
        by=SYSTEM,
        at=now,
    )
