// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The time is that of a program that nobody watches; the faults are those of another one, which does the same. */
#include <sys/mman.h>

#include "demo.h"

#define LENGTH	(256 * MIB)
#define PAGES	(LENGTH / PAGE_SIZE)
#define ALIGN	(2 * MIB)		/* what one PTE table maps: whole tables, not two halves */
#define TRIES	3	/* of the second touch, which may be interrupted for longer than it takes */
#define SLOW	6			/* pages that are touched slowly enough to watch */

/* What a program of its own did. */
struct touched {
	uint32_t pid;
	uint64_t address, first_ns, again_ns;
	struct phase allocated, slow, first, again;
	struct table_counts none, tables;
	uint64_t pages_before, pages_after;	/* of tables */
	struct path before, after;
	bool sees_tables;
};

enum { COLUMN_FAULTS, COLUMN_NS, COLUMN_RATIO, COLUMN_TABLES };

static const struct demo_column columns[] = {
	[COLUMN_FAULTS] = { "faults", "FAULTS", UNIT_COUNT, false },
	[COLUMN_NS] = { "ns_per_page", "A PAGE", UNIT_NS, true },
	[COLUMN_RATIO] = { "ratio", "RATIO", UNIT_RATIO, false },
	[COLUMN_TABLES] = { "table_pages", "TABLES", UNIT_COUNT, false },
};

enum { COLUMN_BEFORE, COLUMN_AFTER, COLUMN_MAPS };

static const struct demo_column table_columns[] = {
	[COLUMN_BEFORE] = { "before", "BEFORE", UNIT_COUNT, false },
	[COLUMN_AFTER] = { "after", "AFTER", UNIT_COUNT, true },
	[COLUMN_MAPS] = { "maps", "ONE MAPS", UNIT_BYTES, false },
};

static struct addresses touched_addresses(uint64_t start)
{
	return (struct addresses){ .start = start, .step = ALIGN, .n = LENGTH / ALIGN };
}

static bool allocate(struct demo_run *run, struct player *player, struct touched *touched)
{
	const struct order allocate = { .act = ACT_ALLOCATE, .length = LENGTH, .step = ALIGN };
	struct order advise = { .act = ACT_ADVISE, .length = LENGTH, .advice = MADV_NOHUGEPAGE };
	struct phase phase;

	if (!play_order(run, player, &allocate, &touched->allocated))
		return false;
	touched->address = advise.address = touched->allocated.said.address;
	return play_order(run, player, &advise, &phase);
}

/* Once without being watched: that is what it costs. */
static bool measure(struct demo_run *run, struct touched *touched)
{
	struct player *player = play_enter(run);
	struct phase phase;

	if (!player || !allocate(run, player, touched))
		return false;
	if (!play_touch(run, player, touched->address, PAGES, TOUCH_WRITE, &phase))
		return false;
	touched->first_ns = phase.said.ns;
	for (unsigned int i = 0; i < TRIES; i++) {
		if (!play_touch(run, player, touched->address, PAGES, TOUCH_WRITE, &phase))
			return false;
		touched->again_ns = least_ns(touched->again_ns, phase.said.ns);
	}
	stage_leave(run->stage, player);
	return true;
}

/* The first pages slowly, so that the faults can be seen to come. */
static bool touch_watched(struct demo_run *run, struct player *player, struct touched *touched)
{
	const struct order slow = { .act = ACT_TOUCH, .address = touched->address, .length = SLOW * PAGE_SIZE,
				    .step = PAGE_SIZE, .count = SLOW, .write = true, .pause = 50000000 };

	stage_show(run->stage, SLOW);
	return play_order(run, player, &slow, &touched->slow) &&
	       play_touch(run, player, touched->address + SLOW * PAGE_SIZE, PAGES - SLOW, TOUCH_WRITE,
			  &touched->first) &&
	       play_touch(run, player, touched->address, PAGES, TOUCH_WRITE, &touched->again);
}

/* And once watched: that is what happens. */
static bool watch(struct demo_run *run, struct touched *touched)
{
	struct player *player = play_trace(run) ? play_enter(run) : NULL;
	struct addresses addresses;
	uint32_t pid;

	if (!player || !allocate(run, player, touched))
		return false;
	pid = player_pid(player);
	addresses = touched_addresses(touched->address);
	touched->pages_before = stage_table_pages(pid);
	touched->sees_tables = stage_tables(run->stage, pid, &addresses, &touched->none);
	if (!play_path(run, pid, touched->address, &touched->before) || !touch_watched(run, player, touched) ||
	    !play_path(run, pid, touched->address, &touched->after))
		return false;
	touched->pages_after = stage_table_pages(pid);
	if (touched->sees_tables)
		stage_tables(run->stage, pid, &addresses, &touched->tables);
	touched->pid = pid;
	return true;
}

static void show_pages(struct demo_run *run, const struct touched *touched)
{
	struct demo_section *section = result_section(run->result, SECTION_PATHS, "paths",
						      "the first page's address, before and after");

	section_view(section, touched->pid, touched->address, &touched->before, "after malloc()");
	section_view(section, touched->pid, touched->address, &touched->after, "after the first touch");
	section = result_section(run->result, SECTION_FAULTS, "first_faults", "the first of the faults");
	section_faults(section, touched->slow.first, 3);
}

static uint64_t all_faults(const struct touched *touched)
{
	return touched->slow.faults + touched->first.faults;
}

static void show_table(struct demo_run *run, const struct touched *touched)
{
	struct demo_section *section = result_table(run->result, "touches", "256 MiB, a byte in each of 65,536 pages",
						    columns, 4);
	double first = (double)touched->first_ns / PAGES, again = (double)touched->again_ns / PAGES;
	struct demo_row *row = section_row(section, "malloc()");

	row_set(row, COLUMN_FAULTS, touched->allocated.faults);
	row_set(row, COLUMN_TABLES, 0);
	row = section_row(section, "touched for the first time");
	row_set(row, COLUMN_FAULTS, all_faults(touched));
	row_set(row, COLUMN_NS, first);
	row_set(row, COLUMN_RATIO, again > 0 ? first / again : 0);
	row_set(row, COLUMN_TABLES, touched->pages_after - touched->pages_before);
	row = section_row(section, "touched again");
	row_set(row, COLUMN_FAULTS, touched->again.faults);
	row_set(row, COLUMN_NS, again);
	row_set(row, COLUMN_RATIO, 1);
	row_set(row, COLUMN_TABLES, 0);
}

static void show_tables(struct demo_run *run, const struct touched *touched)
{
	struct demo_section *section = result_table(run->result, "tables", "the tables on the way to these pages",
						    table_columns, 3);
	const struct geometry *geometry = run->geometry;

	section->hidden = true;	/* the paths have the room in the picture */
	for (unsigned int i = 1; i < geometry->levels; i++) {
		enum level level = path_level(geometry, i);
		struct demo_row *row = section_row(section, "%s tables", level_name(level));

		row_set(row, COLUMN_BEFORE, touched->none.of[level]);
		row_set(row, COLUMN_AFTER, touched->tables.of[level]);
		row_set(row, COLUMN_MAPS, (double)(1ULL << geometry->shift[level]) * geometry->entries[level]);
	}
}

static void claim(struct demo_run *run, const struct touched *touched)
{
	struct demo_result *result = run->result;

	claim_nothing_lost(run, touched->slow.lost + touched->first.lost + touched->again.lost);
	claim_counted(result, 0, touched->allocated.faults, "faults in the memory that malloc() gave");
	claim_counted(result, PAGES, all_faults(touched), "faults at the first touch, one a page");
	claim_counted(result, PAGES,
		    touched->slow.causes[CAUSE_FIRST_TOUCH] + touched->first.causes[CAUSE_FIRST_TOUCH],
		    "of these, with the cause first-touch");
	claim_counted(result, 0, touched->again.faults, "faults at the second touch");
	claim_ratio(result, 1, touched->first_ns, touched->again_ns, "time of the first touch to that of the second");
	if (!touched->sees_tables) {
		claim_skip(result, stage_error(run->stage), "PTE tables on the way to these pages");
		return;
	}
	claim_equal(result, 0, touched->none.of[LEVEL_PTE], "PTE tables for these pages before");
	claim_equal(result, PAGES / 512, touched->tables.of[LEVEL_PTE],
		    "PTE tables for them after: one each 512 pages");
	claim_equal(result, touched->tables.all - touched->none.all, touched->pages_after - touched->pages_before,
		    "new tables as the kernel counts them (VmPTE), and the walker");
}

void demo_first_touch(struct demo_run *run)
{
	struct touched touched = { 0 };

	if (!measure(run, &touched) || !watch(run, &touched))
		return;
	show_table(run, &touched);
	if (touched.sees_tables)
		show_tables(run, &touched);
	show_pages(run, &touched);
	claim(run, &touched);
}
