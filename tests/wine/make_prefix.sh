#!/bin/sh
# make_prefix.sh WINE PREFIX [SECONDS]   A fresh Wine prefix that says Windows 10, and reports crashes in one line. Kept when it is there.
# With SECONDS its server stays that long after the last program: one that begins while the server ends would fail without a word.
set -eu
wine=$1 prefix=$2 stay=${3:-}
server=$(command -v wineserver || echo /usr/lib/wine/wineserver)
if [ ! -f "$prefix/.ready" ]; then
    rm -rf "$prefix"
    mkdir -p "$(dirname "$prefix")"
    "$wine" wineboot -i
    "$wine" reg add 'HKLM\Software\Microsoft\Windows NT\CurrentVersion\AeDebug' /v Debugger /d false /f >/dev/null
    "$wine" winecfg -v win10
    "$server" -w
    touch "$prefix/.ready"
fi
# The server lives on, and so do the services that the first program starts: with our output in their hands ctest would wait for their end.
if [ -n "$stay" ]; then
    "$server" "-p$stay" </dev/null >/dev/null 2>&1 || [ $? = 2 ] # 2: one is running, since a test run of a moment ago
    "$wine" cmd /c exit </dev/null >/dev/null 2>&1
fi
