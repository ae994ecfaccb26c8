/* Probes at every instruction of a function that has a bit of everything, checked against the same
 * function single-stepped: counts, compared states, conditions, and what an onlooker sees at every
 * single instruction of every stub. */
#include "tracee.h"
#include <sys/personality.h>

/* ---- the probed ---- */
#define PROBED __attribute__((noinline, section("probed"), used))
extern const char __start_probed[], __stop_probed[];
static volatile int shared = 5;
static double table[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
static long counters[16];

PROBED static long leaf(long a, long b) { return a * 0x12345678 + (b ^ shared); }
PROBED static long twist(long n) { return n < 2 ? n : twist(n - 1) + twist(n - 2); }
PROBED static long choose(long n)
{
    switch (n & 7) {
    case 0: return n + 0x1234567;
    case 1: return leaf(n, 4);
    case 2: counters[n & 15] += 0x10203; return n;
    case 3: return n / 3 + n % 7;
    case 4: return __builtin_popcountl(n) + 100000;
    default: return -n;
    }
}
PROBED static long work(void)
{
    long (*volatile pointer)(long, long) = leaf;
    long sum = 0;
    double x = 1.5;
    for (int i = 0; i < 60; i++) {
        sum = sum * 31 + choose(i) + (i > 100000 ? 7 : 3);
        x = x * 1.0625 + table[i & 7];
        if (i % 11 == 3) sum ^= pointer(sum, i) + (long)x;
        counters[i & 15] = sum >> 3;
    }
    return sum + twist(7) + (long)x + counters[5];
}

/* ---- the child ---- */
static void spawn(struct tracee *t)
{
    pid_t pid = fork();
    if (pid < 0) die("fork");
    if (pid == 0) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        raise(SIGSTOP);
        execl("/proc/self/exe", "child", NULL);
        die("exec");
    }
    adopt(t, pid);
    raw_resume(t); /* the exec, whose memory is another */
    raw_resume(t); /* its int3 */
    close(t->mem);
    t->mem = open_memory(pid);
}

static int child(void)
{
    asm volatile("int3"); /* a raise() would leave the process id in registers */
    long sum = work();
    return (sum ^ sum >> 8 ^ sum >> 16 ^ sum >> 24) & 0xff;
}

/* ---- the truth: every state the function went through ---- */
struct state { struct user_regs_struct regs; struct user_fpregs_struct fp; };
enum { MOST = 200000 };
static struct state *truth;
static size_t truth_count;
static int true_status;

static bool in_probed(uint64_t pc)
{
    return pc - (uintptr_t)__start_probed < (size_t)(__stop_probed - __start_probed);
}

static void learn_truth(void)
{
    struct tracee t;
    spawn(&t);
    truth = calloc(MOST, sizeof *truth);
    for (true_status = raw_step(&t); WIFSTOPPED(true_status); true_status = raw_step(&t)) {
        struct state *s = &truth[truth_count];
        ptrace(PTRACE_GETREGS, t.pid, 0, &s->regs);
        ptrace(PTRACE_GETFPREGS, t.pid, 0, &s->fp);
        if (in_probed(s->regs.rip) && ++truth_count == MOST) die("too long");
    }
    if (!WIFEXITED(true_status)) die("it crashed");
}

static long arrivals(uint64_t site)
{
    long n = 0;
    for (size_t i = 0; i < truth_count; i++) n += truth[i].regs.rip == site;
    return n;
}

static long failures;
static void expect(bool fine, const char *what, uint64_t site)
{
    if (!fine) failures++, fprintf(stderr, "%s at %#lx\n", what, (long)site);
}

/* eflags is compared without the resume flag, which tells how the kernel stopped the task */
static bool same_regs(const struct user_regs_struct *a, const struct user_regs_struct *b)
{
    struct user_regs_struct x = *a, y = *b;
    x.orig_rax = y.orig_rax = 0;
    x.eflags &= ~0x10100ul, y.eflags &= ~0x10100ul;
    return !memcmp(&x, &y, sizeof x);
}

/* Runs to the next hit or to the end; returns the status, and the registers at a hit. */
static int run_to_hit(struct probes *ps, struct tracee *t, struct user_regs_struct *regs, bool step)
{
    for (;;) {
        int probe;
        ptrace(PTRACE_GETREGS, t->pid, 0, regs);
        probes_before_run(ps, t, regs, step);
        int status = step ? raw_step(t) : raw_resume(t);
        if (!WIFSTOPPED(status)) return status;
        ptrace(PTRACE_GETREGS, t->pid, 0, regs);
        enum probe_verdict v = probes_after_stop(ps, t, status, regs, &probe);
        if (v == PROBE_HIT || (step && v == PROBE_NONE)) return status;
        if (v == PROBE_NONE) die("an unexpected stop");
    }
}

/* ---- the checks, each for one site ---- */
static void check_count(uint64_t site, bool may_trap)
{
    struct tracee t;
    struct user_regs_struct regs;
    struct probe_spec spec = { .kind = PROBE_COUNT, .may_trap = may_trap };
    spawn(&t);
    struct probes *ps = probes_new();
    int p = probe_install(ps, &t, site, &spec);
    long want = arrivals(site), middle = want / 2 + 1;
    if (p >= 0) {
        char hidden[32], bare[32];
        tracee_read(&t, site - 8, hidden, 32);
        probes_hide(ps, site - 8, hidden, 32);
        expect(!memcmp(hidden, (char *)site - 8, 32), "the patch shows", site);
        probe_remove(ps, &t, p);
        tracee_read(&t, site - 8, bare, 32);
        expect(!memcmp(bare, (char *)site - 8, 32), "the patch stays", site);
        spec.count = middle;
        p = probe_install(ps, &t, site, &spec);
        run_to_hit(ps, &t, &regs, false);
        size_t i = 0;
        for (long n = 0; n < middle; i++) n += truth[i].regs.rip == site;
        expect(same_regs(&regs, &truth[i - 1].regs), "counted to another state", site);
        expect(probe_hits(ps, &t, p) == (uint64_t)middle, "wrong count at the hit", site);
        expect(run_to_hit(ps, &t, &regs, false) == true_status, "another result", site);
    }
    probes_free(ps);
    dispose(&t);
}

/* The same probe, that counts as well: it stops where the state is equal, state number `first`, with as
 * many arrivals counted; or at an arrival before that if that many are wanted. */
static void check_compare_and_count(uint64_t site, const struct probe_spec *compare, size_t first)
{
    uint64_t arrivals = 0, before = 0;
    for (size_t i = 0; i <= first; i++)
        if (truth[i].regs.rip == site) before = arrivals++ ? before : i;
    for (int early = 0; early <= (arrivals > 1); early++) {
        struct tracee t;
        struct user_regs_struct regs;
        struct probe_spec spec = *compare;
        spec.count = early ? 1 : UINT64_MAX;
        spawn(&t);
        struct probes *ps = probes_new();
        int p = probe_install(ps, &t, site, &spec);
        if (p >= 0) {
            run_to_hit(ps, &t, &regs, false);
            expect(same_regs(&regs, &truth[early ? before : first].regs), "compare and count", site);
            expect(probe_hits(ps, &t, p) == (early ? 1 : arrivals), "its count", site);
        }
        probes_free(ps);
        dispose(&t);
    }
}

/* The values of the n'th arrival, compared: the first arrival with these is to be found. */
static void check_compare(uint64_t site, bool may_trap)
{
    struct tracee t;
    struct user_regs_struct regs;
    struct probe_spec spec = { .kind = PROBE_COMPARE, .may_trap = may_trap };
    struct probe_compare *want = &spec.compare;
    long middle = arrivals(site) * 2 / 3 + 1;
    size_t i = 0, first = 0;
    for (long n = 0; n < middle; i++) n += truth[i].regs.rip == site;
    struct state *s = &truth[i - 1];
    for (unsigned r = 0; r < 32; r++) {
        struct probe_value v = { .which = r };
        if (r < 16) v.value = *x86_register(&s->regs, r);
        else memcpy(&v.value, s->fp.xmm_space + 4 * (r - 16), 8);
        want->values[want->value_count++] = v;
    }
    for (; first < i - 1; first++)
        if (truth[first].regs.rip == site && !memcmp(&truth[first].fp.xmm_space, s->fp.xmm_space, 256) &&
            !memcmp(&truth[first].regs, &s->regs, offsetof(struct user_regs_struct, orig_rax)) &&
            truth[first].regs.rsp == s->regs.rsp) break;
    spawn(&t);
    struct probes *ps = probes_new();
    want->words[want->word_count++] = (struct probe_word){ (uintptr_t)table, 0x3ff0000000000000 };
    want->words[want->word_count++] = (struct probe_word){ (uintptr_t)&table[3], 0x4010000000000000 };
    int p = probe_install(ps, &t, site, &spec);
    if (p >= 0) {
        run_to_hit(ps, &t, &regs, false);
        expect(same_regs(&regs, &truth[first].regs), "compared to another state", site);
        probe_remove(ps, &t, p);
        want->words[1].value++;
        p = probe_install(ps, &t, site, &spec);
        int status = run_to_hit(ps, &t, &regs, false);
        expect(may_trap || status == true_status, "hit with another word in memory", site);
        want->words[1].value--;
    }
    probes_free(ps);
    dispose(&t);
    if (!may_trap) check_compare_and_count(site, &spec, first);
}

/* if (rax * 3 + 7) == what it is at the n'th arrival && *(long *)rsp == *(long *)rsp */
static void check_condition(uint64_t site)
{
    struct tracee t;
    struct user_regs_struct regs;
    long middle = arrivals(site) / 2 + 1;
    size_t i = 0, first = 0;
    for (long n = 0; n < middle; i++) n += truth[i].regs.rip == site;
    uint64_t rax = truth[i - 1].regs.rax, value = rax * 3 + 7;
    uint8_t code[] = { 0x26, 0, 0, 0x22, 3, 0x04, 0x22, 7, 0x02, 0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0x13,
                       0x28, 0x0e, 0x20, 0, 34, 0x29, 0x26, 0, 7, 0x1a, 0x26, 0, 7, 0x1a, 0x13, 0x27 };
    for (int b = 0; b < 8; b++) code[10 + b] = value >> (56 - 8 * b);
    while (truth[first].regs.rip != site || truth[first].regs.rax != rax) first++;
    struct probe_spec spec = { .kind = PROBE_CONDITION, .agent = code, .agent_length = sizeof code };
    spawn(&t);
    struct probes *ps = probes_new();
    int p = probe_install(ps, &t, site, &spec);
    if (p >= 0) {
        run_to_hit(ps, &t, &regs, false);
        expect(same_regs(&regs, &truth[first].regs), "the condition held elsewhere", site);
        code[12]++; /* a value rax * 3 + 7 does not have there */
        probe_remove(ps, &t, p);
        p = probe_install(ps, &t, site, &spec);
        expect(run_to_hit(ps, &t, &regs, false) == true_status, "another result (condition)", site);
    }
    probes_free(ps);
    dispose(&t);
}

/* Steps through the stubs themselves: what after_stop shows must be a state of the truth, in order. */
static void check_stops(uint64_t site, enum probe_kind kind, uint64_t count)
{
    struct tracee t;
    uint8_t never[] = { 0x26, 0, 7, 0x22, 9, 0x13, 0x27 }; /* rsp == 9 */
    struct probe_spec spec = { .kind = kind, .count = count, .agent = never, .agent_length = sizeof never };
    struct probe_value impossible[] = { { 0, 4 }, { 0, 1 } };
    memcpy(spec.compare.values, impossible, sizeof impossible);
    spec.compare.value_count = 2;
    spawn(&t);
    struct probes *ps = probes_new();
    int probe, status, p = probe_install(ps, &t, site, &spec);
    size_t at = 0, seen = 0;
    while (p >= 0 && WIFSTOPPED(status = raw_step(&t))) {
        struct user_regs_struct raw, regs;
        ptrace(PTRACE_GETREGS, t.pid, 0, &raw);
        regs = raw;
        uint64_t before = probe_hits(ps, &t, p);
        enum probe_verdict v = probes_after_stop(ps, &t, status, &regs, &probe);
        if (regs.rip != raw.rip) {
            seen++;
            while (probe_hits(ps, &t, p) < before) { /* take the undone count back */
                struct user_regs_struct there = regs;
                there.rip = site;
                probes_before_run(ps, &t, &there, true);
            }
            ptrace(PTRACE_SETREGS, t.pid, 0, &raw);
        }
        if (v != PROBE_NONE) expect(false, "a hit without reason", site);
        if (!in_probed(regs.rip)) continue;
        if (at < truth_count && same_regs(&regs, &truth[at].regs)) at++;
        else if (at == 0 || !same_regs(&regs, &truth[at - 1].regs)) {
            expect(false, "an onlooker sees a state that never was", site);
            break;
        }
    }
    if (p >= 0) expect(at == truth_count && seen > 0, "states went missing", site);
    probes_free(ps);
    dispose(&t);
}

/* Stepping over the whole function with the protocol gives the truth, and counts. */
static void check_steps(uint64_t site)
{
    struct tracee t;
    struct probe_spec spec = { .kind = PROBE_COUNT, .may_trap = true };
    spawn(&t);
    struct probes *ps = probes_new();
    int p = probe_install(ps, &t, site, &spec);
    struct user_regs_struct regs;
    for (size_t at = 0; p >= 0 && at < truth_count;) {
        if (!WIFSTOPPED(run_to_hit(ps, &t, &regs, true))) break;
        if (in_probed(regs.rip) && !same_regs(&regs, &truth[at++].regs)) {
            expect(false, "stepping leads elsewhere", site);
            break;
        }
    }
    if (p >= 0) expect((long)probe_hits(ps, &t, p) >= arrivals(site) - 1, "steps not counted", site);
    probes_free(ps);
    dispose(&t);
}

int main(int argc, char **argv)
{
    if (argc == 1 && !strcmp(argv[0], "child")) return child();
    if (!(personality(0xffffffff) & ADDR_NO_RANDOMIZE)) { /* every child the same addresses as we */
        personality(ADDR_NO_RANDOMIZE);
        execv("/proc/self/exe", argv);
    }
    size_t sites = 0, jumps = 0, traps = 0;
    learn_truth();
    for (const char *c = __start_probed; c < __stop_probed;) {
        struct x86_insn in;
        uint64_t site = (uintptr_t)c;
        if (!x86_decode((const uint8_t *)c, 15, &in)) break;
        c += in.length;
        if (!arrivals(site)) continue;
        struct tracee t;
        spawn(&t);
        struct probes *ps = probes_new();
        bool jump = probe_suits(ps, &t, site, false), trap = probe_suits(ps, &t, site, true);
        dispose(&t);
        probes_free(ps);
        sites++, jumps += jump, traps += trap;
        if (trap) check_count(site, true), check_compare(site, true);
        if (jump) check_condition(site);
        if (jump && jumps % 8 == 1)
            check_stops(site, PROBE_COUNT, 0), check_stops(site, PROBE_CONDITION, 0),
            check_stops(site, PROBE_COMPARE, 0), check_stops(site, PROBE_COMPARE, UINT64_MAX);
        if (trap && traps % 16 == 1) check_steps(site);
    }
    printf("%zu states, %zu sites, %zu with a jump, %zu with an int3, %ld failures\n", truth_count, sites,
           jumps, traps - jumps, failures);
    return failures > 0 || sites < 50 || jumps * 2 < sites;
}
