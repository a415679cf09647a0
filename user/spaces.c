// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "spaces.h"

#include <stdlib.h>
#include <string.h>

#include "budget.h"
#include "proc.h"

#define MAX_SPACES	1024
#define BUCKETS		1024	/* a power of two */
#define MAX_BYTES	(64UL << 20)	/* of all lists */

/* A list that is older than a place by this is read again: what was there may have been unmapped, and something else
 * mapped. */
#define MAX_AGE		100000000ULL

/*
 * Reading one list again may take one part of the time in so many: where a mapping is new; and because it is old. All
 * lists together may take a quarter of the rest, and half a second that was saved up; what is only old waits until half
 * of that is there.
 */
#define SHARE_NEW	2
#define SHARE_OLD	20
#define SHARE_ALL	4
#define BURST		500000000LL

struct space {
	struct space *next;	/* in its bucket */
	uint32_t pid;
	uint64_t id;
	struct vmas *vmas;	/* NULL: none were read */
	uint64_t read;		/* when the list was */
	uint64_t end, took;	/* of the reading */
	uint64_t version;
	uint64_t code;		/* checksum of the executable mappings */
	bool gone;
};

struct spaces {
	bool (*has_space)(void *data, uint32_t pid, uint64_t space);
	void *data;
	struct space space[MAX_SPACES];
	uint64_t used[MAX_SPACES];	/* when, by the clock; apart, as it is looked through for each new one */
	struct space *bucket[BUCKETS];
	struct space *last;
	struct budget budget;
	size_t n, bytes;
	uint64_t clock, versions;
	uint64_t changes;		/* how often any of it has changed */
};

struct spaces *spaces_new(bool (*has_space)(void *data, uint32_t pid, uint64_t space), void *data)
{
	struct spaces *spaces = calloc(1, sizeof(*spaces));

	if (!spaces)
		return NULL;
	spaces->has_space = has_space;
	spaces->data = data;
	spaces->budget = (struct budget){ .share = SHARE_ALL, .burst = BURST };
	return spaces;
}

void spaces_free(struct spaces *spaces)
{
	if (!spaces)
		return;
	for (size_t i = 0; i < spaces->n; i++)
		vmas_free(spaces->space[i].vmas);
	free(spaces);
}

/* ---- which space ---- */

static struct space **bucket_of(struct spaces *spaces, uint32_t pid, uint64_t id)
{
	return &spaces->bucket[((id ^ pid) * 0x9e3779b97f4a7c15) >> 40 & (BUCKETS - 1)];
}

/* What is known of it but the list holds; only what was read later than a place tells that there is nothing. */
static void drop_list(struct spaces *spaces, struct space *space)
{
	spaces->bytes -= vmas_bytes(space->vmas);
	vmas_free(space->vmas);
	space->vmas = NULL;
	space->read = 0;
	spaces->changes++;
}

static void take_out(struct spaces *spaces, const struct space *space)
{
	struct space **link = bucket_of(spaces, space->pid, space->id);

	while (*link != space)
		link = &(*link)->next;
	*link = space->next;
}

/* The one that was not asked for the longest, of those with a list or of all. */
static struct space *find_oldest(struct spaces *spaces, bool has_list)
{
	uint64_t used = UINT64_MAX;
	size_t oldest = 0;

	for (size_t i = 0; i < spaces->n; i++) {
		if (spaces->used[i] >= used || (has_list && !spaces->space[i].vmas))
			continue;
		used = spaces->used[i];
		oldest = i;
	}
	return &spaces->space[oldest];
}

static struct space *make_space(struct spaces *spaces, const struct place *place)
{
	struct space **bucket = bucket_of(spaces, place->pid, place->space), *space;

	if (spaces->n < MAX_SPACES) {
		space = &spaces->space[spaces->n++];
	} else {
		space = find_oldest(spaces, false);
		take_out(spaces, space);
		drop_list(spaces, space);
	}
	spaces->changes++;
	*space = (struct space){
		.next = *bucket, .pid = place->pid, .id = place->space, .version = ++spaces->versions,
	};
	return *bucket = space;
}

static bool is_at(const struct space *space, const struct place *place)
{
	return space->id == place->space && space->pid == place->pid;
}

static struct space *find_space(struct spaces *spaces, const struct place *place)
{
	struct space *space = spaces->last;

	if (!space || !is_at(space, place)) {
		space = *bucket_of(spaces, place->pid, place->space);
		while (space && !is_at(space, place))
			space = space->next;
	}
	if (!space)
		space = make_space(spaces, place);
	spaces->used[space - spaces->space] = ++spaces->clock;
	return spaces->last = space;
}

/* ---- reading ---- */

static void add_to_sum(uint64_t *sum, uint64_t value)
{
	*sum = (*sum ^ value) * 0x9e3779b97f4a7c15;
	*sum ^= *sum >> 29;
}

static void sum_vma(void *data, const struct vma *vma)
{
	uint64_t *sum = data;

	if (vma->perm[2] != 'x')
		return;
	add_to_sum(sum, vma->start);
	add_to_sum(sum, vma->end);
	add_to_sum(sum, vma->offset);
	add_to_sum(sum, vma->inode);
	add_to_sum(sum, (uint64_t)vma->major << 32 | vma->minor);
}

/*
 * That the process has the address space is asked behind the reading: an address space that it has then it had all the
 * time, as none comes back.
 */
static void take_list(struct spaces *spaces, struct space *space)
{
	struct vmas *vmas = vmas_read(space->pid);
	uint64_t code = 1;

	if (!vmas || !spaces->has_space(spaces->data, space->pid, space->id)) {
		vmas_free(vmas);
		space->gone = true;
		return;
	}
	vmas_each(vmas, sum_vma, &code);
	if (space->code && code != space->code)
		space->version = ++spaces->versions;
	drop_list(spaces, space);
	space->vmas = vmas;
	space->code = code;
	space->read = spaces->budget.begin;
	spaces->bytes += vmas_bytes(vmas);
}

static void read_space(struct spaces *spaces, struct space *space)
{
	spaces->changes++;
	take_list(spaces, space);
	budget_end(&spaces->budget);
	space->end = spaces->budget.end;
	space->took = spaces->budget.end - spaces->budget.begin;
	while (spaces->bytes > MAX_BYTES)
		drop_list(spaces, find_oldest(spaces, true));
}

/* ---- which mapping ---- */

/*
 * Whether a listed mapping may be the one that was seen: mappings grow, and are split and merged, all the time. A file
 * is known by its number; where the file system tells the kernel another one than the users (overlayfs), by its place.
 */
static bool fits(const struct vma *listed, const struct vma *seen)
{
	bool same_start, same_end;

	if (!listed || !seen)
		return listed;
	same_start = listed->start == seen->start;
	same_end = listed->end == seen->end;
	if ((listed->flags ^ seen->flags) & VMA_FILE)
		return false;
	if (!(seen->flags & VMA_FILE))
		return same_start || same_end || (listed->start < seen->start && seen->end < listed->end);
	if (listed->start - listed->offset != seen->start - seen->offset)
		return false;
	return listed->inode == seen->inode || (same_start && same_end);
}

/* A list that was read after the fault, and does not have its mapping, will not have it the next time, either. */
static bool is_to_be_read(struct spaces *spaces, const struct space *space, const struct place *place, bool fitting)
{
	if (space->gone || place->gone || space->read >= place->time)
		return false;
	if (fitting && space->read + MAX_AGE >= place->time)
		return false;
	if (budget_begin(&spaces->budget) <= (fitting ? BURST / 2 : 0))
		return false;
	return spaces->budget.begin >= space->end + space->took * (fitting ? SHARE_OLD : SHARE_NEW);
}

const struct vma *spaces_find(struct spaces *spaces, const struct place *place, const struct vma *seen,
			      uint64_t *version)
{
	struct space *space = find_space(spaces, place);
	const struct vma *vma = vmas_find(space->vmas, place->addr);

	if (is_to_be_read(spaces, space, place, fits(vma, seen))) {
		read_space(spaces, space);
		vma = vmas_find(space->vmas, place->addr);
	}
	if (!fits(vma, seen))
		vma = NULL;
	*version = vma || space->read >= place->time ? space->version : 0;
	return vma;
}

struct space_answer spaces_answer(const struct spaces *spaces)
{
	const struct space *last = spaces->last;

	return (struct space_answer){
		.changes = spaces->changes, .until = last->gone ? UINT64_MAX : last->read + MAX_AGE,
		.space = last - spaces->space,
	};
}

uint64_t spaces_changes(const struct spaces *spaces)
{
	return spaces->changes;
}

void spaces_use(struct spaces *spaces, const struct space_answer *answer)
{
	spaces->used[answer->space] = ++spaces->clock;
	spaces->last = &spaces->space[answer->space];
}
