#!/bin/sh
# build.sh SOURCE BUILD LAUNCHER COMPILER   Static libcrypto.a and libssl.a in BUILD, without what the program does not use.
set -eu
source=$1 build=$2 launcher=$3 compiler=$4
prefix=${compiler%gcc*}
mkdir -p "$build"
cd "$build"
log=$build/build.log
# `launcher` is a CMake list.
compile="$(echo "$launcher" | tr ';' ' ') $compiler"
if ! {
    [ -f Makefile ] || perl "$source/Configure" mingw64 no-asm no-filenames no-shared no-tests no-legacy no-engine no-module no-dso no-ui-console \
        no-comp no-dtls no-ssl3 no-srp no-psk no-srtp no-sctp no-nextprotoneg no-ct no-cms no-ts no-cmp no-gost \
        no-aria no-bf no-blake2 no-camellia no-cast no-des no-dsa no-idea no-md4 no-mdc2 no-ocb no-rc2 no-rc4 no-rc5 no-rmd160 \
        no-ocsp no-seed no-siphash no-siv no-sm2 no-sm3 no-sm4 no-whirlpool no-ec2m no-rfc3779 no-async no-autoload-config \
        CC="$compile" AR="${prefix}ar" RANLIB="${prefix}ranlib" RC="${prefix}windres" \
        CFLAGS="-Os -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables"
    make -j "${JOBS:-$(nproc)}" build_libs
} >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    echo "OpenSSL could not be built for Windows; the whole log is $log" >&2
    exit 1
fi
