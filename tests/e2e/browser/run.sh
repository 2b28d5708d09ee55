#!/bin/sh
# Runs the page's tests: run.sh <exhyperv> story|pages|choices|trouble|feel|contract|units|types. Needs web/node_modules, and Chromium for the browser; where they are
# missing it says so and ends with 77, which ctest counts as skipped.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
web=$here/../../../web
export EXHYPERV="$1"
skip() {
    echo "SKIPPED: $1"
    exit 77
}
command -v node >/dev/null 2>&1 || skip "Node.js is not installed (sh tools/setup.sh web)"
[ -d "$web/node_modules/playwright-core" ] || skip "web/node_modules is not there (make build fetches it when the npm registry is within reach)"
case "$2" in
story | pages | choices | trouble | feel)
    command -v chromium >/dev/null 2>&1 || [ -n "${CHROMIUM:-}" ] || skip "Chromium is not installed (sh tools/setup.sh browser)"
    [ -f "$web/dist/index.html" ] || skip "the page is not built"
    exec node --test "$here/$2.test.mjs"
    ;;
contract) exec node --test "$here/contract.test.mjs" ;;
units) cd "$web" && exec npx --no-install vitest run ;;
types) cd "$web" && npx --no-install openapi-typescript ../schema/openapi.yaml -o src/api/types.gen.ts --check && exec npx --no-install tsc --noEmit ;;
*) echo "run.sh: unknown part '$2'" >&2 && exit 2 ;;
esac
