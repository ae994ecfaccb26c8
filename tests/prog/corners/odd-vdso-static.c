// static: of a program without shared libraries, the kernel's is still there
#include "odd-vdso.c"
