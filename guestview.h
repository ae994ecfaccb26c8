/* guestview.h - the guest inside a replayed emulator (guestview.c), for gdbreplay.c. */
#ifndef GUESTVIEW_H
#define GUESTVIEW_H

#include "timeline.h"

/* The guest as gdb's target, over the timeline of the emulator's process. NULL: the process is no
 * `rr arm` of this build. */
const struct target *guest_view(const struct target *emulator, struct machine *m);

#endif
