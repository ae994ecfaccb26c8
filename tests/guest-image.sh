# guest/guest.bin is what guest/build makes of the sources beside it (with the toolchain it was made with)
. "$top/tests/lib.sh"
need arm-none-eabi-gcc
made_with=12.2.1
have=$(arm-none-eabi-gcc -dumpversion)
[ "$have" = "$made_with" ] || skip "guest.bin was made by gcc $made_with, here is $have"
"$top/guest/build" "$PWD/guest.bin"
same guest.bin "$top/guest/guest.bin"
