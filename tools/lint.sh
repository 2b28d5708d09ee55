#!/bin/sh
# All static checks: format, layers, catalogue, test lists, clang-tidy. Usage: lint.sh <build directory>
set -eu
build=$1
git ls-files 'src/*.h' 'src/*.cpp' 'src/*.c' 'tests/*.h' 'tests/*.cpp' | xargs clang-format --dry-run --Werror
python3 tools/check_layers.py
python3 tools/check_i18n.py
python3 tools/check_test_lists.py
[ ! -x "$build/bin/exhyperv" ] || python3 tools/check_commands.py "$build/bin/exhyperv"
# clang-tidy reads the compile commands of the build, which are GCC's; only our own sources count.
git ls-files 'src/*.cpp' | xargs -P 2 -n 4 clang-tidy --quiet --extra-arg=-Wno-unknown-warning-option -p "$build" 2>/dev/null
