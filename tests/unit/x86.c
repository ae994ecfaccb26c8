/* Reads lines "HEXBYTES" (one instruction each, as a disassembler cut them) and prints those whose
 * length x86_decode() tells otherwise. Exit status 1 if there were any. */
#include "../../probe.h"
#include <stdio.h>
#include <string.h>

int main(void)
{
    char line[256];
    long good = 0, bad = 0, unknown = 0;
    while (fgets(line, sizeof line, stdin)) {
        uint8_t code[32] = { 0 };
        size_t n = 0;
        unsigned byte;
        for (char *p = line; n < 15 && sscanf(p, "%2x", &byte) == 1; p += 2) code[n++] = byte;
        struct x86_insn in;
        if (!x86_decode(code, sizeof code, &in)) unknown++, printf("unknown %s", line);
        else if (in.length != n) bad++, printf("length %d, not %zu: %s", in.length, n, line);
        else good++;
    }
    printf("%ld right, %ld wrong, %ld unknown\n", good, bad, unknown);
    return bad > 0 || unknown * 1000 > good;
}
