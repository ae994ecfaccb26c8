#!/usr/bin/env bash
# tests/setup.sh demo|test|gdb|linux|bench: makes sure the packages that step needs are there; says what it
# installs; where it cannot (no root, not Debian) prints the exact command to run and fails. What only
# single tests want (PACKAGE:PROGRAM) is installed where that is possible; else those are skipped.
set -eu
programs=
# What is recorded in tests and measured: programs people run every day. (redis-tools has the server,
# too, without starting one.)
everyday="git:git curl:curl openssh-client:ssh-keygen openssl:openssl xz-utils:xz redis-tools:redis-check-rdb
          nodejs:node default-jre-headless:java"
case ${1:-} in
demo) want="gdb" ;;
test) want="gdb gdb-multiarch check gcc-arm-none-eabi qemu-system-arm qemu-user python3 perl sqlite3"
      programs=$everyday ;;
bench) want="gdb gdb-multiarch gcc-arm-none-eabi qemu-system-arm qemu-utils python3 perl sqlite3"
       programs=$everyday ;;
gdb) want="gdb gdb-source dejagnu gcc" ;;
linux) want="linux-source-6.1 gcc-arm-linux-gnueabi bc flex bison cpio xz-utils qemu-system-arm" ;;
*) echo "usage: tests/setup.sh demo|test|gdb|linux|bench" >&2; exit 2 ;;
esac
missing= nice=
for p in $want; do
    dpkg-query -W -f '${Status}' "$p" 2> /dev/null | grep -q 'install ok installed' || missing="$missing $p"
done
for p in $programs; do
    command -v "${p#*:}" > /dev/null || nice="$nice ${p%:*}"
done
[ -n "$missing$nice" ] || exit 0
update="apt-get update" install="apt-get install -y --no-install-recommends"
able=1
[ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null || able=
if [ -n "$missing" ] && [ -z "$able" ]; then
    echo "make $1 needs these packages:$missing" >&2
    echo "    sudo sh -c '$update && $install$missing$nice'" >&2
    exit 1
fi
if [ -z "$able" ]; then
    echo "some tests will be skipped without these packages:$nice"
    exit 0
fi
echo "installing:$missing$nice"
export DEBIAN_FRONTEND=noninteractive
sh -c "$update" > /dev/null
[ -z "$missing" ] || sh -c "$install$missing" > /dev/null
for p in $nice; do
    sh -c "$install $p" > /dev/null 2>&1 || echo "could not be installed, tests of it are skipped: $p"
done
