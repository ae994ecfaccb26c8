#include "rr.h"
int gdb_replay_session(struct replay *start, const struct replay_options *o) { (void)start; (void)o; return EXIT_INTERNAL; }
