// POSIX aio, lio_listio, aio_suspend with the C library's own threads
#include <aio.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(void)
{
    char b[32] = "asynchronous", r[32] = "";
    int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);
    struct aiocb w = {.aio_fildes = fd, .aio_buf = b, .aio_nbytes = 12};
    const struct aiocb *list[1] = {&w};
    printf("%d\n", aio_write(&w));
    while (aio_error(&w) == EINPROGRESS) aio_suspend(list, 1, 0);
    printf("%zd\n", aio_return(&w));
    struct aiocb c = {.aio_fildes = fd, .aio_buf = r, .aio_nbytes = 20, .aio_lio_opcode = LIO_READ};
    struct aiocb *l[1] = {&c};
    printf("%d\n", lio_listio(LIO_WAIT, l, 1, 0));
    printf("%zd %s\n", aio_return(&c), r);
}
