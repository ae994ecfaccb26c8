typedef int cp15_is_empty;
