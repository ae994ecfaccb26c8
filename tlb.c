typedef int tlb_is_empty;
