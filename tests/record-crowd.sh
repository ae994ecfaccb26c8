# More threads than the limit of open files: the recorder has descriptors for all, the program keeps its limit
. "$top/tests/lib.sh"
build crowd
ulimit -Sn 100
roundtrip ./crowd
same <(echo "19900, 100 files") rec.out
