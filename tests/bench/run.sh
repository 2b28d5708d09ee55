#!/bin/sh
# Usage: run.sh <build directory> [registry|cli|server|import]. Runs the benchmark program with the built exhyperv.
set -eu
build=$1
program=$build/bin/exhyperv
[ -x "$program" ] || program=$(dirname "$0")/../../bin/exhyperv
exec "$build/tests/bench/exhyperv_bench" "$program" ${2:+"$2"}
