// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#include "demo.h"

#define LENGTH	(16 * PAGE_SIZE)

/* The views, in the order in which they are taken. */
enum { OWN_A, OWN_B, SHARED_A, SHARED_B, FORKED_A, FORKED_CHILD, WRITTEN_A };

/* Where two paths of the same address are no longer the same: the table behind the first entry that differs. */
static const char *first_difference(struct demo_run *run, const struct path *one, const struct path *other)
{
	for (unsigned int i = 0; i < one->levels && i < other->levels; i++)
		if ((one->entry[i] & run->geometry->pfn_mask) != (other->entry[i] & run->geometry->pfn_mask))
			return level_name(path_level(run->geometry, i));
	return one->levels == other->levels ? "nowhere" : "their length";
}

static struct player *enter_fixed(struct demo_run *run)
{
	struct player *player = stage_enter(run->stage, false);

	if (!player)
		result_fail(run->result, "%s", stage_error(run->stage));
	return player;
}

/* Both do the same, and so get the same addresses. */
static uint64_t own_page(struct demo_run *run, struct player *player)
{
	uint64_t address = play_memory(run, player, LENGTH, 2 * MIB);
	struct phase phase;

	return address && play_touch(run, player, address, 1, TOUCH_WRITE, &phase) ? address : 0;
}

/* *fd: by which the program has the file open. */
static uint64_t shared_page(struct demo_run *run, struct player *player, const struct order *open, int *fd)
{
	const struct order map = { .act = ACT_MAP, .length = LENGTH, .step = 2 * MIB, .prot = PROT_READ | PROT_WRITE,
				   .flags = MAP_SHARED, .open_file = true };
	struct phase phase;
	uint64_t address;

	if (!play_order(run, player, open, &phase))
		return 0;
	*fd = phase.said.fd;
	if (!play_order(run, player, &map, &phase))
		return 0;
	address = phase.said.address;
	return play_touch(run, player, address, 1, TOUCH_WRITE, &phase) ? address : 0;
}

/* A's file is in memory; B has it by way of A. */
static bool share(struct demo_run *run, struct player *a, struct player *b, struct demo_section *views)
{
	struct order open = { .act = ACT_OPEN, .length = LENGTH }, again = { .act = ACT_OPEN, .flags = O_RDWR };
	uint64_t in_a, in_b;
	int fd = -1;

	in_a = shared_page(run, a, &open, &fd);
	if (!in_a)
		return false;
	snprintf(again.path, sizeof(again.path), "/proc/%u/fd/%d", player_pid(a), fd);
	in_b = shared_page(run, b, &again, &fd);
	return in_b && play_view(run, views, player_pid(a), in_a, "A, shared") &&
	       play_view(run, views, player_pid(b), in_b, "B, shared");
}

static bool fork_and_write(struct demo_run *run, struct player *a, uint64_t address, struct demo_section *views)
{
	const struct order fork_order = { .act = ACT_FORK };
	struct phase phase;
	uint32_t child;

	if (!play_order(run, a, &fork_order, &phase))
		return false;
	child = phase.said.pid;
	return play_view(run, views, player_pid(a), address, "A, forked") &&
	       play_view(run, views, child, address, "its child") &&
	       play_touch(run, a, address, 1, TOUCH_WRITE, &phase) &&
	       play_view(run, views, player_pid(a), address, "A, has written");
}

static void show_pairs(struct demo_run *run, const struct demo_section *views)
{
	static const struct {
		const char *what;
		unsigned int one, other;
	} pairs[] = {
		{ "memory of its own", OWN_A, OWN_B }, { "a shared mapping", SHARED_A, SHARED_B },
		{ "after fork()", FORKED_A, FORKED_CHILD }, { "after the write", WRITTEN_A, FORKED_CHILD },
	};
	static const struct demo_column columns[] = {
		{ "parts", "THE ENTRIES PART AT", UNIT_TEXT, false }, { "page", "PHYSICAL PAGE", UNIT_TEXT, false },
	};
	struct demo_section *section = result_table(run->result, "pairs", "two processes, one address", columns, 2);

	for (unsigned int i = 0; i < 4; i++) {
		const struct path *one = view_path(views, pairs[i].one), *other = view_path(views, pairs[i].other);
		struct demo_row *row = section_row(section, "%s", pairs[i].what);

		row_text(row, 0, first_difference(run, one, other));
		row_text(row, 1, one->value == other->value ? "the same" : "different");
	}
}

static void claim(struct demo_run *run, const struct demo_section *views)
{
	const struct demo_view *view = views->view;
	struct demo_result *result = run->result;

	claim_holds(result, view[OWN_A].addr == view[OWN_B].addr, "without randomization both have the same address");
	claim_holds(result, view[OWN_A].path.value != view[OWN_B].path.value, "... and behind it different pages");
	if (view[OWN_A].path.levels)
		claim_holds(result, view[OWN_A].path.entry[0] != view[OWN_B].path.entry[0],
			    "... the paths part at the first entry, that of the PGD");
	else
		claim_skip(result, "the walker doesn't see entries", "... the paths part at the first entry");
	claim_holds(result, view[SHARED_A].addr == view[SHARED_B].addr, "the shared mapping has the same address, too");
	claim_holds(result, view[SHARED_A].path.value == view[SHARED_B].path.value, "... and behind it the same page");
	claim_holds(result, view[FORKED_A].path.value == view[FORKED_CHILD].path.value,
		    "after fork() parent and child have the same page");
	claim_holds(result, view[WRITTEN_A].path.value != view[FORKED_CHILD].path.value,
		    "after the parent's write different ones");
}

void demo_same_address(struct demo_run *run)
{
	struct player *a = play_trace(run) ? enter_fixed(run) : NULL, *b = a ? enter_fixed(run) : NULL;
	uint64_t in_a = 0, in_b = 0;
	struct demo_section *views;

	if (!b)
		return;
	stage_show(run->stage, 6);
	in_a = own_page(run, a);
	in_b = in_a ? own_page(run, b) : 0;
	views = result_section(run->result, SECTION_PATHS, "paths", "processes A and B, and a child of A");
	if (!in_b || !play_view(run, views, player_pid(a), in_a, "A, its own") ||
	    !play_view(run, views, player_pid(b), in_b, "B, its own") || !share(run, a, b, views) ||
	    !fork_and_write(run, a, in_a, views))
		return;
	show_pairs(run, views);
	claim(run, views);
}
