// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <unistd.h>

#include "demo.h"

#define LENGTH	(32 * MIB)
#define PAGES	(LENGTH / PAGE_SIZE)
#define CROWDS	4

/* Of pages that are of another node than the CPU that touched them: few, unless the node's memory is used up. */
#define ELSEWHERE	10	/* percent */

struct crowd {
	uint32_t threads;
	struct phase watched;
	uint64_t ns;		/* of a program that nobody watches */
};

enum { COLUMN_FAULTS, COLUMN_P50, COLUMN_P99, COLUMN_MAX, COLUMN_NODE, COLUMN_RATE };

static const struct demo_column columns[] = {
	[COLUMN_FAULTS] = { "faults", "FAULTS", UNIT_COUNT, false },
	[COLUMN_P50] = { "p50_ns", "P50", UNIT_NS, false },
	[COLUMN_P99] = { "p99_ns", "P99", UNIT_NS, false },
	[COLUMN_MAX] = { "max_ns", "MAX", UNIT_NS, false },
	[COLUMN_NODE] = { "other_node", "OTHER NODE", UNIT_COUNT, false },
	[COLUMN_RATE] = { "faults_per_s", "FAULTS/s", UNIT_COUNT, true },
};

static const struct demo_column bucket_columns[] = {
	{ "faults", "FAULTS", UNIT_COUNT, true },
};

static bool touch(struct demo_run *run, uint32_t threads, struct phase *phase)
{
	struct order order = { .act = ACT_THREADS, .length = LENGTH, .step = PAGE_SIZE, .count = PAGES, .write = true,
			       .threads = threads };
	struct player *player = play_enter(run);

	order.address = player ? play_memory(run, player, LENGTH, 2 * MIB) : 0;
	if (!order.address || !play_order(run, player, &order, phase))
		return false;
	stage_leave(run->stage, player);
	return true;
}

static void show_row(struct demo_section *section, const struct crowd *crowd)
{
	const struct histogram *latency = &crowd->watched.latency;
	struct demo_row *row = section_row(section, crowd->threads == 1 ? "%u thread" : "%u threads", crowd->threads);

	row_set(row, COLUMN_FAULTS, crowd->watched.faults);
	if (latency->n) {
		row_set(row, COLUMN_P50, histogram_percentile(latency, 50));
		row_set(row, COLUMN_P99, histogram_percentile(latency, 99));
		row_set(row, COLUMN_MAX, latency->max);
	}
	if (crowd->watched.node_known)
		row_set(row, COLUMN_NODE, crowd->watched.other_node);
	if (crowd->ns)
		row_set(row, COLUMN_RATE, (double)(uint64_t)(1e9 * PAGES / crowd->ns));
}

/* The busiest buckets, as many as there is room for. */
static void show_latency(struct demo_run *run, const struct crowd *crowd)
{
	const struct histogram *latency = &crowd->watched.latency;
	struct demo_section *section;
	struct demo_row *row;
	char title[80], text[40];
	struct demo_cell cell = { .known = true };

	if (!latency->n)
		return;
	snprintf(title, sizeof(title), "latency of the faults of %u threads, from this on to twice as much",
		 crowd->threads);
	section = result_table(run->result, "latency", title, bucket_columns, 1);
	for (unsigned int i = histogram_bucket(latency->min); i <= histogram_bucket(latency->max); i++) {
		if (latency->bucket[i] * 2000 < latency->n)
			continue;
		cell.value = histogram_low(i);
		cell_format(UNIT_NS, &cell, text, sizeof(text));
		row = section_row(section, "%s", text);
		row_set(row, 0, latency->bucket[i]);
	}
}

/*
 * Where handle_mm_fault() can't be hooked, the mapping of a fault isn't seen while another thread changes the mappings,
 * as it does for its own start and end: then there is no telling the cause.
 */
static void claim_causes(struct demo_result *result, const struct phase *phase)
{
	uint64_t known = phase->causes[CAUSE_FIRST_TOUCH];

	claim_between(result, PAGES - PAGES / 20, PAGES, known, "... with the cause first-touch");
	claim_counted(result, PAGES, known + phase->causes[CAUSE_UNKNOWN], "... or with none that could be told");
}

static void claim(struct demo_run *run, const struct crowd crowds[CROWDS])
{
	struct demo_result *result = run->result;
	uint64_t lost = 0, known = 0, other = 0;

	for (unsigned int i = 0; i < CROWDS; i++) {
		lost += crowds[i].watched.lost;
		known += crowds[i].watched.node_known;
		other += crowds[i].watched.other_node;
	}
	claim_nothing_lost(run, lost);
	for (unsigned int i = 0; i < CROWDS; i++) {
		claim_counted(result, PAGES, crowds[i].watched.faults, "%u at once: faults, one a page",
			      crowds[i].threads);
		claim_causes(result, &crowds[i].watched);
	}
	if (access("/sys/devices/system/node/node1", F_OK))
		claim_skip(result, "there is one node of memory alone", "pages of another node than their toucher's");
	else if (!known)
		claim_skip(result, "the nodes are not known", "pages of another node than their toucher's");
	else
		claim_between(result, 0, known * ELSEWHERE / 100, other, "pages of another node than their toucher's");
}

void demo_threads(struct demo_run *run)
{
	struct crowd crowds[CROWDS] = { { .threads = 1 }, { .threads = 2 }, { .threads = 4 }, { .threads = 8 } };
	struct demo_section *section;
	struct phase phase;

	for (unsigned int i = 0; i < CROWDS; i++) {
		if (!touch(run, crowds[i].threads, &phase))
			return;
		crowds[i].ns = phase.said.ns;
	}
	if (!play_trace(run))
		return;
	for (unsigned int i = 0; i < CROWDS; i++) {
		stage_show(run->stage, 1);
		if (!touch(run, crowds[i].threads, &crowds[i].watched))
			return;
	}
	section = result_table(run->result, "crowds", "32 MiB, a byte in each of 8,192 pages", columns, 6);
	for (unsigned int i = 0; i < CROWDS; i++)
		show_row(section, &crowds[i]);
	show_latency(run, &crowds[CROWDS - 1]);
	claim(run, crowds);
}
