#!/bin/sh
# Programs that some tests need and that come from the system: a browser, Chinese fonts, an IMAP server and,
# with PG=system, PostgreSQL. As root on Debian they are installed; otherwise the tests that need them are
# left out and said. Writes the marker expression for pytest into the file named second.
set -eu
postgres=$1
markers=$2

has_browser() { command -v chromium >/dev/null 2>&1; }
has_fonts() { [ -n "$(find /usr/share/fonts -iname '*NotoSansCJK*' -print -quit 2>/dev/null)" ]; }
has_imap() { command -v dovecot >/dev/null 2>&1 || [ -x /usr/sbin/dovecot ]; }
has_postgres() { [ "$postgres" != system ] || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; }

wanted=""
has_browser || wanted="$wanted chromium"
has_fonts || wanted="$wanted fonts-noto-cjk"
has_imap || wanted="$wanted dovecot-imapd"
has_postgres || wanted="$wanted postgresql"

if [ -n "$wanted" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing for the tests:$wanted"
    log=$(mktemp)
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    { apt-get update && apt-get install -y --no-install-recommends $wanted; } >"$log" 2>&1 || {
        tail -5 "$log" >&2
        echo "Not everything could be installed." >&2
    }
    rm -f "$log"
fi

expression=""
leave_out() {
    echo "$1"
    expression="${expression:+$expression and }not $2"
}
has_browser || leave_out "Left out: tests in a browser (install chromium)." browser
has_imap || leave_out "Left out: tests with an IMAP server (install dovecot-imapd)." imap
has_fonts || echo "Chinese fonts are missing (install fonts-noto-cjk): pictures of pages show boxes."
if ! has_postgres; then
    echo "PG=system was asked for and no PostgreSQL of the system is here: install postgresql." >&2
    exit 1
fi
echo "$expression" >"$markers"
