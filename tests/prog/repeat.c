/* A string instruction with REP, which is come to once however many rounds it makes: three times. */
#include <stdio.h>

static char from[64] = "abcdefgh", to[64];

__attribute__((noinline)) static void copy(unsigned long count)
{
    void *d = to, *s = from;
    __asm__ volatile(".globl repeated\nrepeated: rep movsb"
                     : "+D"(d), "+S"(s), "+c"(count)
                     :
                     : "memory");
}

int main(void)
{
    for (unsigned long i = 1; i <= 3; i++) copy(i * 10);
    return to[7] != 'h';
}
