// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "demo.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21		/* v5.4 */
#endif

#define PAGES	1024ULL
#define LENGTH	(PAGES * PAGE_SIZE)

/* The kernel need not do what MADV_PAGEOUT advises: what is in use at the moment stays. */
#define SWAPPED_AT_LEAST	(PAGES / 2)

/* A swap entry (arch/x86/include/asm/pgtable_64.h): the type in bits 63..59, the offset in bits 58..9, inverted. */
#define ENTRY_TYPE(entry)	((entry) >> 59)
#define ENTRY_OFFSET(entry)	(~(entry) << 5 >> 14)

struct swapped {
	uint64_t address;
	struct phase first, back;
	struct page_counts out;
};

enum { COLUMN_FAULTS, COLUMN_CAUSE, COLUMN_P50, COLUMN_P99, COLUMN_NS };

static const struct demo_column columns[] = {
	[COLUMN_FAULTS] = { "faults", "FAULTS", UNIT_COUNT, false },
	[COLUMN_CAUSE] = { "cause", "CAUSE", UNIT_TEXT, false },
	[COLUMN_P50] = { "p50_ns", "P50", UNIT_NS, false },
	[COLUMN_P99] = { "p99_ns", "P99", UNIT_NS, false },
	[COLUMN_NS] = { "ns_per_page", "A PAGE", UNIT_NS, true },
};

static bool there_is_swap(struct demo_run *run)
{
	FILE *swaps = fopen("/proc/swaps", "re");
	char line[256];
	int lines = 0;

	while (swaps && fgets(line, sizeof(line), swaps))
		lines++;
	if (swaps)
		fclose(swaps);
	if (lines > 1)
		return true;
	result_skip(run->result, "there is no swap area (swapon; /proc/swaps)");
	return false;
}

static bool swap_out_and_in(struct demo_run *run, struct player *player, struct swapped *swapped,
			    struct demo_section *views)
{
	struct order out = { .act = ACT_ADVISE, .length = LENGTH, .advice = MADV_PAGEOUT };
	uint32_t pid = player_pid(player);
	struct phase phase;

	swapped->address = out.address = play_memory(run, player, LENGTH, 2 * MIB);
	stage_show(run->stage, 2);
	if (!out.address || !play_touch(run, player, out.address, PAGES, TOUCH_WRITE, &swapped->first))
		return false;
	if ((views && !play_view(run, views, pid, out.address, "written")) || !play_order(run, player, &out, &phase) ||
	    !play_pages(run, pid, out.address, PAGES, &swapped->out) ||
	    (views && !play_view(run, views, pid, out.address, "swapped out")))
		return false;
	stage_show(run->stage, 3);
	return play_touch(run, player, out.address, PAGES, TOUCH_READ, &swapped->back) &&
	       (!views || play_view(run, views, pid, out.address, "read again"));
}

static void show_row(struct demo_section *section, const char *label, const char *cause, const struct phase *watched,
		     uint64_t ns)
{
	struct demo_row *row = section_row(section, "%s", label);

	row_set(row, COLUMN_FAULTS, watched->faults);
	row_text(row, COLUMN_CAUSE, cause);
	row_set(row, COLUMN_NS, (double)ns / PAGES);
	if (!watched->latency.n)
		return;
	row_set(row, COLUMN_P50, histogram_percentile(&watched->latency, 50));
	row_set(row, COLUMN_P99, histogram_percentile(&watched->latency, 99));
}

static void show_entry(struct demo_run *run, const struct path *path)
{
	struct demo_section *section =
		result_section(run->result, SECTION_LINES, "entry", "the entry of a page that is out");
	unsigned long long entry = path_leaf(path);

	section_line(section, "0x%016llx: bit 0 is 0, so the processor raises a fault; the rest is the kernel's",
		     entry);
	section_line(section, "bits 63..59             0x%02llx: swap area %llu", ENTRY_TYPE(entry), ENTRY_TYPE(entry));
	section_line(section, "bits 58..9, inverted    0x%llx: page %llu in it", ENTRY_OFFSET(entry),
		     ENTRY_OFFSET(entry));
}

static void claim(struct demo_run *run, const struct swapped *swapped, const struct demo_section *views)
{
	const struct path *out = view_path(views, 1), *back = view_path(views, 2);
	uint64_t entry = path_leaf(out);
	struct demo_result *result = run->result;

	claim_nothing_lost(run, swapped->first.lost + swapped->back.lost);
	claim_counted(result, PAGES, swapped->first.causes[CAUSE_FIRST_TOUCH], "faults of the first touch");
	claim_between(result, SWAPPED_AT_LEAST, PAGES, swapped->out.swapped, "pages that MADV_PAGEOUT has brought out");
	claim_counted(result, swapped->out.swapped, swapped->back.faults,
		    "faults of the reads, one for each that was out");
	claim_counted(result, swapped->out.swapped, swapped->back.causes[CAUSE_SWAP_IN],
		    "of these, with the cause swap-in");
	claim_holds(result, path_has_page(back), "then there is a page again");
	if (out->state != STATE_SWAP || !entry) {
		claim_skip(result, "the first page was not brought out, or the walker doesn't see entries",
			   "the entry, taken apart by hand, is what the walker says");
		return;
	}
	claim_equal(result, out->swap_type, ENTRY_TYPE(entry), "the swap area in the entry, as the walker has it");
	claim_equal(result, out->value, ENTRY_OFFSET(entry), "the offset in the entry, as the walker has it");
	show_entry(run, out);
}

void demo_swap(struct demo_run *run)
{
	struct swapped free = { 0 }, watched = { 0 };
	struct demo_section *views, *section;
	struct player *player;

	if (!there_is_swap(run))
		return;
	player = play_enter(run);
	if (!player || !swap_out_and_in(run, player, &free, NULL))
		return;
	stage_leave(run->stage, player);
	player = play_trace(run) ? play_enter(run) : NULL;
	if (!player)
		return;
	views = result_section(run->result, SECTION_PATHS, "paths", "the first page's address");
	if (!swap_out_and_in(run, player, &watched, views))
		return;
	section = result_table(run->result, "touches", "4 MiB, a byte in each of 1,024 pages", columns, 5);
	show_row(section, "touched for the first time", "first-touch", &watched.first, free.first.said.ns);
	show_row(section, "read when they were swapped out", "swap-in", &watched.back, free.back.said.ns);
	claim(run, &watched, views);
}
