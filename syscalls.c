typedef int syscalls_is_empty;
