// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* As many pages as a table has entries, each time a table's worth of addresses further apart. */
#include <stdio.h>
#include <sys/mman.h>

#include "demo.h"

#define TOUCHES	512ULL
#define ENTRIES	512ULL

/* Where nobody else is: the tables of this part of the address space are ours alone. */
#define AREA	0x200000000000ULL

#define STRIDES	4

struct strided {
	uint64_t step;
	const char *name;
	struct phase phase;
	struct table_counts before, after;
	uint64_t kernel;	/* table pages, as the kernel counts them */
	uint64_t ns;		/* of a program that nobody watches */
	bool sees_tables;
};

enum { COLUMN_FAULTS, COLUMN_SPAN, COLUMN_PTE, COLUMN_PMD, COLUMN_PUD, COLUMN_NS, COLUMN_BYTES };

static const struct demo_column columns[] = {
	[COLUMN_FAULTS] = { "faults", "FAULTS", UNIT_COUNT, false },
	[COLUMN_SPAN] = { "span_bytes", "SPAN", UNIT_BYTES, false },
	[COLUMN_PTE] = { "pte", "PTE", UNIT_COUNT, false },
	[COLUMN_PMD] = { "pmd", "PMD", UNIT_COUNT, false },
	[COLUMN_PUD] = { "pud", "PUD", UNIT_COUNT, false },
	[COLUMN_NS] = { "ns_per_page", "A PAGE", UNIT_NS, false },
	[COLUMN_BYTES] = { "table_bytes", "TABLES", UNIT_BYTES, true },
};

static bool make_room(struct demo_run *run, struct player *player, uint64_t length)
{
	struct order order = { .act = ACT_MAP, .address = AREA, .length = length, .prot = PROT_READ | PROT_WRITE,
			       .flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE };
	struct phase phase;

	if (!stage_order(run->stage, player, &order, &phase)) {
		result_skip(run->result, "%llu GiB of addresses can't be had: %s", length / GIB,
			    stage_error(run->stage));
		return false;
	}
	order = (struct order){ .act = ACT_ADVISE, .address = AREA, .length = length, .advice = MADV_NOHUGEPAGE };
	return play_order(run, player, &order, &phase);
}

static bool touch(struct demo_run *run, struct strided *strided, bool watched)
{
	const struct order order = { .act = ACT_TOUCH, .address = AREA, .length = strided->step * TOUCHES,
				     .step = strided->step, .count = TOUCHES, .write = true };
	const struct addresses addresses = { .start = AREA, .step = strided->step, .n = TOUCHES };
	struct player *player = play_enter(run);
	uint32_t pid = player ? player_pid(player) : 0;

	if (!player || !make_room(run, player, order.length))
		return false;
	strided->sees_tables = stage_tables(run->stage, pid, &addresses, &strided->before);
	strided->kernel = stage_table_pages(pid);
	if (!play_order(run, player, &order, &strided->phase))
		return false;
	if (!watched)
		strided->ns = strided->phase.said.ns;
	strided->kernel = stage_table_pages(pid) - strided->kernel;
	if (strided->sees_tables)
		stage_tables(run->stage, pid, &addresses, &strided->after);
	stage_leave(run->stage, player);
	return true;
}

/* How many tables of a level that the addresses lie in, where each maps so much. */
static uint64_t tables_needed(uint64_t step, uint64_t maps)
{
	uint64_t span = step * TOUCHES;

	if (step >= maps)
		return TOUCHES;
	return span > maps ? span / maps : 1;
}

static void show_row(struct demo_section *section, const struct strided *strided)
{
	struct demo_row *row = section_row(section, "a byte in each %s", strided->name);

	row_set(row, COLUMN_FAULTS, strided->phase.faults);
	row_set(row, COLUMN_SPAN, (double)strided->step * TOUCHES);
	row_set(row, COLUMN_NS, (double)strided->ns / TOUCHES);
	row_set(row, COLUMN_BYTES, (double)strided->kernel * PAGE_SIZE);
	if (!strided->sees_tables)
		return;
	row_set(row, COLUMN_PTE, strided->after.of[LEVEL_PTE]);
	row_set(row, COLUMN_PMD, strided->after.of[LEVEL_PMD]);
	row_set(row, COLUMN_PUD, strided->after.of[LEVEL_PUD]);
}

static void claim_tables(struct demo_run *run, const struct strided *strided)
{
	static const struct {
		enum level level;
		uint64_t maps;
	} levels[] = { { LEVEL_PTE, 2 * MIB }, { LEVEL_PMD, GIB }, { LEVEL_PUD, 512 * GIB } };

	for (unsigned int i = 0; i < 3; i++)
		claim_equal(run->result, tables_needed(strided->step, levels[i].maps),
			    strided->after.of[levels[i].level], "%s: %s tables", strided->name,
			    level_name(levels[i].level));
	claim_equal(run->result, strided->after.all - strided->before.all, strided->kernel,
		    "%s: new tables as the kernel counts them, and the walker", strided->name);
}

static void claim(struct demo_run *run, const struct strided strides[STRIDES])
{
	uint64_t lost = 0;

	for (unsigned int i = 0; i < STRIDES; i++)
		lost += strides[i].phase.lost;
	claim_nothing_lost(run, lost);
	for (unsigned int i = 0; i < STRIDES; i++) {
		claim_counted(run->result, TOUCHES, strides[i].phase.faults, "%s: faults, one a touch",
			      strides[i].name);
		if (strides[i].sees_tables)
			claim_tables(run, &strides[i]);
	}
	if (!strides[0].sees_tables)
		claim_skip(run->result, stage_error(run->stage), "tables of each level");
	claim_ratio(run->result, 100, strides[STRIDES - 1].kernel, strides[0].kernel,
		    "tables of the widest stride to those of the narrowest");
}

/* What one table without levels would take, for each process. */
static void show_flat(struct demo_run *run, const struct strided strides[STRIDES])
{
	struct demo_section *section =
		result_section(run->result, SECTION_LINES, "flat",
			       "without levels: one table with an entry for each page that could be");
	unsigned int bits = run->geometry->shift[LEVEL_PGD] + 8;	/* of the user half */

	section_line(section, "32 bits: 2^32 / 2^12 = 2^20 pages, entries of 4 bytes:   4 MiB for each process");
	section_line(section, "%u bits: 2^%u / 2^12 = 2^%u pages, entries of 8 bytes: %3llu %s for each process", bits,
		     bits, bits - 12, bits == 47 ? 256ULL : 128ULL, bits == 47 ? "GiB" : "TiB");
	section_line(section, "64 bits: 2^64 / 2^12 = 2^52 pages, entries of 8 bytes:  32 PiB for each process");
	section_line(section,
		     "With %u levels the same 512 pages take %llu KiB of tables when they lie together, and %llu KiB",
		     run->geometry->levels, (unsigned long long)strides[0].kernel * 4,
		     (unsigned long long)strides[STRIDES - 1].kernel * 4);
	section_line(section, "when they are strewn: each page then has a PTE table and a PMD table of its own.");
}

void demo_stride(struct demo_run *run)
{
	struct strided strides[STRIDES] = {
		{ .step = 4 * KIB, .name = "4 KiB" }, { .step = 64 * KIB, .name = "64 KiB" },
		{ .step = 2 * MIB, .name = "2 MiB" }, { .step = GIB, .name = "1 GiB" },
	};
	struct demo_section *section;

	for (unsigned int i = 0; i < STRIDES; i++)
		if (!touch(run, &strides[i], false))
			return;
	if (!play_trace(run))
		return;
	for (unsigned int i = 0; i < STRIDES; i++) {
		stage_show(run->stage, 2);
		if (!touch(run, &strides[i], true))
			return;
	}
	section = result_table(run->result, "strides", "512 touches, nearer and further apart: tables of each level",
			       columns, 7);
	for (unsigned int i = 0; i < STRIDES; i++)
		show_row(section, &strides[i]);
	show_flat(run, strides);
	claim(run, strides);
}
