#!/bin/sh
# clone_prefix.sh TEMPLATE COPY   A prefix of links to the template (both absolute), with a registry of its own. Nothing may be
# written to the template's folders through it: what a test installs goes to new folders.
set -eu
template=$1 copy=$2
rm -rf "$copy"
cp -as "$template" "$copy"
for file in system.reg user.reg userdef.reg .update-timestamp; do
    rm -f "$copy/$file"
    cp "$template/$file" "$copy/$file"
done
rm -rf "$copy/dosdevices"
mkdir "$copy/dosdevices"
ln -s ../drive_c "$copy/dosdevices/c:"
ln -s / "$copy/dosdevices/z:"
