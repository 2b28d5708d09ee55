#!/bin/sh
# make_prefix.sh WINE PREFIX   A fresh Wine prefix that says Windows 10, and reports crashes in one line. Kept when it is there.
set -eu
wine=$1 prefix=$2
[ -f "$prefix/.ready" ] && exit 0
rm -rf "$prefix"
mkdir -p "$(dirname "$prefix")"
"$wine" wineboot -i
"$wine" reg add 'HKLM\Software\Microsoft\Windows NT\CurrentVersion\AeDebug' /v Debugger /d false /f >/dev/null
"$wine" winecfg -v win10
server=$(command -v wineserver || echo /usr/lib/wine/wineserver)
"$server" -w
touch "$prefix/.ready"
