/* stderr becomes another name for stdout, and the other way round. */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    int err = dup(2);
    write(1, "out\n", 4);
    write(2, "err\n", 4);
    dup2(1, 2);
    write(2, "out by stderr\n", 14);
    write(err, "err by another\n", 15);
    dup2(err, 1);
    write(1, "err by stdout\n", 14);
    return 0;
}
