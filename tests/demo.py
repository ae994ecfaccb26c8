"""tests/demo.py - what gdb runs in `make demo`: the session of the post, typed and told.

Runs inside the gdb that `rr replay` started. Each run() shows a command as if it had been typed and
executes it. The two addresses the session needs are looked up, as a person would read them off the
screen. Ends gdb with status 0 only if the page size found is the wrong one, 1024.
"""
import gdb


def say(text):
    print("\n    # " + text.strip().replace("\n", "\n    # "), flush=True)


def run(command):
    print("(gdb) " + command, flush=True)
    gdb.execute(command)


def value(expression):
    return int(gdb.parse_and_eval(expression))


def up_to(function):
    """Type `up` until the selected frame is in `function`."""
    while gdb.selected_frame().name() != function:
        run("up")


gdb.execute("set pagination off")
gdb.execute("set confirm off")
gdb.execute("set width 0")

say("Forward to the assertion.")
run("continue")

say("Up the stack: are we deleting an entry that is really there?")
up_to("tlb_flush_entry")
run("print/x *tlb_entry")
run("print/x addr")
page = value("addr")

say("Yes. Is the address among those that QEMU has entered as huge pages?")
up_to("tlb_flush_page")
run("print/x env->tlb_flush_addr")
run("print/x env->tlb_flush_mask")

say("It is not, so one entry is deleted and not all. Go back to where this entry was put in. The first reverse-continue\n"
    "meets the abort again, on the way back over it.")
run("break tlb_set_page if vaddr == 0x%x" % page)
run("reverse-continue")
run("reverse-continue")

say("A guest of 4K pages, and the page is entered with a size of:")
run("print page_size")
size = value("page_size")

say("1024. Who said so? Back to the page-table walk, and step through it.")
run("break arm_cpu_handle_mmu_fault")
run("reverse-continue")
run("tbreak get_phys_addr")
run("continue")
for _ in range(60):
    if gdb.selected_frame().name() == "arm_cpu_handle_mmu_fault":
        break
    run("next")

say("There: a level-2 descriptor of type 3 in a coarse table is an XScale *extended small page*\n"
    "of 4K, and the code takes it for the 1K tiny page of a fine table. Four 1K entries can then\n"
    "stand for one page, and the guest's invalidate removes one. The fix is one line in tlb.c.")
gdb.execute("quit %d" % (0 if size == 1024 else 1))
