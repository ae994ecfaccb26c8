# -m gives the guest more memory (Linux for spitz takes 64 MB for granted and must be told of more), and
# the guest sees the initrd and its whole command line.
. "$top/tests/lib.sh"
. "$top/tests/linux/lib.sh"
for mb in 64 128 256; do
    timeout 60 "$RR" arm -kernel "$linux/zImage" -m $mb -append "mem=${mb}M loglevel=1 -- grep MemTotal /proc/meminfo" < /dev/null > out
    kb=$(awk '/MemTotal/ { print $2 }' out)
    [ "$kb" -gt $((mb * 1024 - 8192)) ] && [ "$kb" -lt $((mb * 1024)) ] || fail "-m $mb: the guest has $kb kB"
done
zaurus 'cat /t/workload' -initrd "$linux/initrd" | tr -d '\r' | grep -v '^reboot: ' > out
same "$here/linux/workload" out
zaurus 'cat /proc/cmdline' | tr -d '\r' > out
grep -qx 'console=ttyS0,115200 panic=-1 loglevel=1 -- cat /proc/cmdline' out || fail "command line: $(head -n 1 out)"
