/* list.c - looking at recordings without replaying them: rr ls, ps, dump, rm, pack.
 *
 * Each reads the trace with trace.c alone, so what they show is what replay will see, and a damaged
 * trace is reported here in the same words. Start reading at any of the *_main functions.
 */
#define _GNU_SOURCE
#include "rr.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- rr ls ---- */

static int is_trace(const struct dirent *d)
{
    char path[4096];
    char *root = trace_root();
    snprintf(path, sizeof path, "%s/%s/events", root, d->d_name);
    free(root);
    return d->d_name[0] != '.' && strcmp(d->d_name, "latest-trace") && access(path, F_OK) == 0;
}

/* When it was recorded, how large it is, its name; oldest name first. */
int ls_main(int argc, char **argv)
{
    struct dirent **names;
    char *root = trace_root(), path[4096], when[64];
    (void)argc, (void)argv;
    int n = scandir(root, &names, is_trace, versionsort);
    for (int i = 0; i < n; i++) {
        struct stat st;
        snprintf(path, sizeof path, "%s/%s/events", root, names[i]->d_name);
        if (stat(path, &st) == 0) {
            strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S", localtime(&st.st_mtime));
            printf("%s %9lld KB  %s\n", when, (long long)st.st_blocks / 2, names[i]->d_name);
        }
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    free(root);
    return 0;
}

/* ---- rr ps ---- */

struct process { pid_t pid, parent; bool ended; int status; char *command; };
struct processes { struct process *p; size_t n; };

static struct process *process_of(struct processes *all, pid_t pid)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->p[i].pid == pid)
            return &all->p[i];
    all->p = realloc(all->p, (all->n + 1) * sizeof *all->p);
    all->p[all->n] = (struct process){.pid = pid};
    return &all->p[all->n++];
}

/* The arguments of /proc/PID/cmdline, with spaces between; malloced. */
static char *command_line(const struct item *i)
{
    char *s = strndup("", 0);
    s = realloc(s, i->len + 1);
    memcpy(s, i->data, i->len);
    s[i->len] = 0;
    for (size_t k = 0; k + 1 < i->len; k++)
        if (!s[k])
            s[k] = ' ';
    return s;
}

static void learn(struct processes *all, const struct event *e)
{
    const uint8_t *at = e->items;
    struct process *p = process_of(all, e->pid);
    if (e->type == EV_EXIT && e->tid == e->pid) {
        p->ended = true;
        p->status = e->result;
    }
    for (struct item i; trace_next_item(e, &at, &i);)
        if (i.kind == I_ARGV) {
            free(p->command);
            p->command = command_line(&i);
        } else if (i.kind == I_NEWTASK) {
            struct item_newtask n;
            memcpy(&n, i.data, sizeof n);
            if (n.pid != e->pid)
                process_of(all, n.pid)->parent = e->pid;
            p = process_of(all, e->pid); /* the array may have moved */
        }
}

/* The processes of a recording: pid, parent, exit status, command line. */
int ps_main(int argc, char **argv)
{
    struct trace *t = trace_open(argc > 1 ? argv[1] : NULL);
    struct processes all = {0};
    struct event e;
    if (!t)
        return EXIT_INTERNAL;
    for (uint64_t at = trace_first(t); trace_next(t, &at, &e);)
        learn(&all, &e);
    printf("%-8s%-8s%-8sCMD\n", "PID", "PPID", "EXIT");
    for (size_t i = 0; i < all.n; i++) {
        struct process *p = &all.p[i];
        char exit[32] = "-", parent[32] = "--";
        if (p->ended)
            snprintf(exit, sizeof exit, "%d",
                     WIFSIGNALED(p->status) ? -WTERMSIG(p->status) : WEXITSTATUS(p->status));
        if (p->parent)
            snprintf(parent, sizeof parent, "%d", (int)p->parent);
        printf("%-8d%-8s%-8s%s\n", (int)p->pid, parent, exit,
               p->command ? p->command : "(forked without exec)");
        free(p->command);
    }
    free(all.p);
    trace_close(t);
    return 0;
}

/* ---- rr dump ---- */

static void dump_items(const struct event *e)
{
    static const char *const names[] = {
        [I_MEM] = "mem", [I_CHECK] = "check", [I_MAP] = "map", [I_UNMAP] = "unmap", [I_PROTECT] = "protect",
        [I_XSAVE] = "xsave", [I_OUTPUT] = "output", [I_OUTPUT_MEM] = "output", [I_NEWTASK] = "newtask",
        [I_EXE] = "exe", [I_AUXV] = "auxv", [I_ARGV] = "argv", [I_SIGINFO] = "siginfo", [I_POINT] = "point",
        [I_MOVE] = "move", [I_REGS] = "regs", [I_ADVISE] = "advise", [I_RANGE] = "range", [I_HINT] = "hint", [I_VECTORS] = "vectors",
        [I_PERMIT] = "permit"};
    const uint8_t *at = e->items;
    for (struct item i; trace_next_item(e, &at, &i);)
        printf("        %-8s 0x%llx +%llu\n",
               i.kind < sizeof names / sizeof *names && names[i.kind] ? names[i.kind] : "?",
               (unsigned long long)i.addr, (unsigned long long)i.size);
}

/* One line an event, and one for each thing it carries. */
int dump_main(int argc, char **argv)
{
    static const char *const names[EV_TYPES] = {
        [EV_EXEC] = "exec", [EV_SYSCALL] = "syscall", [EV_ENTER] = "enter", [EV_LEAVE] = "leave",
        [EV_SIGNAL] = "signal", [EV_INSN] = "instruction", [EV_PREEMPT] = "preempt", [EV_EXIT] = "exit",
        [EV_MEMORY] = "memory"};
    struct trace *t = trace_open(argc > 1 ? argv[1] : NULL);
    struct event e;
    if (!t)
        return EXIT_INTERNAL;
    for (uint64_t at = trace_first(t); trace_next(t, &at, &e);) {
        const char *what = "";
        if (e.type == EV_SYSCALL || e.type == EV_ENTER || e.type == EV_LEAVE)
            what = syscall_name(e.nr);
        else if (e.type == EV_SIGNAL)
            what = strsignal(e.nr);
        printf("%-7llu %d %-11s %-16s pc=0x%llx result=%lld\n", (unsigned long long)e.number,
               (int)e.tid, e.type < EV_TYPES && names[e.type] ? names[e.type] : "?", what,
               (unsigned long long)e.regs.rip, (long long)e.result);
        dump_items(&e);
    }
    if (trace_cut_short(t))
        printf("(cut off here)\n");
    trace_close(t);
    return 0;
}

/* ---- rr pack ---- */

/* Have the two open files the same contents? */
static bool same_contents(int a, int b)
{
    static uint8_t x[65536], y[65536];
    for (off_t at = 0;; at += sizeof x) {
        ssize_t n = pread(a, x, sizeof x, at), m = pread(b, y, sizeof y, at);
        if (n < 0 || n != m || memcmp(x, y, n))
            return false;
        if (n < (ssize_t)sizeof x)
            return true;
    }
}

/* Replace the file `path` in one step by another name of the file `same`, or, if that is NULL, by a
 * copy of its own. False: it is as it was, errno says why. */
static bool replace_file(const char *path, const char *same)
{
    char temp[4300];
    bool ok;
    snprintf(temp, sizeof temp, "%s.new", path);
    unlink(temp);
    if (same) {
        ok = link(same, temp) == 0;
    } else {
        int in = open(path, O_RDONLY | O_CLOEXEC),
            out = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        struct stat st;
        ok = in >= 0 && out >= 0 && fstat(in, &st) == 0 && copy_file(in, out, st.st_size) &&
             fsync(out) == 0;
        close(in);
        close(out);
    }
    ok = ok && rename(temp, path) == 0;
    if (!ok)
        unlink(temp);
    return ok;
}

/* Pack files/N of the trace `dir`: if one before it is the same, it becomes another name of that;
 * if it has names outside (a trace copied by cp -l), a file of its own. Returns the bytes that
 * freed, -1 on an error; `*more` is whether there is a files/N at all. */
static long long pack_file(const char *dir, int n, bool *more)
{
    char path[4200], other[4200];
    struct stat st, ot;
    snprintf(path, sizeof path, "%s/files/%d", dir, n);
    int fd = open(path, O_RDONLY | O_CLOEXEC), found = -1;
    *more = fd >= 0 && fstat(fd, &st) == 0;
    bool linked = false;
    nlink_t inside = 0; /* names it has in this trace */
    for (int i = 0; *more; i++) {
        snprintf(other, sizeof other, "%s/files/%d", dir, i);
        int of = open(other, O_RDONLY | O_CLOEXEC);
        bool is = of >= 0 && fstat(of, &ot) == 0,
             itself = is && ot.st_ino == st.st_ino && ot.st_dev == st.st_dev;
        if (i < n && found < 0 && is && !itself && ot.st_size == st.st_size &&
            same_contents(fd, of))
            found = i;
        linked |= itself && i < n;
        inside += itself;
        if (of < 0)
            break;
        close(of);
    }
    if (fd >= 0)
        close(fd);
    if (!*more || (linked && st.st_nlink == inside))
        return 0;
    snprintf(other, sizeof other, "%s/files/%d", dir, found);
    if (found >= 0)
        return !replace_file(path, other) ? -1 : st.st_nlink == 1 ? st.st_size : 0;
    return st.st_nlink == inside || replace_file(path, NULL) ? 0 : -1;
}

/* Make a recording as small as it can be, and independent of any other file: to be kept, or taken
 * elsewhere. */
int pack_main(int argc, char **argv)
{
    struct trace *t = trace_open(argc > 1 ? argv[1] : NULL);
    struct event e;
    if (!t)
        return EXIT_INTERNAL;
    char *dir = strdup(trace_dir(t)), path[4200];
    uint64_t at = trace_first(t);
    while (trace_next(t, &at, &e))
        ;
    bool cut = trace_cut_short(t), more = true;
    trace_close(t);
    struct stat st = {0};
    snprintf(path, sizeof path, "%s/events", dir);
    long long freed = 0;
    /* set aside for events that never came */
    if (stat(path, &st) == 0 && cut && (uint64_t)st.st_size > at)
        freed = truncate(path, at) == 0 ? st.st_size - (long long)at : -1;
    for (int i = 0; more && freed >= 0; i++) {
        long long n = pack_file(dir, i, &more);
        freed = n < 0 ? -1 : freed + n;
    }
    if (freed < 0)
        fprintf(stderr, "rr: cannot pack %s: %s\n", dir, strerror(errno));
    else
        printf("%s: %lld KB freed\n", dir, freed / 1024);
    free(dir);
    return freed < 0 ? EXIT_INTERNAL : 0;
}

/* ---- rr rm ---- */

/* The latest trace of directory `root` is gone: the newest of the others takes its place. None:
 * there is no latest one any more. */
static void relink_latest(const char *root)
{
    char path[4200], newest[4200] = "";
    struct timespec time = {0};
    struct dirent *d;
    snprintf(path, sizeof path, "%s/latest-trace", root);
    if (access(path, F_OK) == 0 || unlink(path) != 0) /* it was another one; there never was any */
        return;
    DIR *all = opendir(root);
    while (all && (d = readdir(all))) {
        struct stat st;
        snprintf(path, sizeof path, "%s/%s/events", root, d->d_name);
        if (stat(path, &st) == 0 &&
            (!*newest || st.st_mtim.tv_sec > time.tv_sec ||
             (st.st_mtim.tv_sec == time.tv_sec && st.st_mtim.tv_nsec > time.tv_nsec))) {
            time = st.st_mtim;
            snprintf(newest, sizeof newest, "%s/%s", root, d->d_name);
        }
    }
    if (all)
        closedir(all);
    if (*newest)
        link_latest(newest);
}

/* Is there a recording in this directory, of any version, or the remains of one? Then there are
 * `events`, perhaps `files`, and nothing else. If not, it is said. */
static bool is_recording(const char *dir)
{
    char path[4200];
    struct stat st;
    struct dirent *d;
    const char *other = NULL;
    snprintf(path, sizeof path, "%s/events", dir);
    bool events = stat(path, &st) == 0 && S_ISREG(st.st_mode);
    DIR *all = opendir(dir);
    while (all && !other && (d = readdir(all)))
        if (strcmp(d->d_name, ".") && strcmp(d->d_name, "..") && strcmp(d->d_name, "events") &&
            strcmp(d->d_name, "files"))
            other = d->d_name;
    if (!events || other)
        fprintf(stderr, "rr: %s is no recording: it has %s%s\n", dir, other ? "a file " : "no file events",
                other ? other : "");
    if (all)
        closedir(all);
    return events && !other;
}

/* Remove the directory of a recording; only what a recording consists of, so that a mistyped name
 * costs nothing else. */
int rm_main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: rr rm TRACE\n");
        return EXIT_USAGE;
    }
    char *dir = trace_locate(argv[1]), path[4200]; /* not by way of latest-trace */
    if (!dir || !is_recording(dir))
        return EXIT_INTERNAL;
    for (int i = 0; i < 65536; i++) {
        snprintf(path, sizeof path, "%s/files/%d.path", dir, i);
        if (unlink(path) != 0)
            break;
        path[strlen(path) - 5] = 0;
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/files", dir);
    rmdir(path);
    snprintf(path, sizeof path, "%s/events", dir);
    unlink(path);
    int failed = rmdir(dir);
    if (failed)
        fprintf(stderr, "rr: cannot remove %s: %s\n", dir, strerror(errno));
    *strrchr(dir, '/') = 0;
    relink_latest(dir);
    free(dir);
    return failed ? EXIT_INTERNAL : 0;
}
