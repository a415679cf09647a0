// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cause.h"
#include "demo.h"

#define PAGES	256ULL
#define LENGTH	(PAGES * PAGE_SIZE)

/*
 * A page that is on its way to the LRU lists of a CPU (struct folio_batch, at most 31 of them, for each CPU) has one
 * more owner than there are processes, and may be copied once more.
 */
#define ON_THEIR_WAY	62ULL

struct written {
	uint64_t address;
	struct phase parent, child;
};

enum { COLUMN_FAULTS, COLUMN_COPIED, COLUMN_REUSED, COLUMN_NS };

static const struct demo_column columns[] = {
	[COLUMN_FAULTS] = { "faults", "FAULTS", UNIT_COUNT, false },
	[COLUMN_COPIED] = { "cow", "COPIED (cow)", UNIT_COUNT, false },
	[COLUMN_REUSED] = { "cow_reuse", "KEPT (cow-reuse)", UNIT_COUNT, false },
	[COLUMN_NS] = { "ns_per_page", "A PAGE", UNIT_NS, true },
};

/* The six views: of the parent and of the child, in turn as it happens. */
enum { PARENT_BEFORE, PARENT_FORKED, CHILD_FORKED, PARENT_WRITTEN, CHILD_LEFT, CHILD_WRITTEN };

static bool view(struct demo_run *run, struct demo_section *views, uint32_t pid, const struct written *written,
		 const char *label)
{
	return !views || play_view(run, views, pid, written->address, label);
}

static bool write_child(struct demo_run *run, struct player *player, const struct written *written, struct phase *phase)
{
	const struct order order = { .act = ACT_TOUCH, .in_child = true, .address = written->address, .length = LENGTH,
				     .step = PAGE_SIZE, .count = PAGES, .write = true };

	stage_show(run->stage, 2);
	return play_order(run, player, &order, phase);
}

static bool fork_and_write(struct demo_run *run, struct player *player, struct written *written,
			   struct demo_section *views)
{
	const struct order fork_order = { .act = ACT_FORK }, end = { .act = ACT_END_CHILD };
	uint32_t parent = player_pid(player), child;
	struct phase phase;

	written->address = play_memory(run, player, LENGTH, 2 * MIB);
	if (!written->address || !play_touch(run, player, written->address, PAGES, TOUCH_WRITE, &phase) ||
	    !view(run, views, parent, written, "parent, before") || !play_order(run, player, &fork_order, &phase))
		return false;
	child = phase.said.pid;
	if (!view(run, views, parent, written, "parent, forked") || !view(run, views, child, written, "child, forked"))
		return false;
	stage_show(run->stage, 2);
	return play_touch(run, player, written->address, PAGES, TOUCH_WRITE, &written->parent) &&
	       view(run, views, parent, written, "parent, has written") &&
	       view(run, views, child, written, "child, then") && write_child(run, player, written, &written->child) &&
	       view(run, views, child, written, "child, has written") && play_order(run, player, &end, &phase);
}

static void show_row(struct demo_section *section, const char *label, const struct phase *watched, uint64_t ns)
{
	struct demo_row *row = section_row(section, "%s", label);

	row_set(row, COLUMN_FAULTS, watched->faults);
	row_set(row, COLUMN_COPIED, watched->causes[CAUSE_COW]);
	row_set(row, COLUMN_REUSED, watched->causes[CAUSE_COW_REUSE]);
	row_set(row, COLUMN_NS, (double)ns / PAGES);
}

static void claim_page(struct demo_run *run, const struct demo_section *views)
{
	const struct path *before = view_path(views, PARENT_BEFORE), *parent = view_path(views, PARENT_FORKED);
	const struct path *child = view_path(views, CHILD_FORKED), *written = view_path(views, PARENT_WRITTEN);
	const struct path *left = view_path(views, CHILD_LEFT), *last = view_path(views, CHILD_WRITTEN);
	struct demo_result *result = run->result;

	claim_holds(result, path_is_writable(before), "before, the parent's entry allows writing");
	claim_holds(result, parent->value == before->value && child->value == before->value,
		    "after fork(), both have the page that the parent had");
	claim_holds(result, !path_is_writable(parent) && !path_is_writable(child), "... and neither may write it");
	claim_holds(result, written->value != before->value && path_is_writable(written),
		    "the parent's write brings another page, which may be written");
	claim_holds(result, left->value == before->value && !path_is_writable(left),
		    "... and leaves the child's entry as it is");
	claim_holds(result, last->value == before->value && path_is_writable(last),
		    "the child's write leaves the page and gives the bit back");
}

static void claim(struct demo_run *run, const struct written *written, const struct demo_section *views)
{
	struct demo_result *result = run->result;

	claim_nothing_lost(run, written->parent.lost + written->child.lost);
	claim_counted(result, PAGES, written->parent.faults, "faults of the parent, one a page");
	claim_counted(result, PAGES, written->parent.causes[CAUSE_COW], "of these, with the cause cow");
	claim_counted(result, PAGES, written->child.faults, "faults of the child, one a page");
	claim_between(result, PAGES - ON_THEIR_WAY, PAGES, written->child.causes[CAUSE_COW_REUSE],
		      "of these, with the cause cow-reuse");
	if (view_path(views, 0)->levels)
		claim_page(run, views);
	else
		claim_skip(result, "the walker doesn't see entries", "the bit that flips and the page that changes");
}

void demo_cow(struct demo_run *run)
{
	struct written free = { 0 }, watched = { 0 };
	struct demo_section *views, *section;
	struct player *player = play_enter(run);

	if (!player || !fork_and_write(run, player, &free, NULL))
		return;
	stage_leave(run->stage, player);
	player = play_trace(run) ? play_enter(run) : NULL;
	if (!player)
		return;
	views = result_section(run->result, SECTION_PATHS, "paths", "the first page's address, in both processes");
	if (!fork_and_write(run, player, &watched, views))
		return;
	section = result_table(run->result, "writes", "1 MiB, a byte in each of 256 pages", columns, 4);
	show_row(section, "the parent writes first", &watched.parent, free.parent.said.ns);
	show_row(section, "then the child, the last owner", &watched.child, free.child.said.ns);
	claim(run, &watched, views);
}
