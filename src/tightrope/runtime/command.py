"""The one program of an administrator: `tightrope`."""

from __future__ import annotations

import argparse
import getpass
import importlib
import importlib.metadata
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tightrope.runtime import places
from tightrope.runtime.journal import say
from tightrope.runtime.problems import RuntimeProblem

DONE, FAILED, MISUSED, UNREADY, INTERRUPTED = 0, 1, 2, 3, 130

DESCRIPTION = "Tightrope: after-sales service, from the first word to “solved, thank you”."
EPILOG = """\
examples:
  tightrope serve                          everything on this machine, at http://localhost:8000
  tightrope createadmin                    the first person who may sign in
  tightrope backup /srv/backups/monday     data and files, while people work
  tightrope check                          is this machine fit, and what is missing

environment:
  DATABASE_URL            a PostgreSQL server of yours, 15 or newer; without it one is started below TIGHTROPE_VAR
  TIGHTROPE_VAR           folder for data, files and logs (checkout: ./var; installed: /var/lib/tightrope)
  TIGHTROPE_PUBLIC_URL    the address that people use; every link in a mail begins with it
  TIGHTROPE_SECRET_KEY    signs sessions and links; without it a key is made once and kept in TIGHTROPE_VAR
  TIGHTROPE_MODE          production (default when installed), development or test
  TIGHTROPE_COMPANY       the company's name: how mails, letters and the portal are signed
  TIGHTROPE_HOTLINE       the number that customers call in an emergency; the portal and letters show it
  TIGHTROPE_LANGUAGE, TIGHTROPE_TIME_ZONE           of the company (en, Asia/Shanghai)
  TIGHTROPE_HOST, TIGHTROPE_PORT                    where `serve` listens (127.0.0.1, 8000)
  TIGHTROPE_HOSTS         further host names under which the pages are reached, with commas
  TIGHTROPE_EMBED_HOSTS   origins that may show the report form in a frame, with commas
  TIGHTROPE_SMTP_HOST, TIGHTROPE_SMTP_PORT          outgoing mail (587); without a host mails are kept and shown
  TIGHTROPE_SMTP_USER, TIGHTROPE_SMTP_PASSWORD, TIGHTROPE_SMTP_SECURITY     starttls (default), tls or none
  TIGHTROPE_MAIL_DOMAIN, TIGHTROPE_MAIL_FROM        our domain, and the address that customers answer to
  TIGHTROPE_IMAP_URL, TIGHTROPE_SMTP_LISTEN         incoming mail: fetched, or received (address:port)
  TIGHTROPE_FILES_USUAL_MB, TIGHTROPE_FILES_LARGEST_MB     largest file, and largest photo or video (25, 200)
  TIGHTROPE_CLAMD         a virus scanner that is asked about every file (host:port or socket)
  TIGHTROPE_OIDC_SERVER, TIGHTROPE_OIDC_NAME, TIGHTROPE_OIDC_CLIENT_ID, TIGHTROPE_OIDC_SECRET     single sign-on
  TIGHTROPE_POOL          connections of one process to the database (10 for pages)
  TIGHTROPE_LOG, TIGHTROPE_LOG_FORMAT               level (INFO) and form (text or json) of the log

exit codes: 0 done, 1 the act failed or found faults, 2 wrong use, 3 the machine or the database is not fit.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand. Returns the exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if arguments[:1] == ["plan"]:
        return _plan(arguments[1:])
    options = _parser().parse_args(arguments)
    try:
        return options.act(options)
    except RuntimeProblem as problem:
        say(f"tightrope: {problem}", to=sys.stderr)
        return UNREADY
    except KeyboardInterrupt:
        say("Stopped.", to=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        "tightrope", description=DESCRIPTION, epilog=EPILOG, formatter_class=form
    )
    parser.add_argument("--version", action="version", version=importlib.metadata.version("tightrope"))
    acts = parser.add_subparsers(title="what to do", metavar="ACT", required=True)

    def act(name: str, function: Callable[[argparse.Namespace], int], what: str, more: str = "") -> Any:
        made = acts.add_parser(name, help=what, description=what[:1].upper() + what[1:] + ".", epilog=more)
        made.formatter_class = form
        made.set_defaults(act=function)
        return made

    serving = act("serve", _serve, "start everything and keep it running", SERVE_MORE)
    serving.add_argument(
        "--host", default=os.environ.get("TIGHTROPE_HOST", "127.0.0.1"), help="(%(default)s)"
    )
    serving.add_argument(
        "--port", type=_port, default=os.environ.get("TIGHTROPE_PORT", "8000"), help="(%(default)s)"
    )
    serving.add_argument(
        "--only", choices=("web", "worker", "database"), default="", help="start one part alone"
    )
    serving.add_argument(
        "--web-workers", type=_count, default=2, metavar="N", help="web processes (%(default)s)"
    )
    serving.add_argument("--jobs", type=_count, default=4, metavar="N", help="jobs at a time (%(default)s)")
    serving.add_argument(
        "--demo", action="store_true", help="load a demo company and offer sign-in by one click"
    )

    working = act("worker", _worker, "do queued jobs in this process; `serve` starts one and restarts it")
    working.add_argument("--jobs", type=_count, default=4, metavar="N", help="jobs at a time (%(default)s)")
    working.add_argument("--queue", action="append", metavar="NAME", help="only this queue (may be repeated)")

    migrating = act("migrate", _migrate, "bring the database to the state of this release")
    migrating.add_argument("--quiet", action="store_true", help="say only what goes wrong")

    showing = act("demo", _demo, "fill an empty database with a demo company")
    showing.add_argument("--if-empty", action="store_true", help="do nothing when there is something already")
    showing.add_argument("--seed", type=int, default=1, help="of the simulation (%(default)s)")

    verifying = act(
        "verify",
        _verify,
        "recompute all state from the events and report every difference",
        "Exit code 1: found one.",
    )
    verifying.add_argument(
        "--export", type=Path, metavar="FILE", help="check an exported record instead; needs no database"
    )

    saving = act("backup", _backup, "save data and files into a new folder, while people work", BACKUP_MORE)
    saving.add_argument(
        "folder", type=Path, metavar="DIR", help="a folder that does not exist yet, or is empty"
    )

    restoring = act(
        "restore", _restore, "bring a backup back into an empty place and prove it whole", RESTORE_MORE
    )
    restoring.add_argument("folder", type=Path, metavar="DIR", help="what `backup` made")
    restoring.add_argument(
        "--into", type=Path, metavar="VAR", help="data folder to fill (TIGHTROPE_VAR); must be empty"
    )

    naming = act("createadmin", _createadmin, "make a person who may do everything", CREATEADMIN_MORE)
    naming.add_argument("--email", help="asked for when missing")
    naming.add_argument("--name", help="asked for when missing")
    naming.add_argument(
        "--language",
        choices=("en", "zh-hans", "zh-hant"),
        default="en",
        help="in which the pages greet (default: en)",
    )
    naming.add_argument(
        "--roles", choices=("manufacturer", "small"), default="manufacturer",
        help="which roles the company begins with (default: manufacturer)",
    )  # fmt: skip
    naming.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    act("check", _check, "say whether this machine is fit and what is missing")
    acts.add_parser("plan", help="plan routes, places and staff from files; see `tightrope plan --help`")
    return parser


SERVE_MORE = """\
Web pages, job worker and, without DATABASE_URL, a PostgreSQL server; a part that ends is started again.
The database is brought to this release's state first. Ctrl-C (or SIGTERM) stops all in order, a second one at once.
Each part's output goes to the terminal and to TIGHTROPE_VAR/log.

With --only the parts can run on machines of their own, all with the same DATABASE_URL and
TIGHTROPE_SECRET_KEY; then `tightrope migrate` is a step of yours.
"""
BACKUP_MORE = """\
Written: a dump of the database (one consistent moment), every uploaded file, and a manifest with versions and
with count and hash of every table and file. The secret key is not in it: keep it apart.
"""
RESTORE_MORE = """\
With DATABASE_URL into that database, which must be empty; without it into a new embedded one.
Every table and file is counted and hashed again afterwards and compared; exit code 1 when anything differs.
"""
CREATEADMIN_MORE = """\
On an empty database this also lays what a company begins with: roles, a working calendar, promises, categories with
their intake forms, canned replies. All of it can be changed on the pages.

example for a script:
  printf %s "$PASSWORD" | tightrope createadmin --email ann@example.com --name Ann --password-stdin
"""


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return number


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 256:
        raise argparse.ArgumentTypeError("a number from 1 to 256 is needed")
    return number


# -- the acts: heavy imports stay inside, so that help and errors come at once ------------------------------


def _serve(options: argparse.Namespace) -> int:
    from tightrope.runtime.serve import Wish, serve

    wish = Wish(options.host, options.port, options.web_workers, options.jobs, options.only, options.demo)
    return serve(wish, _own_place())


def _worker(options: argparse.Namespace) -> int:
    from tightrope.runtime.embedded import database

    with database(_own_place()):
        _set_up_django()
        hears_mail = options.queue is None or "mail" in options.queue
        listening = _call("tightrope.channels.listening", "start_in_background") if hears_mail else None
        try:
            _call("tightrope.core.jobs", "run_worker", concurrency=options.jobs, queues=options.queue)
        finally:
            if listening is not None:
                listening.stop()
    return DONE


def _migrate(options: argparse.Namespace) -> int:
    from tightrope.runtime.embedded import database
    from tightrope.runtime.fitness import check_server
    from tightrope.runtime.migration import migrate

    with database(_own_place()) as url:
        check_server(url)
        migrate(url, verbosity=0 if options.quiet else 1)
    return DONE


def _demo(options: argparse.Namespace) -> int:
    from tightrope.runtime.embedded import database

    with database(_own_place()):
        _set_up_django()
        return int(_call("tightrope.config.demo.command", "run", options) or DONE)


def _verify(options: argparse.Namespace) -> int:
    if options.export:
        return int(_call("tightrope.timeline.exported", "check_file", options.export))
    from tightrope.runtime.embedded import database

    with database(_own_place()):
        _set_up_django()
        return int(_call("tightrope.config.verify", "run") or DONE)


def _backup(options: argparse.Namespace) -> int:
    from tightrope.runtime.backup import backup
    from tightrope.runtime.embedded import database

    var = _own_place()
    with database(var) as url:
        manifest = backup(url, files=var / "files", into=options.folder)
    say(f"Saved: {manifest.summary()} in {options.folder}.")
    return DONE


def _restore(options: argparse.Namespace) -> int:
    from tightrope.runtime.restore import restore_into

    if options.into:
        os.environ["TIGHTROPE_VAR"] = str(options.into)
    differences = restore_into(options.folder, places.data_folder())
    for difference in differences:
        say(difference, to=sys.stderr)
    if differences:
        say(f"tightrope: the restored data differ in {len(differences)} places.", to=sys.stderr)
        return FAILED
    say("Restored, and every table and file is as it was saved.")
    return DONE


def _createadmin(options: argparse.Namespace) -> int:
    from tightrope.runtime.embedded import database
    from tightrope.runtime.migration import is_current, migrate

    email = options.email or input("E-mail address: ").strip()
    name = options.name or input("Name: ").strip()
    password = sys.stdin.readline().rstrip("\n") if options.password_stdin else _new_password()
    with database(_own_place()) as url:
        if not is_current(url):
            migrate(url, verbosity=0)
        _set_up_django()
        from django.core.exceptions import ValidationError

        from tightrope.core import clock

        refusals = importlib.import_module("tightrope.people.actions").AddressTaken, ValidationError
        try:
            _call(
                "tightrope.config.first_start",
                "create_administrator",
                email=email,
                name=name,
                password=password,
                language=options.language,
                preset=options.roles,
                at=clock.now(),
            )
        except refusals as problem:
            say("tightrope: " + " ".join(getattr(problem, "messages", [str(problem)])), to=sys.stderr)
            return FAILED
    say(f"{name} <{email}> may sign in now and do everything.")
    return DONE


def _new_password() -> str:
    while True:
        password = getpass.getpass("Password: ")
        if password == getpass.getpass("The same again: "):
            return password
        say("They differ.")


def _check(_options: argparse.Namespace) -> int:
    from tightrope.runtime.machine import faults_of_machine

    var = _own_place()
    faults = 0
    for subject, fault in faults_of_machine(var):
        say(f"{'no ' if fault else 'ok '} {subject}{': ' + fault if fault else ''}")
        faults += bool(fault)
    return FAILED if faults else DONE


def _plan(arguments: list[str]) -> int:
    """Planning knows no database: it is started without any of the rest."""
    try:
        command = importlib.import_module("tightrope.planning.command")
    except ModuleNotFoundError as missing:
        if missing.name and missing.name.startswith("tightrope."):
            say("tightrope: this installation has no planning command.", to=sys.stderr)
        else:
            say(
                f"tightrope: planning needs the package {missing.name}: install tightrope[planning].",
                to=sys.stderr,
            )
        return UNREADY
    return int(command.main(arguments) or DONE)


def _own_place() -> Path:
    var = places.data_folder()
    places.complete(os.environ, var)
    return var


def _set_up_django() -> None:
    import django

    django.setup()


def _call(module: str, function: str, *arguments: Any, **named: Any) -> Any:
    """Higher parts are named, not imported: this package stands below all of them."""
    return getattr(importlib.import_module(module), function)(*arguments, **named)
