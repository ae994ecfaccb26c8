# git: a repository is made, cloned, looked at, changed, repacked
. "$top/tests/lib.sh"
need git
export HOME=$PWD GIT_CONFIG_NOSYSTEM=1
git config --global user.name a
git config --global user.email a@b
mkdir repo && cp "$top"/*.[ch] repo
roundtrip git init -q repo
roundtrip git -C repo add .
roundtrip git -C repo commit -m first
sed -i 's/int/long/' repo/*.c
roundtrip git -C repo commit -a -m second
roundtrip git clone repo clone
[ -s clone/rr.h ] || fail "nothing was cloned"
roundtrip git -C clone log -p --stat
[ "$(grep -c ^commit rec.out)" -eq 2 ] || fail "git log: $(grep ^commit rec.out)"
roundtrip git -C clone status
roundtrip git -C clone gc
roundtrip git -C clone fsck
