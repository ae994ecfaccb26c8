// POSIX shared memory between processes, with semaphores in it
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
struct box { sem_t full, empty; char text[100]; };
int main(void)
{
    char name[32];
    sprintf(name, "/corner%d", getpid());
    int fd = shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600);
    ftruncate(fd, sizeof(struct box));
    struct box *b = mmap(0, sizeof *b, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    sem_init(&b->full, 1, 0), sem_init(&b->empty, 1, 1);
    if (!fork()) {
        int f = shm_open(name, O_RDWR, 0);
        struct box *c = mmap(0, sizeof *c, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0);
        for (int i = 0; i < 10; i++) { sem_wait(&c->empty); sprintf(c->text, "message %d", i); sem_post(&c->full); }
        _exit(0);
    }
    for (int i = 0; i < 10; i++) { sem_wait(&b->full); puts(b->text); sem_post(&b->empty); }
    wait(0);
    printf("%d\n", shm_unlink(name));
}
