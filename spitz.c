#include "arm.h"
unsigned experiments;
uint8_t *spitz_ram(hwaddr addr) { (void)addr; return NULL; }
uint32_t spitz_read(hwaddr addr, int size) { (void)addr; (void)size; return 0; }
void spitz_write(hwaddr addr, uint32_t value, int size) { (void)addr; (void)value; (void)size; }
bool spitz_cp_read(CPUARMState *env, int cp, int opc1, int crn, int crm, int opc2, uint32_t *value)
{ (void)env; (void)cp; (void)opc1; (void)crn; (void)crm; (void)opc2; (void)value; return false; }
bool spitz_cp_write(CPUARMState *env, int cp, int opc1, int crn, int crm, int opc2, uint32_t value)
{ (void)env; (void)cp; (void)opc1; (void)crn; (void)crm; (void)opc2; (void)value; return false; }
int arm_main(int argc, char **argv) { (void)argc; (void)argv; return 70; }
