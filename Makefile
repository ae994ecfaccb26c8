# make            builds ./rr: needs gcc (or clang) and libc, nothing else
# make demo       the post's whole session on the built-in guest, told as it goes
# make test       every test; installs what they need first
# make soak       records real programs and replays them, again and again, for MINUTES=10
# make test-gdb   gdb's own tests of going backwards, and others, on replays
# make linux      builds Linux for the Zaurus from Debian packages, into build/linux
# make boot       boots it on this terminal; Ctrl-A x leaves
# make test-linux builds it and runs the tests that need it
# make bench      every figure of the README, beside its rival
CFLAGS ?= -O2
RR_CFLAGS = -std=gnu11 -g -Wall -Wextra $(WERROR) $(CFLAGS) -fno-strict-aliasing

# tlb.c and cp15.c are the scene of the crime: compiled so that gdb shows every local of every frame.
# They hold only slow paths, see arm.c for the fast one.
SCENE = tlb.o cp15.o
# Handlers end in a call of the next one (engine.h), which must become a jump whatever CFLAGS says.
CPU = arm.o debug.o code.o decode.o alu.o mem.o mul.o thumb.o
RECORDER = rr.o schedule.o answers.o chance.o scratch.o exec.o vdso.o shared.o output.o signals.o \
    list.o syscalls.o trace.o tracee.o digest.o written.o preempt.o progress.o
REPLAY = replay.o family.o apply.o seek.o instant.o breakpoint.o objects.o divert.o count.o \
    footprint.o probe.o stub.o agent.o x86.o
TIMELINE = timeline.o live.o travel.o before.o search.o condition.o gdbstub.o gdbquery.o \
    gdbtarget.o gdbtls.o gdbreplay.o
BOARD = spitz.o pxa.o uart.o guestlog.o snapshot.o gdbguest.o guestview.o boot.o
OBJS = $(RECORDER) $(REPLAY) $(TIMELINE) $(CPU) $(BOARD) $(SCENE)

rr: $(OBJS)
	$(CC) $(RR_CFLAGS) $(LDFLAGS) -o $@ $(OBJS)

%.o: %.c $(wildcard *.h) Makefile
	$(CC) $(RR_CFLAGS) -c -o $@ $<
$(SCENE): RR_CFLAGS += -O0
$(CPU): RR_CFLAGS += -O2

boot.o: guest/guest.bin

# The image of the built-in guest is checked in, so that ./rr needs no cross compiler.
guest:
	guest/build

test: rr
	tests/setup.sh test
	tests/run

soak: rr
	tests/setup.sh test
	tests/soak $(MINUTES)

demo: rr
	tests/setup.sh demo
	tests/demo

bench: rr
	tests/setup.sh bench
	tests/bench

test-gdb: rr
	tests/setup.sh gdb
	tests/gdb-suite

linux:
	tests/setup.sh linux
	tests/linux-build

boot: rr
	@test -s build/linux/zImage || { echo "no kernel here; run: make linux" >&2; exit 1; }
	./rr arm -kernel build/linux/zImage

test-linux: rr linux
	tests/setup.sh test
	cd tests && ./run $$(ls linux-*.sh | sed 's/\.sh$$//')

clean:
	rm -f rr *.o tests/unit_* 

# guest is a folder, too
.PHONY: guest test soak test-gdb demo bench linux boot test-linux clean
