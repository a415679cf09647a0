// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cause.h"
#include "demo.h"

#define PAGES	1024ULL
#define LENGTH	(PAGES * PAGE_SIZE)

/* Memory that is read and then written, and other memory that is written at once. */
struct two_ways {
	uint64_t address;
	struct phase read, write, at_once;
	struct page_counts between, after;
};

enum { COLUMN_FAULTS, COLUMN_CAUSE, COLUMN_PAGES, COLUMN_NS };

static const struct demo_column columns[] = {
	[COLUMN_FAULTS] = { "faults", "FAULTS", UNIT_COUNT, false },
	[COLUMN_CAUSE] = { "cause", "CAUSE", UNIT_TEXT, false },
	[COLUMN_PAGES] = { "pages", "PAGES BEHIND IT", UNIT_COUNT, false },
	[COLUMN_NS] = { "ns_per_page", "A PAGE", UNIT_NS, true },
};

/* The times are those of a program that nobody watches. */
static bool touch_both_ways(struct demo_run *run, struct player *player, struct two_ways *ways,
			    struct demo_section *views)
{
	uint32_t pid = player_pid(player);
	uint64_t other;

	ways->address = play_memory(run, player, LENGTH, 2 * MIB);
	other = ways->address ? play_memory(run, player, LENGTH, 2 * MIB) : 0;
	return other && (!views || play_view(run, views, pid, ways->address, "before")) &&
	       play_touch(run, player, ways->address, PAGES, TOUCH_READ, &ways->read) &&
	       play_pages(run, pid, ways->address, PAGES, &ways->between) &&
	       (!views || play_view(run, views, pid, ways->address, "after the read")) &&
	       play_touch(run, player, ways->address, PAGES, TOUCH_WRITE, &ways->write) &&
	       play_pages(run, pid, ways->address, PAGES, &ways->after) &&
	       (!views || play_view(run, views, pid, ways->address, "after the write")) &&
	       play_touch(run, player, other, PAGES, TOUCH_WRITE, &ways->at_once);
}

static void show_row(struct demo_section *section, const char *label, const struct phase *watched,
		     enum cause_word cause, uint64_t pages, uint64_t ns)
{
	struct demo_row *row = section_row(section, "%s", label);

	row_set(row, COLUMN_FAULTS, watched->faults);
	row_text(row, COLUMN_CAUSE, cause_name(cause));
	row_set(row, COLUMN_PAGES, pages);
	row_set(row, COLUMN_NS, (double)ns / PAGES);
}

static void show(struct demo_run *run, const struct two_ways *free, const struct two_ways *watched)
{
	struct demo_section *section = result_table(run->result, "touches", "4 MiB, a byte in each of 1,024 pages",
						    columns, 4);

	show_row(section, "read", &watched->read, CAUSE_ZERO_PAGE, watched->between.distinct, free->read.said.ns);
	show_row(section, "then written", &watched->write, CAUSE_COW, watched->after.distinct, free->write.said.ns);
	show_row(section, "written at once", &watched->at_once, CAUSE_FIRST_TOUCH, PAGES, free->at_once.said.ns);
}

static void claim(struct demo_run *run, const struct two_ways *ways)
{
	struct demo_result *result = run->result;

	claim_nothing_lost(run, ways->read.lost + ways->write.lost + ways->at_once.lost);
	claim_counted(result, PAGES, ways->read.faults, "faults of the reads, one a page");
	claim_counted(result, PAGES, ways->read.causes[CAUSE_ZERO_PAGE], "of these, with the cause zero-page");
	claim_equal(result, 1, ways->between.distinct, "physical pages behind %llu addresses then", PAGES);
	if (ways->between.with_entries)
		claim_equal(result, 0, ways->between.writable, "of these addresses may be written");
	else
		claim_skip(result, "the walker doesn't see entries", "none of these addresses may be written");
	claim_counted(result, PAGES, ways->write.faults, "faults of the writes that follow, one a page");
	claim_counted(result, PAGES, ways->write.causes[CAUSE_COW], "of these, with the cause cow");
	claim_equal(result, PAGES, ways->after.distinct, "physical pages behind them then");
	claim_counted(result, PAGES, ways->at_once.faults, "faults where the write comes first, one a page");
	claim_counted(result, PAGES, ways->at_once.causes[CAUSE_FIRST_TOUCH], "of these, with the cause first-touch");
}

void demo_zero_page(struct demo_run *run)
{
	struct two_ways free = { 0 }, watched = { 0 };
	struct demo_section *views;
	struct player *player = play_enter(run);

	if (!player || !touch_both_ways(run, player, &free, NULL))
		return;
	stage_leave(run->stage, player);
	player = play_trace(run) ? play_enter(run) : NULL;
	if (!player)
		return;
	stage_show(run->stage, 4);
	views = result_section(run->result, SECTION_PATHS, "paths", "the first page's address");
	if (!touch_both_ways(run, player, &watched, views))
		return;
	show(run, &free, &watched);
	claim(run, &watched);
}
