typedef int timeline_is_empty;
