/* snapshot.h - copies of the emulated machine (snapshot.c), for the debugger on it (gdbguest.c). */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include "arm.h"

struct guest; /* a machine at some instant */
struct guest *guest_first(void);             /* the one there is; called once */
struct guest *guest_fork(struct guest *g);   /* another one at the same instant */
void guest_free(struct guest *g);
/* bytes all of them have come to have, or more; never less */
uint64_t guests_grown(void);
uint64_t guest_share(const struct guest *g); /* bytes it takes; of those it shares, its part */
/* puts it into the emulator: what runs now is this one */
void guest_enter(struct guest *g);
CPUARMState *guest_cpu(const struct guest *g); /* to look at: wherever it is */

#endif
