#!/bin/sh
# Builds the page (web/dist) when something it is made of has changed. A machine without Node.js gets it from Debian; where that or the npm
# registry cannot be had, says so and succeeds: the program is then built without the page. Usage: build_web.sh [--quiet-skip]
# EXHYPERV_WEB=0 leaves the page out.
set -eu
cd "$(dirname "$0")/.."
[ "${EXHYPERV_WEB:-1}" != 0 ] || exit 0

hash_of() { sha256sum | cut -d' ' -f1; }
sources() {
    find web/src web/public web/tools i18n -type f -print0 | sort -z | xargs -0 sha256sum
    sha256sum web/index.html web/package-lock.json web/tsconfig.json web/vite.config.ts
}
without() {
    echo "The page is left out: $1" >&2
    echo "Everything it does is on the command line too. \"make build\" tries again next time." >&2
    exit 0
}

page=$(sources | hash_of)
[ "$(cat web/dist/.made-of 2>/dev/null || true)" != "$page" ] || exit 0

if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
    sh tools/setup.sh web || without "Node.js and npm are not installed, and could not be."
fi
major=$(node --version 2>/dev/null | sed -E 's/^v([0-9]+).*/\1/')
[ "${major:-0}" -ge 18 ] || without "it needs Node.js 18 or newer; here is ${major:-none}."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
lock=$(hash_of <web/package-lock.json)
if [ "$(cat web/node_modules/.made-of 2>/dev/null || true)" != "$lock" ]; then
    echo "Fetching the page's packages with npm ..."
    if ! (cd web && npm ci --no-audit --no-fund --loglevel=error --fetch-retries=1 --fetch-timeout=30000) >"$log" 2>&1; then
        tail -n 5 "$log" >&2
        without "the npm registry could not be reached, or does not have what web/package-lock.json names."
    fi
    echo "$lock" >web/node_modules/.made-of
fi
echo "Building the page ..."
if ! (cd web && npx --no-install vite build --logLevel warn) >"$log" 2>&1; then
    cat "$log" >&2
    echo "The page does not build; the lines above say why. EXHYPERV_WEB=0 builds the program without it." >&2
    exit 1
fi
echo "$page" >web/dist/.made-of
