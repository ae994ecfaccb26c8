#!/usr/bin/env bash
# tests/setup.sh demo|test|gdb|linux: makes sure the packages that step needs are there; says what it
# installs; where it cannot (no root, not Debian) prints the exact command to run and fails.
set -eu
case ${1:-} in
demo) want="gdb" ;;
test) want="gdb gdb-multiarch check gcc-arm-none-eabi qemu-system-arm qemu-user python3 perl sqlite3" ;;
gdb) want="gdb gdb-source dejagnu gcc" ;;
linux) want="linux-source-6.1 gcc-arm-linux-gnueabi bc flex bison cpio xz-utils qemu-system-arm" ;;
*) echo "usage: tests/setup.sh demo|test|gdb|linux" >&2; exit 2 ;;
esac
missing=
for p in $want; do
    dpkg-query -W -f '${Status}' "$p" 2> /dev/null | grep -q 'install ok installed' || missing="$missing $p"
done
[ -n "$missing" ] || exit 0
cmd="apt-get update && apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get > /dev/null; then
    echo "make $1 needs these packages:$missing" >&2
    echo "    sudo sh -c '$cmd'" >&2
    exit 1
fi
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
sh -c "$cmd" > /dev/null
