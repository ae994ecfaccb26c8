typedef int probe_is_empty;
