// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "demo.h"
#include "proc.h"

#define DEPTH		(MIB / (PAGE_SIZE / 2))		/* calls, half a page each */
#define LIMIT		(2 * MIB)
#define TOO_DEEP	(2 * LIMIT / (PAGE_SIZE / 2))
#define BELOW		(64 * MIB)	/* what may be asked for below the stack as it is */

/* Nothing keeps a stack from being 4 KiB smaller than its limit, or as large. */
#define SLACK_PAGES	2

struct grown {
	uint64_t start, bottom, end;	/* of the mapping before, and after */
	struct phase first, again, over;
	uint64_t child_start;
};

enum { COLUMN_FAULTS, COLUMN_GREW, COLUMN_SIZE, COLUMN_END };

static const struct demo_column columns[] = {
	[COLUMN_FAULTS] = { "faults", "FAULTS BELOW IT", UNIT_COUNT, false },
	[COLUMN_GREW] = { "stack", "OF THESE stack", UNIT_COUNT, false },
	[COLUMN_SIZE] = { "stack_bytes", "STACK THEN", UNIT_BYTES, true },
	[COLUMN_END] = { "end", "END", UNIT_TEXT, false },
};

static void take_stack(void *data, const struct vma *vma)
{
	if (!strcmp(vma->name, "[stack]"))
		*(struct vma *)data = *vma;
}

static bool find_stack(struct demo_run *run, uint32_t pid, struct vma *stack)
{
	struct vmas *vmas = vmas_read(pid);

	*stack = (struct vma){ 0 };
	if (vmas)
		vmas_each(vmas, take_stack, stack);
	vmas_free(vmas);
	if (!stack->end)
		result_fail(run->result, "PID %u has no stack", pid);
	return stack->end;
}

/* What is counted lies below the stack as it is before. */
static bool descend(struct demo_run *run, struct player *player, uint64_t depth, uint64_t below, struct phase *phase)
{
	const struct order order = { .act = ACT_DESCEND, .address = below - BELOW, .length = BELOW, .count = depth };

	return play_order(run, player, &order, phase);
}

/* In a child: it won't survive. */
static bool overflow(struct demo_run *run, struct player *player, struct grown *grown)
{
	struct order order = { .act = ACT_FORK };
	struct phase phase;
	struct vma stack;

	if (!play_order(run, player, &order, &phase) || !find_stack(run, phase.said.pid, &stack))
		return false;
	grown->child_start = stack.start;
	order = (struct order){ .act = ACT_DESCEND, .in_child = true, .address = stack.start - BELOW, .length = BELOW,
				.step = LIMIT, .count = TOO_DEEP };
	return play_order(run, player, &order, &grown->over);
}

static bool grow(struct demo_run *run, struct player *player, struct grown *grown)
{
	uint32_t pid = player_pid(player);
	struct vma stack;

	if (!find_stack(run, pid, &stack))
		return false;
	grown->start = stack.start;
	grown->end = stack.end;
	stage_show(run->stage, 3);
	if (!descend(run, player, DEPTH, grown->start, &grown->first) || !find_stack(run, pid, &stack))
		return false;
	grown->bottom = stack.start;
	return descend(run, player, DEPTH, grown->start, &grown->again) && overflow(run, player, grown);
}

static struct demo_row *show_row(struct demo_section *section, const char *label, const struct phase *phase,
				 uint64_t size)
{
	struct demo_row *row = section_row(section, "%s", label);

	row_set(row, COLUMN_FAULTS, phase->faults);
	row_set(row, COLUMN_GREW, phase->causes[CAUSE_STACK]);
	row_set(row, COLUMN_SIZE, size);
	row_text(row, COLUMN_END, phase->said.signal ? strsignal(phase->said.signal) : "it returns");
	return row;
}

/* Of the one that died: what it had, and what its growing brought. */
static uint64_t last_size(const struct grown *grown)
{
	return grown->end - grown->child_start + grown->over.causes[CAUSE_STACK] * PAGE_SIZE;
}

static void show(struct demo_run *run, const struct grown *grown)
{
	struct demo_section *section =
		result_table(run->result, "descents", "calls, each with 2 KiB of its own", columns, 4);

	show_row(section, "512 deep", &grown->first, grown->end - grown->bottom);
	show_row(section, "512 deep again", &grown->again, grown->end - grown->bottom);
	show_row(section, "2,048 deep, with a limit of 2 MiB", &grown->over, last_size(grown));
}

static void claim(struct demo_run *run, const struct grown *grown)
{
	uint64_t pages = (grown->start - grown->bottom) / PAGE_SIZE;
	struct demo_result *result = run->result;

	claim_nothing_lost(run, grown->first.lost + grown->again.lost + grown->over.lost);
	claim_between(result, 1, MIB / PAGE_SIZE + SLACK_PAGES, pages,
		      "pages that the stack has grown by, of 1 MiB of calls");
	claim_counted(result, pages, grown->first.faults, "faults below the stack as it was, one a page");
	claim_counted(result, pages, grown->first.causes[CAUSE_STACK], "of these, with the cause stack");
	claim_counted(result, 0, grown->again.faults, "faults when it goes as deep again");
	claim_equal(result, SIGSEGV, grown->over.said.signal, "the signal that too deep a call ends with");
	claim_counted(result, 1, grown->over.causes[CAUSE_SEGV], "faults of it with the cause segv, the last one");
	claim_between(result, LIMIT / PAGE_SIZE - SLACK_PAGES, LIMIT / PAGE_SIZE, last_size(grown) / PAGE_SIZE,
		      "pages of stack then: as far as the limit allows");
}

void demo_stack(struct demo_run *run)
{
	struct player *player = play_trace(run) ? play_enter(run) : NULL;
	struct grown grown = { 0 };

	if (!player || !grow(run, player, &grown))
		return;
	show(run, &grown);
	claim(run, &grown);
}
