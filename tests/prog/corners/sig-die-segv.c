// the program itself dies of SIGSEGV
#include <stdio.h>
int main(int argc, char **argv) { setbuf(stdout, 0); puts("before"); *(volatile int *)(long)(argc * 16) = 1; }
