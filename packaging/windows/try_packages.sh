#!/bin/sh
# try_packages.sh WINE PACKAGES-FOLDER PREFIX   Installs, runs and uninstalls in a fresh Wine prefix, and looks that nothing is left.
set -eu
wine=$1 packages=$(cd "$2" && pwd) prefix=$3
here=$(cd "$(dirname "$0")" && pwd)
export WINEPREFIX="$prefix" WINEARCH=win64 WINEDEBUG=-all DISPLAY= WINEDLLOVERRIDES="mscoree,mshtml,winemenubuilder.exe="
server=$(command -v wineserver || echo /usr/lib/wine/wineserver)

fail() { echo "try_packages: $*" >&2; exit 1; }
says_version() { "$wine" "$1" --version | grep -q '^exhyperv [0-9]' || fail "$1 does not say its version"; }
environment='HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
path_variable() { "$wine" reg query "$environment" /v Path; }
files() { (cd "$prefix" && find drive_c -path '*/Temp' -prune -o -print | sort); }

rm -rf "$prefix"
sh "$here/../../tests/wine/make_prefix.sh" "$wine" "$prefix"
(cd "$packages" && sha256sum --quiet -c SHA256SUMS) || fail "a checksum is wrong"
files > "$prefix/files.before"
path_before=$(path_variable)

unpacked=$prefix/unpacked
rm -rf "$unpacked"
unzip -q -d "$unpacked" "$packages"/*-windows-x64.zip
says_version "$(ls "$unpacked"/*/exhyperv.exe)"
rm -rf "$unpacked"

home="$prefix/drive_c/Program Files/ExHyperV"
menu=$(ls -d "$prefix/drive_c/ProgramData/Microsoft/Windows/Start Menu/Programs")
"$wine" "$(ls "$packages"/*-setup.exe)" /S
for file in exhyperv.exe LICENSE.txt README.md README.zh-Hans.md THIRD-PARTY.txt uninstall.exe; do
    [ -f "$home/$file" ] || fail "not installed: $file"
done
[ -f "$menu/ExHyperV.lnk" ] || fail "no entry in the start menu"
path_variable | grep -qF ';C:\Program Files\ExHyperV' || fail "PATH does not have it"
"$wine" cmd /c exhyperv --version | grep -q '^exhyperv ' || fail "it is not found through PATH"
says_version "$home/exhyperv.exe"
"$wine" "$home/exhyperv.exe" gpu list --host sim:workstation | grep -q 'RTX 4070' || fail "it does not run where it is installed"
data="$prefix/drive_c/users/$(id -un)/AppData/Local/ExHyperV"
[ -d "$data" ] || fail "it did not keep its state under AppData"

# The uninstaller copies itself elsewhere and goes on there; _?= makes it stay, and it is deleted by its copy otherwise.
"$wine" "$home/uninstall.exe" /S /DATA
"$server" -w
[ ! -e "$home" ] || fail "left: $(ls "$home")"
[ ! -e "$menu/ExHyperV.lnk" ] || fail "the entry in the start menu is left"
[ ! -e "$data" ] || fail "its state is left, though it was asked to go"
files > "$prefix/files.after"
diff "$prefix/files.before" "$prefix/files.after" >&2 || fail "files are left"
[ "$(path_variable)" = "$path_before" ] || fail "PATH is not as it was: $(path_variable)"
"$server" -w
# Not the whole registry: Wine writes times and devices of its own into it at every start.
! grep -ai exhyperv "$prefix/system.reg" "$prefix/user.reg" >&2 || fail "left in the registry"
# A PATH longer than an installer's own strings: it must not come back cut off.
old=$(path_variable | tr -d '\r' | sed -n 's/.*REG_[A-Z_]*SZ *//p')
long=$(for number in $(seq 200); do printf ';C:\\nowhere\\%s' "$number"; done)
"$wine" reg add "$environment" /v Path /t REG_EXPAND_SZ /d "$old$long" /f >/dev/null
path_before=$(path_variable)
"$wine" "$(ls "$packages"/*-setup.exe)" /S
[ "$(path_variable | tr -d '\r')" = "$(printf '%s' "$path_before" | tr -d '\r');C:\Program Files\ExHyperV" ] || fail "a long PATH was changed otherwise than at its end"
"$wine" "$home/uninstall.exe" /S
"$server" -w
[ "$(path_variable)" = "$path_before" ] || fail "a long PATH is not as it was"
[ ! -e "$home" ] || fail "left after the second time: $(ls "$home")"

echo "Packages tried in a fresh Wine prefix: archive runs; installer installs, program runs there, uninstaller leaves nothing."
