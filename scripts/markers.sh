#!/bin/sh
# The marker expression that set-up found fit for this machine (it may be empty), and one more.
set -eu
fit=$(cat "$1")
echo "${fit:+($fit) and }$2"
