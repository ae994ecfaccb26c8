typedef int arm_is_empty;
