#include "rr.h"
int replay_main(int argc, char **argv) { (void)argc; (void)argv; return EXIT_INTERNAL; }
