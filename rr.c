#include "rr.h"
#include <stdio.h>
#include <string.h>
int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "arm")) return arm_main(argc - 1, argv + 1);
    if (argc > 1 && !strcmp(argv[1], "replay")) return replay_main(argc - 1, argv + 1);
    fprintf(stderr, "usage: rr record|replay|arm ...\n");
    return EXIT_USAGE;
}
