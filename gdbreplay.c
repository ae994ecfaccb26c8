/* gdbreplay.c - a replayed process as a machine for timeline.c, and gdb on it.
 *
 * Problem: `rr replay` is to drop one into gdb at the start of the recording, with nothing to set
 * up.
 *
 * Guarantee: gdb sees the program as it was, its files out of the trace; when gdb leaves, however
 * it does, nothing is left behind. Only this machine can connect, and only once.
 *
 * How: a socket on 127.0.0.1; gdb is started on it, with a sysroot made of links to the trace's
 * copies of the program's files, and with a few commands defined (when, checkpoint, ...). With -s
 * somebody else starts gdb.
 *
 * Start reading at gdb_replay_session().
 */
#define _GNU_SOURCE
#include "guestview.h"
#include "replay.h"
#include "timeline.h"
#include <arpa/inet.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- a replayed process as a machine ---- */

static struct replay *replay_of(const struct machine *m) { return (struct replay *)m; }

static struct machine *machine_fork(struct machine *m)
{
    return (struct machine *)replay_fork(replay_of(m));
}
static void machine_free(struct machine *m) { replay_free(replay_of(m)); }
static uint64_t machine_clock(const struct machine *m) { return replay_event(replay_of(m)); }
static pid_t machine_thread(struct machine *m) { return replay_current_tid(replay_of(m)); }
static const char *machine_exe(struct machine *m) { return replay_exe(replay_of(m)); }

static struct replay_stop machine_run(struct machine *m, enum replay_how how, uint64_t until)
{
    return replay_run(replay_of(m), how, until);
}

static bool machine_break(struct machine *m, uint64_t addr)
{
    return replay_set_breakpoint(replay_of(m), addr);
}
static void machine_filter(struct machine *m, uint64_t addr, const uint8_t *agent, size_t length,
                           uint64_t quota)
{
    replay_filter(replay_of(m), addr, agent, length, quota);
}
static uint64_t machine_passes(struct machine *m, uint64_t addr)
{
    return replay_passes(replay_of(m), addr);
}
static bool machine_unbreak(struct machine *m, uint64_t addr)
{
    return replay_clear_breakpoint(replay_of(m), addr);
}

static bool machine_watch(struct machine *m, int slot, uint64_t addr, int len, enum watch_type type)
{
    return replay_set_watch(replay_of(m), slot, addr, len, type);
}

static bool machine_unwatch(struct machine *m, int slot)
{
    return replay_clear_watch(replay_of(m), slot);
}

static void machine_catch(struct machine *m, const struct syscall_set *set)
{
    replay_catch(replay_of(m), set);
}
static int64_t machine_calling(struct machine *m) { return replay_calling(replay_of(m)); }
static int64_t machine_returned(const struct machine *m, pid_t *tid)
{
    return replay_returned(replay_of(m), tid);
}

static uint64_t machine_pc(struct machine *m)
{
    struct user_regs_struct regs = { 0 };
    const struct replay *r = replay_of(m);
    if (r->threads[r->current].in_kernel) return UINT64_MAX; /* it has come nowhere yet */
    replay_get_regs(replay_of(m), machine_thread(m), &regs);
    return regs.rip;
}

static ssize_t machine_read(struct machine *m, uint64_t addr, void *buf, size_t len)
{
    return replay_read_mem(replay_of(m), addr, buf, len);
}

/* A string instruction with REP steps once for each element, at the same pc. */
static unsigned machine_repeats(struct machine *m)
{
    uint8_t code[16];
    struct x86_insn insn;
    ssize_t n = machine_read(m, machine_pc(m), code, sizeof code);
    return n > 0 && x86_decode(code, n, &insn) && insn.flow == X86_REPEAT ? insn.length : 0;
}

static size_t machine_threads(struct machine *m, pid_t *tids, size_t max)
{
    return replay_tids(replay_of(m), tids, max);
}

static size_t machine_registers(struct machine *m, pid_t tid, uint8_t *buf, uint8_t *valid)
{
    struct user_regs_struct regs;
    uint8_t xsave[XSAVE_MAX];
    if (!replay_get_regs(replay_of(m), tid, &regs)) return 0;
    return x86_registers(&regs, xsave, replay_get_xsave(replay_of(m), tid, xsave, sizeof xsave),
                         buf, valid);
}

/* rax to rip, by gdb's numbers: conditions mostly want rbp. */
static bool machine_low_register(struct machine *m, unsigned number, uint64_t *value)
{
    struct user_regs_struct r;
    if (number > 16 || !replay_get_regs(replay_of(m), machine_thread(m), &r)) return false;
    const uint64_t all[] = { r.rax, r.rbx, r.rcx, r.rdx, r.rsi, r.rdi, r.rbp, r.rsp, r.r8, r.r9,
                             r.r10, r.r11, r.r12, r.r13, r.r14, r.r15, r.rip };
    *value = all[number];
    return true;
}

static size_t machine_auxv(struct machine *m, void *buf, size_t size)
{
    return replay_auxv(replay_of(m), buf, size);
}

/* The trace knows files by their real paths; gdb asks for them by those the program used, which may
 * lead through links. Then the file name alone has to do. */
static const char *machine_file(struct machine *m, const char *path)
{
    const char *copy = replay_file(replay_of(m), path), *base = strrchr(path, '/'), *other;
    for (int i = 0; !copy && base && (other = trace_file_path(replay_of(m)->rec->trace, i)); i++) {
        const char *its = strrchr(other, '/');
        size_t n = strlen(base);
        if (its && !strncmp(its, base, n) && (!its[n] || (its[n] == '.' && strstr(base, ".so"))))
            copy = replay_file(replay_of(m), other);
    }
    return copy;
}

/* As gdb's `info proc mappings` has them for a process, with the names files had when recorded. */
struct map_list {
    FILE *out;
    struct trace *trace;
};

static void list_mapping(const struct mapping *m, void *data)
{
    const struct map_list *list = data;
    const char *name = m->name, *copy = strstr(name, "/files/");
    if (copy && (copy = trace_file_path(list->trace, atoi(copy + 7)))) name = copy;
    if (m->start >> 24 == STUB_PAGE >> 24) name = "[rr]";
    fprintf(list->out, "0x%-16llx 0x%-16llx 0x%-10llx 0x%-10llx %c%c%c%c  %s\n",
            (unsigned long long)m->start, (unsigned long long)m->end,
            (unsigned long long)(m->end - m->start), (unsigned long long)m->offset,
            m->prot & PROT_READ ? 'r' : '-', m->prot & PROT_WRITE ? 'w' : '-',
            m->prot & PROT_EXEC ? 'x' : '-', m->shared ? 's' : 'p', name);
}

static char *machine_mappings(struct machine *m)
{
    char *text = NULL;
    size_t size;
    struct map_list list = { open_memstream(&text, &size), replay_of(m)->rec->trace };
    fprintf(list.out, "%-18s %-18s %-12s %-12s %s  %s\n", "Start Addr", "End Addr", "Size",
            "Offset", "Perms", "File");
    for_each_map(replay_of(m)->task.pid, list_mapping, &list);
    fclose(list.out);
    return text;
}

static bool machine_tally(struct machine *m, uint64_t addr, uint64_t enough)
{
    return replay_tally(replay_of(m), addr, enough);
}

static uint64_t machine_tallied(struct machine *m) { return replay_tallied(replay_of(m)); }

static void machine_mark(struct machine *m) { replay_mark(replay_of(m)); }
static void machine_pass_mark(struct machine *m) { replay_pass_mark(replay_of(m)); }
static bool machine_suits(struct machine *m) { return replay_suits(replay_of(m)); }
static bool machine_marked(const struct machine *m, uint64_t pc)
{
    return replay_marked(replay_of(m), pc);
}
static bool machine_at_event(const struct machine *m) { return replay_at_event(replay_of(m)); }
static uint64_t machine_recorded(const struct machine *m, uint64_t clock)
{
    return replay_recorded(replay_of(m), clock);
}

static struct machine *machine_divert(struct machine *m)
{
    return (struct machine *)replay_divert(replay_of(m));
}

static bool machine_write(struct machine *m, uint64_t addr, const void *buf, size_t len)
{
    return replay_write_mem(replay_of(m), addr, buf, len);
}

static bool machine_set_registers(struct machine *m, pid_t tid, const uint8_t *buf)
{
    struct user_regs_struct regs;
    uint8_t xsave[XSAVE_MAX];
    if (!replay_get_regs(replay_of(m), tid, &regs)) return false;
    size_t size = replay_get_xsave(replay_of(m), tid, xsave, sizeof xsave);
    x86_set_registers(buf, &regs, xsave, size);
    return replay_set_regs(replay_of(m), tid, &regs, xsave, size);
}

static void machine_share(struct machine *m, uint64_t *share, uint64_t *whole)
{
    replay_share(replay_of(m), share, whole);
}

static void machine_visible(bool on) { replay_echo(on); }

static struct target process_target = {
    .fork = machine_fork, .free = machine_free, .run = machine_run, .visible = machine_visible,
    .interrupt = replay_interrupt, .clock = machine_clock,
    .set_breakpoint = machine_break, .clear_breakpoint = machine_unbreak,
    .filter = machine_filter, .passes = machine_passes,
    .set_watch = machine_watch, .clear_watch = machine_unwatch,
    .catch = machine_catch, .calling = machine_calling, .returned = machine_returned,
    .pc = machine_pc, .repeats = machine_repeats, .read = machine_read,
    .threads = machine_threads, .thread = machine_thread,
    .registers = machine_registers, .low_register = machine_low_register, .rows = x86_rows, .arch = "i386:x86-64", .abi = "GNU/Linux",
    .auxv = machine_auxv, .exe = machine_exe, .file = machine_file,
    .mappings = machine_mappings,
    .tally = machine_tally, .tallied = machine_tallied,
    .mark = machine_mark, .pass_mark = machine_pass_mark,
    .suits = machine_suits, .at_event = machine_at_event, .marked = machine_marked, .recorded = machine_recorded,
    .grown = forks_grown, .share = machine_share,
    .progress = true,
    .divert = machine_divert, .write = machine_write, .set_registers = machine_set_registers, .sp = 7,
    .thread_pointer = 58,
};

/* ---- the socket ---- */

/* Listens on 127.0.0.1; *port 0 becomes the one chosen. -1: said why. */
int listen_on(int *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(*port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    int one = 1, sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(sock, (struct sockaddr *)&address, sizeof address) || listen(sock, 1)
        || getsockname(sock, (struct sockaddr *)&address, &size)) {
        fprintf(stderr, "rr: cannot listen on port %d: %s%s\n", *port, strerror(errno),
                errno == EADDRINUSE ? "; -s 0 picks a free one" : "");
        close(sock);
        return -1;
    }
    *port = ntohs(address.sin_port);
    return sock;
}

/* Has this process ended? It stays to be waited for. */
static bool has_ended(pid_t pid)
{
    siginfo_t info = { 0 };
    return waitid(P_PID, pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid;
}

/* Waits for the one gdb. -1: the gdb we started (0: none) ended without connecting. */
static int accept_gdb(int listener, pid_t gdb)
{
    int one = 1, sock;
    struct pollfd p = { .fd = listener, .events = POLLIN };
    while (poll(&p, 1, 100) <= 0)
        if (gdb && has_ended(gdb)) return -1;
    sock = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return sock;
}

/* ---- starting gdb ---- */

/* Commands gdb learns, as rr's users know them. gdb cannot know that `restart` moved the process,
 * so what it remembers of it is thrown away. */
static const char gdb_commands[] =
    "set confirm off\n"
    "define when\nmonitor when\nend\n"
    "document when\nThe present position in the recording.\nend\n"
    "define checkpoint\nmonitor checkpoint\nend\n"
    "document checkpoint\nRemember this position; `restart N` comes back to it.\nend\n"
    "define rr-moved\nmaintenance flush register-cache\nmaintenance flush dcache\nframe\nend\n"
    "define restart\nif $argc\nmonitor restart $arg0\nelse\nmonitor restart 0\nend\nrr-moved\nend\n"
    "document restart\nGo to checkpoint N; 0, or nothing, is the start of the recording.\nend\n"
    "define run\nmonitor restart 0\nrr-moved\ncontinue\nend\n"
    "document run\nGo to the start of the recording, and on from there.\nend\n"
    "define start\ntbreak main\nrun\nend\n"
    "document start\nGo to the start of main.\nend\n"
    "define seek\nif $argc\nmonitor seek $arg0\nrr-moved\nelse\nhelp seek\nend\nend\n"
    "document seek\nGo to where so many events are over.\nend\n"
    "define delete checkpoint\nif $argc\nmonitor delete checkpoint $arg0\nelse\nhelp delete checkpoint\nend\nend\n"
    "document delete checkpoint\nForget checkpoint N.\nend\n"
    "define info proc mappings\nmonitor info mappings\nend\n"
    "document info proc mappings\nWhat is mapped in the program, here.\nend\n"
    "define info checkpoints\nmonitor info checkpoints\nend\n"
    "set confirm on\n";

/* A file descriptor gdb can source that from. */
static int commands_fd(void)
{
    int fd = memfd_create("rr-commands", 0);
    if (fd >= 0 && write(fd, gdb_commands, sizeof gdb_commands - 1) < 0) return -1;
    return fd;
}

/* Makes the directories a path goes through. */
static void make_parents(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(path, 0700);
        *slash = '/';
    }
}

/* Where in the file the byte is that is loaded at address `at`; 0: nowhere. */
static uint64_t file_offset(const Elf64_Phdr *ph, int n, uint64_t at)
{
    for (int i = 0; i < n; i++)
        if (ph[i].p_type == PT_LOAD && at >= ph[i].p_vaddr && at - ph[i].p_vaddr < ph[i].p_filesz)
            return ph[i].p_offset + (at - ph[i].p_vaddr);
    return 0;
}

/* The name a library gives itself (DT_SONAME), which is what others ask for it by. False: it has
 * none. */
static bool read_soname(const char *path, char name[NAME_MAX + 1])
{
    Elf64_Ehdr h = { 0 };
    Elf64_Phdr ph[32];
    uint64_t strings = 0, soname = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = 0;
    if (fd >= 0 && pread(fd, &h, sizeof h, 0) == sizeof h && !memcmp(h.e_ident, ELFMAG, SELFMAG) &&
        h.e_phnum <= 32 && h.e_phentsize == sizeof *ph &&
        pread(fd, ph, h.e_phnum * sizeof *ph, h.e_phoff) == (ssize_t)(h.e_phnum * sizeof *ph))
        for (int i = 0; i < h.e_phnum; i++) {
            if (ph[i].p_type != PT_DYNAMIC) continue;
            Elf64_Dyn d;
            for (uint64_t at = ph[i].p_offset;
                 pread(fd, &d, sizeof d, at) == sizeof d && d.d_tag != DT_NULL; at += sizeof d) {
                if (d.d_tag == DT_STRTAB) strings = file_offset(ph, h.e_phnum, d.d_un.d_ptr);
                if (d.d_tag == DT_SONAME) soname = d.d_un.d_val;
            }
        }
    if (strings && soname) size = pread(fd, name, NAME_MAX, strings + soname);
    if (fd >= 0) close(fd);
    name[size > 0 ? size : 0] = 0;
    return *name && !strchr(name, '/');
}

/* The other names a library is asked for by: libelf-0.188.so is loaded as libelf.so.1, and the
 * dynamic linker, wherever it really is, through /lib64 (which is /usr/lib64). */
static void link_aliases(const char *root, const char *copy, const char *link)
{
    char name[NAME_MAX + 1], alias[PATH_MAX];
    const char *base = strrchr(link, '/') + 1;
    if (!strncmp(base, "ld-linux", 8) &&
        snprintf(alias, sizeof alias, "%s/usr/lib64/%s", root, base) < PATH_MAX) {
        make_parents(alias);
        if (symlink(copy, alias)) return; /* that is where it was */
    }
    if (strstr(base, ".so") && read_soname(copy, name) &&
        snprintf(alias, sizeof alias, "%.*s%s", (int)(base - link), link, name) < PATH_MAX &&
        symlink(copy, alias))
        return; /* there is one of that name: leave it */
}

/* Fills `root` (an empty directory) with links: each file of the trace under the path it had. Then
 * gdb finds the program and its libraries without asking us piece by piece. /lib and the like are
 * links into /usr on the systems we know. */
static void make_sysroot(const struct replay *r, const char *root)
{
    const char *path;
    for (int i = 0; (path = trace_file_path(r->rec->trace, i)); i++) {
        char link[PATH_MAX], copy[PATH_MAX];
        const char *found = path[0] == '/' ? replay_file(r, path) : NULL;
        if (!found || !realpath(found, copy)) continue;
        if ((size_t)snprintf(link, sizeof link, "%s%s", root, path) >= sizeof link) continue;
        make_parents(link);
        /* a file of that name is there: an older version of it */
        if (symlink(copy, link)) continue;
        link_aliases(root, copy, link);
    }
    static const char *const merged[] = { "lib", "lib64", "lib32", "libx32", "bin", "sbin" };
    for (size_t i = 0; i < sizeof merged / sizeof *merged; i++) {
        char link[PATH_MAX], to[32];
        snprintf(link, sizeof link, "%s/%s", root, merged[i]);
        snprintf(to, sizeof to, "usr/%s", merged[i]);
        if (symlink(to, link)) continue; /* it is a directory of its own */
    }
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)type, (void)at;
    return remove(path);
}

static void remove_sysroot(const char *root) { nftw(root, remove_entry, 16, FTW_DEPTH | FTW_PHYS); }

/* Starts gdb on port. 0: it cannot be started; said why. */
static pid_t start_gdb(const struct replay_options *o, const char *root, const char *exe, int port)
{
    const char *gdb = getenv("RR_GDB") ? getenv("RR_GDB") : "gdb";
    char sysroot[PATH_MAX + 32], file[2 * PATH_MAX], target[64], commands[32];
    int n = 0, error = 0, fd = commands_fd(), pipe_fds[2];
    snprintf(sysroot, sizeof sysroot, "set sysroot %s", root);
    snprintf(file, sizeof file, "%s%s", root, exe);
    snprintf(target, sizeof target, "target remote 127.0.0.1:%d", port);
    snprintf(commands, sizeof commands, "/dev/fd/%d", fd);
    int args = 0;
    while (o->gdb_args && o->gdb_args[args]) args++;
    const char *argv[args + 32];
    const char *first[] = { gdb, "-q", "-iex", sysroot, "-iex", "set tcp auto-retry off", "-iex", "set remotetimeout 60", "-ex", target, "-x", commands };
    while (n < (int)(sizeof first / sizeof *first)) argv[n] = first[n], n++;
    if (o->gdb_script) argv[n++] = "-x", argv[n++] = o->gdb_script;
    for (int i = 0; i < args; i++) argv[n++] = o->gdb_args[i];
    if (access(file, R_OK) == 0) argv[n++] = file;
    argv[n] = NULL;
    if (pipe2(pipe_fds, O_CLOEXEC)) return 0;
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGINT, SIG_DFL);
        sched_setaffinity(0, sizeof o->all_cpus, &o->all_cpus);
        trap_here(false);
        execvp(gdb, (char **)argv);
        error = errno;
        if (write(pipe_fds[1], &error, sizeof error) < 0) _exit(126);
        _exit(127);
    }
    close(pipe_fds[1]);
    if (read(pipe_fds[0], &error, sizeof error) > 0) {
        fprintf(stderr,
                "rr: cannot run %s: %s; install gdb, or use -s PORT and connect another one\n", gdb,
                strerror(error));
        waitpid(pid, NULL, 0);
        pid = 0;
    }
    close(pipe_fds[0]);
    close(fd);
    return pid;
}

/* Listens for a second gdb, that of the guest. -1: said why not. */
static int listen_for_guest(int port)
{
    int listener = listen_on(&port);
    if (listener >= 0)
        fprintf(stderr, "rr: for the guest:  gdb-multiarch -ex 'target remote 127.0.0.1:%d'\n",
                port);
    return listener;
}

/* Serves the gdb that connects to `listener`. */
static int serve(int listener, pid_t gdb, struct replay *start, const struct replay_options *o)
{
    int guests = o->guest_port >= 0 ? listen_for_guest(o->guest_port) : -1,
        sock = accept_gdb(listener, gdb);
    close(listener);
    if (sock < 0) {
        replay_free(start);
        return EXIT_INTERNAL;
    }
    struct timeline *tl = timeline_new(&process_target, (struct machine *)start);
    timeline_limit(tl, o->memory);
    progress_begin("going there");
    if (o->start_event && timeline_seek(tl, o->start_event).kind == MOVED_LOST)
        fprintf(stderr, "rr: the recording has no event %llu\n",
                (unsigned long long)o->start_event);
    if (o->start_at_end)
        while (timeline_continue(tl).kind != MOVED_END) continue;
    progress_end();
    const struct target *view =
        guests >= 0 ? guest_view(&process_target, timeline_machine(tl)) : NULL;
    if (guests >= 0 && !view)
        fprintf(stderr, "rr: --guest-port: this is not a recording of this build's rr arm\n");
    if (view) gdb_serve_two(sock, &process_target, tl, guests, view);
    else gdb_serve(sock, &process_target, tl);
    close(sock);
    timeline_free(tl);
    return 0;
}

/* The debugger's part of `rr replay`: starts gdb or waits for one, and serves it until it leaves.
 * The exit status: 0, gdb's own, or EXIT_INTERNAL if there was no gdb. */
int gdb_replay_session(struct replay *start, const struct replay_options *o)
{
    char root[] = "/tmp/rr-files-XXXXXX";
    int port = o->port > 0 ? o->port : 0, status, listener = listen_on(&port);
    bool shown = replay_echo(false);
    pid_t gdb = 0;
    process_target.visible = shown ? machine_visible : NULL;
    if (listener < 0) {
        replay_free(start);
        return EXIT_USAGE;
    }
    if (o->port >= 0) {
        fprintf(stderr,
                "rr: waiting for gdb; connect with:  gdb -ex 'target remote 127.0.0.1:%d'\n", port);
        return serve(listener, 0, start, o);
    }
    if (!mkdtemp(root)) {
        fprintf(stderr, "rr: %s: %s\n", root, strerror(errno));
        return EXIT_INTERNAL;
    }
    make_sysroot(start, root);
    signal(SIGINT, SIG_IGN); /* Ctrl-C is gdb's; it tells us */
    gdb = start_gdb(o, root, replay_exe(start), port);
    int result = gdb ? serve(listener, gdb, start, o) : EXIT_INTERNAL;
    if (gdb) {
        while (waitpid(gdb, &status, 0) < 0 && errno == EINTR) continue;
        result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    remove_sysroot(root);
    return result;
}
