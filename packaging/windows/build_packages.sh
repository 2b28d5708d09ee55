#!/bin/sh
# build_packages.sh EXHYPERV.EXE ICON.ico VERSION OUTPUT-FOLDER   Archive, installer, manifests for winget and Chocolatey, checksums.
# EXHYPERV_RELEASE_URL: where a release's files are; without it the manifests name a place that does not exist.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
program=$1 icon=$(realpath "$2") version=$3
rm -rf "$4"
mkdir -p "$4"
output=$(cd "$4" && pwd)
url=${EXHYPERV_RELEASE_URL:-https://exhyperv.invalid/releases/$version}

folder=exhyperv-$version-windows-x64
stage=$output/$folder
mkdir "$stage"
cp "$program" "$stage/exhyperv.exe"
cp "$root/README.md" "$root/README.zh-Hans.md" "$here/THIRD-PARTY.txt" "$stage/"
cp "$root/LICENSE" "$stage/LICENSE.txt"

zip=$folder.zip installer=exhyperv-$version-setup.exe
# The same files give the same archive: one time for all, no owners.
find "$stage" -exec touch -d "@${SOURCE_DATE_EPOCH:-1577836800}" {} +
(cd "$output" && zip -q -X -9 -r "$zip" "$folder")
(cd "$here" && makensis -V2 -WX -INPUTCHARSET UTF8 "-DVERSION=$version" "-DFOUR_PART_VERSION=$version.0" "-DICON=$icon" "-DSTAGE=$stage" \
    "-DOUTPUT=$output/$installer" installer.nsi)
rm -rf "$stage"

checksum=$(sha256sum "$output/$installer" | cut -d' ' -f1)
upper=$(printf %s "$checksum" | tr a-f A-F)
fill() {
    mkdir -p "$(dirname "$2")"
    sed -e "s|@VERSION@|$version|g" -e "s|@RELEASE_URL@|$url|g" -e "s|@INSTALLER@|$installer|g" \
        -e "s|@INSTALLER_SHA256@|$checksum|g" -e "s|@INSTALLER_SHA256_UPPER@|$upper|g" "$1" > "$2"
}
fill "$here/winget/version.yaml.in" "$output/winget/ExHyperV.ExHyperV.yaml"
for part in installer locale.en-US locale.zh-CN; do
    fill "$here/winget/$part.yaml.in" "$output/winget/ExHyperV.ExHyperV.$part.yaml"
done
fill "$here/chocolatey/exhyperv.nuspec.in" "$output/chocolatey/exhyperv.nuspec"
for part in chocolateyinstall chocolateyuninstall; do
    fill "$here/chocolatey/tools/$part.ps1.in" "$output/chocolatey/tools/$part.ps1"
done
(cd "$output" && sha256sum "$zip" "$installer" > SHA256SUMS)
echo "Packages of version $version are in $output:"
(cd "$output" && ls -1s --block-size=K -- *.zip *.exe SHA256SUMS)
