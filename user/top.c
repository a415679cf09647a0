// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE
#include "top.h"

#include <stdlib.h>
#include <string.h>

#include "chains.h"

struct top {
	uint32_t capacity, n;
	uint64_t interval;
	struct chains chains;
	struct top_row sum;
	struct top_row *rows;
	const struct top_row **sorted;
};

struct top *top_new(uint32_t processes)
{
	struct top *top = calloc(1, sizeof(*top));

	if (!top)
		return NULL;
	top->capacity = processes;
	top->rows = calloc(processes, sizeof(*top->rows));
	top->sorted = calloc(processes, sizeof(*top->sorted));
	if (chains_init(&top->chains, processes) && top->rows && top->sorted)
		return top;
	top_free(top);
	return NULL;
}

void top_free(struct top *top)
{
	if (!top)
		return;
	chains_free(&top->chains);
	free(top->rows);
	free(top->sorted);
	free(top);
}

/* ---- adding up ---- */

static enum top_group group_of(enum cause_word cause)
{
	switch (cause) {
	case CAUSE_FIRST_TOUCH:
	case CAUSE_ZERO_PAGE:
	case CAUSE_THP:
	case CAUSE_STACK:
	case CAUSE_HUGETLB: return GROUP_NEW;
	case CAUSE_COW:
	case CAUSE_COW_REUSE: return GROUP_COW;
	case CAUSE_FILE_MINOR:
	case CAUSE_FILE_MAJOR:
	case CAUSE_WRITE_NOTIFY: return GROUP_FILE;
	case CAUSE_SHMEM: return GROUP_SHMEM;
	case CAUSE_SWAP_IN: return GROUP_SWAP;
	case CAUSE_SEGV:
	case CAUSE_SIGBUS:
	case CAUSE_OOM: return GROUP_BAD;
	default: return GROUP_OTHER;
	}
}

static uint64_t hash_of(uint32_t pid)
{
	return chains_hash(pid, 0, 0);
}

static struct top_row *find(const struct top *top, uint32_t pid)
{
	uint32_t i = chains_first(&top->chains, hash_of(pid));

	while (i != CHAIN_END && top->rows[i].pid != pid)
		i = chains_next(&top->chains, i);
	return i == CHAIN_END ? NULL : &top->rows[i];
}

static struct top_row *make_room(struct top *top)
{
	struct top_row *oldest = top->rows;

	for (uint32_t i = 1; i < top->n; i++)
		if (top->rows[i].last < oldest->last)
			oldest = &top->rows[i];
	chains_remove(&top->chains, hash_of(oldest->pid), oldest - top->rows);
	return oldest;
}

static struct top_row *enter(struct top *top, uint32_t pid)
{
	struct top_row *row = top->n < top->capacity ? &top->rows[top->n++] : make_room(top);

	*row = (struct top_row){ .pid = pid };
	chains_insert(&top->chains, hash_of(pid), row - top->rows);
	return row;
}

static void add(struct top_row *row, const struct fault *fault)
{
	row->faults++;
	row->major += fault->result == RESULT_MAJOR;
	if (fault->has_latency) {
		row->time += fault->latency;
		row->timed++;
	}
	row->groups[group_of(fault->cause.word)]++;
}

void top_add(struct top *top, const struct fault *fault)
{
	struct top_row *row = find(top, fault->pid);

	if (!row)
		row = enter(top, fault->pid);
	memcpy(row->comm, fault->comm, COMM_LEN);
	row->last = top->interval;
	add(row, fault);
	add(&top->sum, fault);
}

static void begin_anew(struct top_row *row)
{
	row->faults = row->major = row->time = row->timed = 0;
	memset(row->groups, 0, sizeof(row->groups));
}

void top_next_interval(struct top *top)
{
	top->interval++;
	begin_anew(&top->sum);
	for (uint32_t i = 0; i < top->n; i++)
		begin_anew(&top->rows[i]);
}

/* ---- in order ---- */

static uint64_t value_of(const struct top_row *row, enum top_sort sort)
{
	switch (sort) {
	case TOP_BY_MAJOR: return row->major;
	case TOP_BY_TIME: return row->time;
	case TOP_BY_PID: return UINT32_MAX - row->pid;
	default: return row->faults;
	}
}

/* What is alike stands in the order of the faults, and at last of the PIDs, lest lines change places for nothing. */
static int compare(const void *a, const void *b, void *context)
{
	const struct top_row *one = *(const struct top_row *const *)a, *other = *(const struct top_row *const *)b;
	const enum top_sort keys[] = { *(const enum top_sort *)context, TOP_BY_FAULTS, TOP_BY_PID };

	for (unsigned int i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		uint64_t value = value_of(one, keys[i]), other_value = value_of(other, keys[i]);

		if (value != other_value)
			return value < other_value ? 1 : -1;
	}
	return 0;
}

size_t top_rows(struct top *top, enum top_sort sort, const struct top_row **rows, size_t n)
{
	size_t all = 0;

	for (uint32_t i = 0; i < top->n; i++)
		if (top->rows[i].faults)
			top->sorted[all++] = &top->rows[i];
	qsort_r(top->sorted, all, sizeof(*top->sorted), compare, &sort);
	memcpy(rows, top->sorted, (n < all ? n : all) * sizeof(*rows));
	return all;
}

const struct top_row *top_sum(const struct top *top)
{
	return &top->sum;
}

/* ---- names ---- */

static const char *const sort_names[] = {
	[TOP_BY_FAULTS] = "faults", [TOP_BY_MAJOR] = "major", [TOP_BY_TIME] = "time", [TOP_BY_PID] = "pid",
};

const char *top_sort_name(enum top_sort sort)
{
	return sort_names[sort];
}

bool top_sort_by_name(const char *name, enum top_sort *sort)
{
	for (size_t i = 0; i < sizeof(sort_names) / sizeof(*sort_names); i++) {
		if (strcmp(sort_names[i], name))
			continue;
		*sort = i;
		return true;
	}
	return false;
}
