// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "demo.h"

#define HUGE	(2 * MIB)
#define PAGES	(HUGE / PAGE_SIZE)
#define TRIES	3
#define PROTECTED	(HUGE / 2)	/* the page in its middle */

struct huge {
	uint64_t address;
	struct phase touched, rest, small;
	struct path split;
	uint64_t free_huge_ns, free_small_ns;	/* of a program that nobody watches */
};

enum { COLUMN_FAULTS, COLUMN_CAUSE, COLUMN_NS };

static const struct demo_column columns[] = {
	[COLUMN_FAULTS] = { "faults", "FAULTS", UNIT_COUNT, false },
	[COLUMN_CAUSE] = { "cause", "CAUSE", UNIT_TEXT, false },
	[COLUMN_NS] = { "ns", "2 MiB", UNIT_NS, true },
};

static bool order_on(struct demo_run *run, struct player *player, struct order order, struct phase *phase)
{
	return play_order(run, player, &order, phase);
}

/* Touches 2 MiB page by page, as a huge page if there is one to be had, and as small ones. */
static bool touch_both(struct demo_run *run, struct player *player, struct huge *huge)
{
	const struct order map = { .act = ACT_MAP, .length = HUGE, .step = HUGE, .prot = PROT_READ | PROT_WRITE,
				   .flags = MAP_PRIVATE | MAP_ANONYMOUS };
	struct phase phase;
	uint64_t small;

	if (!play_order(run, player, &map, &phase))
		return false;
	huge->address = phase.said.address;
	if (!order_on(run, player, (struct order){ .act = ACT_ADVISE, .address = huge->address, .length = HUGE,
						   .advice = MADV_HUGEPAGE }, &phase))
		return false;
	stage_show(run->stage, 2);
	if (!play_touch(run, player, huge->address, PAGES, TOUCH_WRITE, &huge->touched))
		return false;
	small = play_memory(run, player, HUGE, HUGE);
	return small && play_touch(run, player, small, PAGES, TOUCH_WRITE, &huge->small);
}

static bool is_huge(struct demo_run *run, const struct path *path)
{
	return path->levels && path->kind == KIND_PAGE && path_level(run->geometry, path->levels - 1) == LEVEL_PMD;
}

/* One page in the middle becomes read-only: no bit of the one entry can say that. */
static bool split(struct demo_run *run, struct player *player, struct huge *huge, struct demo_section *views)
{
	uint32_t pid = player_pid(player);
	struct phase phase;

	return order_on(run, player, (struct order){ .act = ACT_PROTECT, .address = huge->address + PROTECTED,
						     .length = PAGE_SIZE, .prot = PROT_READ }, &phase) &&
	       play_view(run, views, pid, huge->address, "after mprotect()") &&
	       play_view(run, views, pid, huge->address + PROTECTED, "the protected page") &&
	       play_touch(run, player, huge->address, PROTECTED / PAGE_SIZE, TOUCH_WRITE, &huge->rest);
}

static void show_row(struct demo_section *section, const char *label, const struct phase *phase, const char *cause,
		     uint64_t ns)
{
	struct demo_row *row = section_row(section, "%s", label);

	row_set(row, COLUMN_FAULTS, phase->faults);
	row_text(row, COLUMN_CAUSE, cause);
	if (ns)
		row_set(row, COLUMN_NS, ns);
}

static void claim(struct demo_run *run, const struct huge *huge, const struct demo_section *views)
{
	const struct path *before = view_path(views, 0), *after = view_path(views, 1), *page = view_path(views, 2);
	struct demo_result *result = run->result;

	claim_nothing_lost(run, huge->touched.lost + huge->rest.lost + huge->small.lost);
	claim_counted(result, 1, huge->touched.faults, "faults of 512 touches in a huge page");
	claim_counted(result, 1, huge->touched.causes[CAUSE_THP], "of these, with the cause thp");
	claim_counted(result, PAGES, huge->small.faults, "faults of 512 touches in small ones");
	claim_holds(result, is_huge(run, before), "the entry of the PMD is the page");
	claim_holds(result, after->levels == before->levels + 1 && after->kind == KIND_PAGE,
		    "after mprotect() it points to a PTE table");
	claim_holds(result, after->value == before->value && page->value == before->value + PROTECTED,
		    "... whose entries point to the same memory");
	claim_holds(result, path_is_writable(after) && !path_is_writable(page),
		    "... of which one page alone may not be written");
	claim_counted(result, 0, huge->rest.faults, "faults of touches in the half before it");
}

/* What may be, and what has come of it: there may have been no free memory of that size. */
static bool get_huge(struct demo_run *run, uint32_t pid, const struct huge *huge, struct path *path)
{
	if (!play_path(run, pid, huge->address, path))
		return false;
	if (is_huge(run, path))
		return true;
	if (!path->levels)
		result_skip(run->result, "the walker %s doesn't see tables", run->result->walker);
	else
		result_skip(run->result,
			    "there was no huge page to be had (/sys/kernel/mm/transparent_hugepage, or no free "
			    "memory of 2 MiB in one piece)");
	return false;
}

/* Without being watched; of some tries the best, since it is a matter of microseconds. */
static bool measure(struct demo_run *run, struct huge *huge)
{
	struct player *player = play_enter(run);
	struct path path;

	if (!player || !touch_both(run, player, huge) || !get_huge(run, player_pid(player), huge, &path))
		return false;
	stage_leave(run->stage, player);
	huge->free_huge_ns = least_ns(huge->free_huge_ns, huge->touched.said.ns);
	huge->free_small_ns = least_ns(huge->free_small_ns, huge->small.said.ns);
	return true;
}

void demo_thp(struct demo_run *run)
{
	struct huge free = { 0 }, huge = { 0 };
	struct demo_section *views, *section;
	struct path path;
	struct player *player;

	for (unsigned int i = 0; i < TRIES; i++)
		if (!measure(run, &free))
			return;
	player = play_trace(run) ? play_enter(run) : NULL;
	if (!player || !touch_both(run, player, &huge) || !get_huge(run, player_pid(player), &huge, &path))
		return;
	huge.free_huge_ns = free.free_huge_ns;
	huge.free_small_ns = free.free_small_ns;
	views = result_section(run->result, SECTION_PATHS, "paths",
			       "an address in the huge page, before and after the split");
	section_view(views, player_pid(player), huge.address, &path, "touched");
	if (!split(run, player, &huge, views))
		return;
	section = result_table(run->result, "touches", "2 MiB, a byte in each of 512 pages", columns, 3);
	show_row(section, "one huge page", &huge.touched, "thp", huge.free_huge_ns);
	show_row(section, "small pages", &huge.small, "first-touch", huge.free_small_ns);
	show_row(section, "a half of it, after the split", &huge.rest, "-", 0);
	claim(run, &huge, views);
}
