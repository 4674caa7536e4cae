#!/bin/sh
# Everything that `make test` checks: lint, types, then the tests on two processes.
# Arguments go to pytest: tests/run.sh tests/index -k dates
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin
if [ $# -eq 0 ]; then
    $bin/ruff check .
    $bin/mypy
    set -- --ignore=tests/cluster  # needs Java and Maven: make test-cluster
fi
exec $bin/python -m pytest -n 2 --dist loadgroup "$@"
