#!/bin/sh
# Installs the Debian packages that are missing for the named jobs (build, test, lint, web, bench, browser, windows, wine, packages). Says nothing when nothing is missing.
set -eu

packages_for() {
    case "$1" in
    build) echo "g++ cmake ninja-build pkg-config python3 ccache mold" \
                "ntfs-3g ntfs-3g-dev libext2fs-dev comerr-dev libhivex-dev nlohmann-json3-dev libcli11-dev libexpected-dev libfmt-dev" \
                "libpugixml-dev libxxhash-dev zlib1g-dev libboost-dev libssl-dev pci.ids" ;;
    test)  echo "libgtest-dev libgmock-dev qemu-utils libhivex-bin libwin-hivex-perl libregf-utils libvhdi-utils 7zip sleuthkit gdisk fdisk attr e2fsprogs" ;;
    lint)  echo "clang-format clang-tidy" ;;
    web)   echo "nodejs npm" ;;
    bench) echo "wrk libguestfs-tools linux-image-cloud-amd64" ;;
    browser) echo "chromium fonts-noto-cjk" ;;
    windows) echo "g++-mingw-w64-x86-64-posix libz-mingw-w64-dev make perl patch xz-utils" ;;
    wine)  echo "wine64 googletest" ;;
    packages) echo "nsis zip unzip" ;;
    *)     echo "setup.sh: unknown job '$1' (build, test, lint, web, bench, browser, windows, wine, packages)" >&2; exit 2 ;;
    esac
}

reason_for() {
    case "$1" in
    build) echo "to compile ExHyperV: compiler, CMake, the libraries it links (NTFS, ext4, registry hives, JSON, XML), and the names of PCI devices" ;;
    test)  echo "to test it: GoogleTest, and independent programs that read back what ExHyperV wrote (qemu, ntfs-3g, hivex, sleuthkit)" ;;
    bench) echo "to load the server as many browsers would, and to measure guestfish beside ExHyperV (its appliance needs a kernel; some 500 MB)" ;;
    web)   echo "to build the page that \"exhyperv ui\" opens" ;;
    browser) echo "to test the page as a person sees it, in a real browser, and to make the pictures of the documentation" ;;
    lint)  echo "to check the code's format and run clang-tidy" ;;
    windows) echo "to cross-build the Windows program" ;;
    wine)  echo "to run the Windows program and its tests on this system" ;;
    packages) echo "to pack the Windows program: installer and archive" ;;
    esac
}

missing=""
for job in "$@"; do
    lacking=""
    for package in $(packages_for "$job"); do
        status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
        [ "$status" = "install ok installed" ] || lacking="$lacking $package"
    done
    if [ -n "$lacking" ]; then
        echo "Missing Debian packages $(reason_for "$job"):"
        echo " $lacking"
        missing="$missing$lacking"
    fi
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "This is not a Debian system (no apt-get). Please install the equivalents of the packages above and run again." >&2
    exit 1
fi
as_root=""
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
        echo "Installing them needs root. Run as root:  apt-get update && apt-get install -y$missing" >&2
        exit 1
    fi
    as_root="sudo"
    echo "Installing them with sudo (it may ask for your password)."
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "Installing ..."
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
if ! { $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends $missing; } >"$log" 2>&1; then
    cat "$log" >&2
    echo "The packages could not be installed; the lines above say why." >&2
    exit 1
fi
echo "Installed."
