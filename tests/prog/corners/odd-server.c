// a server with a thread for each of five clients, which are processes
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
static void *serve(void *a)
{
    int c = (long)a, n;
    char b[64];
    while ((n = read(c, b, sizeof b)) > 0) { for (int i = 0; i < n; i++) b[i] ^= 32; write(c, b, n); }
    close(c);
    return 0;
}
int main(void)
{
    int s = socket(AF_INET, SOCK_STREAM, 0), st, ok = 0;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t l = sizeof a;
    pthread_t t[5];
    bind(s, (void *)&a, l), listen(s, 5), getsockname(s, (void *)&a, &l);
    for (int i = 0; i < 5; i++)
        if (!fork()) {
            char b[64] = "";
            int c = socket(AF_INET, SOCK_STREAM, 0), good = 0;
            connect(c, (void *)&a, sizeof a);
            for (int k = 0; k < 20; k++) { write(c, "abcdef", 6); recv(c, b, 6, MSG_WAITALL); good += !memcmp(b, "ABCDEF", 6); }
            _exit(good);
        }
    for (int i = 0; i < 5; i++) pthread_create(&t[i], 0, serve, (void *)(long)accept(s, 0, 0));
    while (wait(&st) > 0) ok += WEXITSTATUS(st);
    for (int i = 0; i < 5; i++) pthread_join(t[i], 0);
    printf("%d\n", ok);
}
