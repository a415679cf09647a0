// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "demo.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23	/* v5.14 */
#endif

#define LENGTH	(64 * MIB)
#define PAGES	(LENGTH / PAGE_SIZE)
#define HUGE	(2 * MIB)
#define TRIES	3

enum way_by { BY_TOUCH, BY_MAP, BY_ADVICE, BY_LOCK };

/* A way to have the memory before it is used; or not to. */
struct way {
	const char *name;
	enum way_by by;
	int flags, advice;
	uint64_t faults;	/* of the touches */
	enum cause_word cause;	/* of these */
	bool huge;

	uint64_t prepare_ns, touch_ns;	/* of a program that nobody watches */
	struct phase prepared, touched;
	uint64_t tables;	/* pages of them, as the kernel counts them */
	struct page_counts pages;
	char why[DEMO_TEXT];	/* it can't be done; "": it can */
};

enum { COLUMN_FAULTS, COLUMN_CALL, COLUMN_TOUCH, COLUMN_TABLES, COLUMN_ALL };

static const struct demo_column columns[] = {
	[COLUMN_FAULTS] = { "faults", "FAULTS", UNIT_COUNT, false },
	[COLUMN_CALL] = { "call_ns", "THE CALL", UNIT_NS, false },
	[COLUMN_TOUCH] = { "touch_ns", "THE TOUCHES", UNIT_NS, false },
	[COLUMN_TABLES] = { "table_pages", "TABLES", UNIT_COUNT, false },
	[COLUMN_ALL] = { "ns_per_page", "4 KiB", UNIT_NS, true },
};

/* What it takes besides: for huge pages to be had the mapping is told so before anything else is done to it. */
static bool get_memory(struct demo_run *run, struct player *player, struct way *way, uint64_t *address)
{
	const struct order map = { .act = ACT_MAP, .length = LENGTH, .step = HUGE, .prot = PROT_READ | PROT_WRITE,
				   .flags = MAP_PRIVATE | MAP_ANONYMOUS | way->flags };
	struct order advise = { .act = ACT_ADVISE, .length = LENGTH,
				.advice = way->huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE };
	struct phase phase;

	if (!stage_order(run->stage, player, &map, &way->prepared)) {
		snprintf(way->why, sizeof(way->why), "%s%s", stage_error(run->stage),
			 way->flags & MAP_HUGETLB ? " (vm.nr_hugepages: too few huge pages are reserved)" : "");
		return false;
	}
	*address = advise.address = way->prepared.said.address;
	/* What is there already, and what is huge anyway, needs no advice. */
	return way->by == BY_MAP || way->flags & MAP_HUGETLB || play_order(run, player, &advise, &phase);
}

static bool prepare(struct demo_run *run, struct player *player, struct way *way, uint64_t address)
{
	const struct order order = { .act = way->by == BY_LOCK ? ACT_LOCK : ACT_ADVISE, .address = address,
				     .length = LENGTH, .advice = way->advice };

	if ((way->by != BY_ADVICE && way->by != BY_LOCK) || stage_order(run->stage, player, &order, &way->prepared))
		return true;
	snprintf(way->why, sizeof(way->why), "%s%s", stage_error(run->stage),
		 way->by == BY_ADVICE ? " (Linux has it since 5.14)" : "");
	return false;
}

static bool try_way(struct demo_run *run, struct way *way)
{
	struct player *player = play_enter(run);
	uint64_t address = 0, tables;
	bool ok;

	if (!player)
		return false;
	tables = stage_table_pages(player_pid(player));
	ok = get_memory(run, player, way, &address) && prepare(run, player, way, address) &&
	     play_touch(run, player, address, PAGES, TOUCH_WRITE, &way->touched) &&
	     play_pages(run, player_pid(player), address, PAGES, &way->pages);
	way->tables = stage_table_pages(player_pid(player)) - tables;
	if (way->huge && !(way->flags & MAP_HUGETLB) && ok && way->pages.huge < PAGES)
		snprintf(way->why, sizeof(way->why), "%s", way->pages.with_entries < PAGES ?
			 "the walker doesn't see whether pages are huge" : "there were too few huge pages to be had");
	stage_leave(run->stage, player);
	return ok || *way->why;
}

static bool measure(struct demo_run *run, struct way *way)
{
	for (unsigned int i = 0; i < TRIES && !*way->why; i++) {
		if (!try_way(run, way))
			return false;
		way->prepare_ns = least_ns(way->prepare_ns, way->prepared.said.ns);
		way->touch_ns = least_ns(way->touch_ns, way->touched.said.ns);
	}
	return true;
}

static void show_row(struct demo_section *section, const struct way *way)
{
	struct demo_row *row = section_row(section, "%s", way->name);

	if (*way->why) {
		row_skip(row, way->why);
		return;
	}
	row_set(row, COLUMN_FAULTS, way->prepared.faults + way->touched.faults);
	row_set(row, COLUMN_CALL, way->prepare_ns);
	row_set(row, COLUMN_TOUCH, way->touch_ns);
	row_set(row, COLUMN_TABLES, way->tables);
	row_set(row, COLUMN_ALL, (double)(way->prepare_ns + way->touch_ns) / PAGES);
}

static void claim_way(struct demo_run *run, const struct way *way, const struct way *plain)
{
	struct demo_result *result = run->result;

	if (*way->why) {
		claim_skip(result, way->why, "%s: faults", way->name);
		return;
	}
	claim_counted(result, way->faults, way->prepared.faults + way->touched.faults, "%s: faults", way->name);
	if (way->faults)
		claim_counted(result, way->faults, way->touched.causes[way->cause], "... with the cause %s",
			    way->cause == CAUSE_THP ? "thp" : way->cause == CAUSE_HUGETLB ? "hugetlb" : "first-touch");
	else
		claim_ratio(result, 1, plain->touch_ns, way->touch_ns,
			    "... time of the plain touches to that of these");
}

static void say_what_it_means(struct demo_run *run)
{
	struct demo_section *section = result_section(run->result, SECTION_LINES, "meaning", "what each costs where");

	section_line(section, "plain touch     nothing before, a fault at each page when it is used");
	section_line(section, "MAP_POPULATE    all of it in mmap(), whether it will be used or not; no fault");
	section_line(section, "MADV_POPULATE   the same when you like, for a part, and with an error if it fails");
	section_line(section, "mlock()         the same, and it is never swapped out");
	section_line(section, "huge pages      one fault clears 2 MiB; a table is in reserve for when it is split");
	section_line(section, "hugetlb         the same, from a pool that is set apart; the PMD's entry is the page");
}

void demo_prefault(struct demo_run *run)
{
	struct way ways[] = {
		{ .name = "plain touch", .by = BY_TOUCH, .faults = PAGES, .cause = CAUSE_FIRST_TOUCH },
		{ .name = "MAP_POPULATE", .by = BY_MAP, .flags = MAP_POPULATE },
		{ .name = "MADV_POPULATE_WRITE", .by = BY_ADVICE, .advice = MADV_POPULATE_WRITE },
		{ .name = "mlock()", .by = BY_LOCK },
		{ .name = "huge pages (THP)", .by = BY_TOUCH, .huge = true, .faults = LENGTH / HUGE,
		  .cause = CAUSE_THP },
		{ .name = "hugetlb", .by = BY_TOUCH, .flags = MAP_HUGETLB, .huge = true, .faults = LENGTH / HUGE,
		  .cause = CAUSE_HUGETLB },
	};
	const size_t n = sizeof(ways) / sizeof(*ways);
	struct demo_section *section;
	uint64_t lost = 0;

	for (size_t i = 0; i < n; i++)
		if (!measure(run, &ways[i]))
			return;
	if (!play_trace(run))
		return;
	for (size_t i = 0; i < n; i++) {
		if (!*ways[i].why && !try_way(run, &ways[i]))
			return;
		lost += ways[i].prepared.lost + ways[i].touched.lost;
	}
	section = result_table(run->result, "ways", "64 MiB, a byte in each of 16,384 pages", columns, 5);
	for (size_t i = 0; i < n; i++)
		show_row(section, &ways[i]);
	say_what_it_means(run);
	claim_nothing_lost(run, lost);
	for (size_t i = 0; i < n; i++)
		claim_way(run, &ways[i], &ways[0]);
}
