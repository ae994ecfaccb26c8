// get_robust_list, set_robust_list, futex owner death by hand
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
static struct { struct robust_list l; int futex; } node;
static struct robust_list_head head = {.futex_offset = 8};
static void *f(void *a)
{
    head.list.next = &node.l, node.l.next = &head.list;
    node.futex = gettid();
    syscall(SYS_set_robust_list, &head, sizeof head);
    syscall(SYS_exit, 0);
    return 0;
}
int main(void)
{
    pthread_t t;
    void *h;
    size_t n;
    printf("%ld", syscall(SYS_get_robust_list, 0, &h, &n)), printf(" %zu\n", n);
    pthread_create(&t, 0, f, 0);
    pthread_join(t, 0);
    printf("%d\n", !!(node.futex & FUTEX_OWNER_DIED));
}
