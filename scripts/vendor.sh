#!/bin/sh
# Fetch the front-end packages named in the lock and copy their served files; nothing when that was done.
set -eu
python=$1
stamp=$2
served=src/tightrope/ui/static/vendor/manifest.json

if [ -f "$stamp" ] && [ -f "$served" ]; then
    newer=$(find frontend/package-lock.json frontend/vendor.toml scripts/vendor.py -newer "$stamp")
    [ -n "$newer" ] || exit 0
fi
if ! npm --version >/dev/null 2>&1; then
    echo "npm is missing, so htmx is left out: every page works, each act then loads a whole page."
    exit 0
fi
(cd frontend && npm_config_update_notifier=false npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null) || {
    echo "npm could not fetch the front-end packages named in frontend/package-lock.json." >&2
    exit 1
}
"$python" scripts/vendor.py >/dev/null
mkdir -p "$(dirname "$stamp")"
touch "$stamp"
