#!/bin/sh
# Builds the Windows program with its tests and runs them under Wine.
# Usage: test.sh [ctest arguments]. JOBS as in the Makefile. EXHYPERV_WINDOWS=0 leaves it out; EXHYPERV_REQUIRE_WINDOWS=1 makes it
# an error when it cannot be done here.
set -eu
cd "$(dirname "$0")/../.."
jobs=${JOBS:-$(nproc)}
build=build/windows

without() {
    bar="******************************************************************************"
    printf '%s\n' "$bar" "* THE WINDOWS SUITES WERE NOT RUN: $1" "* Nothing below or above says anything about the Windows program." "$bar" >&2
    [ "${EXHYPERV_REQUIRE_WINDOWS:-0}" = 1 ] && exit 1
    exit 0
}

[ "${EXHYPERV_WINDOWS:-1}" != 0 ] || without "EXHYPERV_WINDOWS=0"
sh tools/setup.sh build windows wine || without "the cross compiler or Wine is not installed, and could not be."
python3 tools/windows/fetch_libraries.py build/windows-libraries || without "the sources of its libraries could not be had."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
cmake --preset windows -DEXHYPERV_TESTS=ON >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
cmake --build "$build" -j "$jobs" -- --quiet
mkdir -p bin
cp -f "$build/bin/exhyperv.exe" bin/exhyperv.exe
ctest --test-dir "$build" -j "$jobs" --output-on-failure --no-tests=error "$@"
