#!/usr/bin/env bash
# run-suite.sh <suite> <results.tap>: runs every *.test.js and *.test.mjs of tests/<suite> with node's test runner.
set -euo pipefail
suite="$1" results="$2"
mkdir -p "$(dirname "$results")"
mapfile -t files < <(find "tests/$suite" -name node_modules -prune -o -name '*.test.js' -print -o -name '*.test.mjs' -print | sort)
exec node --test --test-reporter=spec --test-reporter-destination=stdout \
  --test-reporter=tap --test-reporter-destination="$results" "${files[@]}"
