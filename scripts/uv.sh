#!/bin/sh
# Print the command that runs uv, the installer; put it into .tools when it is not there.
set -eu
python=${1:-python3}
tools=.tools/uv

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
    echo "Python 3.11 or newer is needed; $python is $("$python" --version 2>&1 || echo missing)." >&2
    exit 1
}
if uv --version >/dev/null 2>&1; then
    echo uv
    exit 0
fi
if [ ! -x "$tools/bin/uv" ]; then
    # A Python without ensurepip (Debian's, without python3-venv) may still have pip itself.
    if "$python" -m venv "$tools" >/dev/null 2>&1; then
        "$tools/bin/python" -m pip install --quiet 'uv>=0.9,<1' >&2
    elif "$python" -m pip --version >/dev/null 2>&1; then
        rm -rf "$tools"
        "$python" -m pip install --quiet --target "$tools" 'uv>=0.9,<1' >&2
    else
        rm -rf "$tools"
        echo "Neither uv nor pip nor Python's venv is here: install one of them (Debian: apt install python3-venv)." >&2
        exit 1
    fi
fi
echo "$tools/bin/uv"
