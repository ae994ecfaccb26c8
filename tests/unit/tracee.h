/* A raw ptrace harness: the operations of a struct tracee for a child that is nobody else's. */
#include "../../probe.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static void die(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static int wait_for(struct tracee *t)
{
    int status;
    if (waitpid(t->pid, &status, __WALL) != t->pid) die("waitpid");
    return status;
}

static int raw_step(struct tracee *t)
{
    if (ptrace(PTRACE_SINGLESTEP, t->pid, 0, 0)) die("step");
    return wait_for(t);
}

static int raw_resume(struct tracee *t)
{
    if (ptrace(PTRACE_CONT, t->pid, 0, 0)) die("cont");
    return wait_for(t);
}

/* A syscall executed by the task where it stands, its registers and code as before afterwards */
static int64_t raw_syscall(struct tracee *t, long number, const uint64_t arg[6])
{
    struct user_regs_struct saved, r;
    uint8_t code[2];
    ptrace(PTRACE_GETREGS, t->pid, 0, &saved);
    tracee_read(t, saved.rip, code, 2);
    tracee_write(t, saved.rip, "\x0f\x05", 2);
    r = saved;
    r.orig_rax = -1;
    r.rax = number;
    r.rdi = arg[0], r.rsi = arg[1], r.rdx = arg[2], r.r10 = arg[3], r.r8 = arg[4], r.r9 = arg[5];
    ptrace(PTRACE_SETREGS, t->pid, 0, &r);
    raw_step(t);
    ptrace(PTRACE_GETREGS, t->pid, 0, &r);
    tracee_write(t, saved.rip, code, 2);
    saved.orig_rax = -1;
    ptrace(PTRACE_SETREGS, t->pid, 0, &saved);
    return r.rax;
}

static int open_memory(pid_t pid)
{
    char name[64];
    snprintf(name, sizeof name, "/proc/%d/mem", pid);
    int fd = open(name, O_RDWR | O_CLOEXEC);
    if (fd < 0) die(name);
    return fd;
}

/* Fills in *t for a child that has just stopped itself. */
static inline void adopt(struct tracee *t, pid_t pid)
{
    int status;
    if (waitpid(pid, &status, __WALL) != pid || !WIFSTOPPED(status)) die("the child");
    ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_EXITKILL);
    *t = (struct tracee){ .pid = pid, .mem = open_memory(pid),
                          .syscall = raw_syscall, .step = raw_step, .resume = raw_resume };
}

static inline void dispose(struct tracee *t)
{
    kill(t->pid, SIGKILL);
    waitpid(t->pid, NULL, __WALL);
    close(t->mem);
}
