/* Loops without a syscall in which a line comes a hundred million times. Then, as the argument says: nothing
 * more (at once), the same time without that line (later), or a syscall (event). */
#include <string.h>
#include <unistd.h>

volatile long n, quiet;

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    getppid();
    while (n < 100000000)
        n++;
    if (!strcmp(how, "event"))
        getppid();
    if (strcmp(how, "at once"))
        while (quiet < 100000000)
            quiet++;
    getppid();
    return 0;
}
