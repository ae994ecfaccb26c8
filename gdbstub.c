typedef int gdbstub_is_empty;
