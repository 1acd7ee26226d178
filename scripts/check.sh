#!/bin/sh
# Every check of form and meaning that needs no test; all are run, also after one has failed.
set -u
bin=.venv/bin
failed=""

check() {
    name=$1
    shift
    if "$@"; then echo "ok   $name"; else failed="$failed $name"; echo "BAD  $name"; fi
}

templates() {
    find src -path '*/templates/*' -name '*.html' -print0 | xargs -0 -r $bin/djade --target-version 5.2 --check
}

migrations() {
    # No database is asked, which Django would remark on: only the models and the files are compared.
    TIGHTROPE_MODE=test DJANGO_SETTINGS_MODULE=tightrope.config.settings \
        $bin/python -W ignore::RuntimeWarning -m django makemigrations --check --dry-run
}

check form $bin/ruff format --check --quiet .
check style $bin/ruff check --quiet .
check types $bin/mypy src
check imports $bin/lint-imports --no-logo
check templates templates
check migrations migrations
check translations $bin/python scripts/messages.py check

if [ -n "$failed" ]; then
    echo "failed:$failed" >&2
    exit 1
fi
