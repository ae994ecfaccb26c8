// abort with a handler that returns
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
static void h(int s) { puts("handler"); fflush(stdout); }
int main(void) { signal(SIGABRT, h); abort(); }
