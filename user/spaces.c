// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "spaces.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "proc.h"

#define MAX_SPACES	128

/* A list that is older than a place by this is read again: what was there may have been unmapped, and something else
 * mapped. */
#define MAX_AGE		100000000ULL

/* Reading a list again may take one part of the time in so many: where a mapping is new; and because it is old. */
#define SHARE_NEW	2
#define SHARE_OLD	20

struct space {
	uint32_t pid;
	uint64_t id;
	struct vmas *vmas;	/* NULL: none were read */
	uint64_t read;		/* when the list was */
	uint64_t end, took;	/* of the reading */
	uint64_t version;
	uint64_t code;		/* checksum of the executable mappings */
	uint64_t used;
	bool gone;
};

struct spaces {
	bool (*has_space)(void *data, uint32_t pid, uint64_t space);
	void *data;
	struct space space[MAX_SPACES];
	struct space *last;
	size_t n;
	uint64_t clock, versions;
};

struct spaces *spaces_new(bool (*has_space)(void *data, uint32_t pid, uint64_t space), void *data)
{
	struct spaces *spaces = calloc(1, sizeof(*spaces));

	if (!spaces)
		return NULL;
	spaces->has_space = has_space;
	spaces->data = data;
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

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

/* ---- which space ---- */

/* A new one takes the place of the one that was not asked for the longest. */
static struct space *make_space(struct spaces *spaces, const struct place *place)
{
	struct space *space = &spaces->space[0];

	if (spaces->n < MAX_SPACES)
		space = &spaces->space[spaces->n++];
	for (size_t i = 0; i < spaces->n && space->id; i++)
		if (spaces->space[i].used < space->used)
			space = &spaces->space[i];
	vmas_free(space->vmas);
	*space = (struct space){ .pid = place->pid, .id = place->space, .version = ++spaces->versions };
	return space;
}

static bool is_at(const struct space *space, const struct place *place)
{
	return space->id == place->space && space->pid == place->pid;
}

static struct space *find_space(struct spaces *spaces, const struct place *place)
{
	struct space *space = spaces->last;

	if (!space || !is_at(space, place)) {
		space = NULL;
		for (size_t i = 0; i < spaces->n && !space; i++)
			if (is_at(&spaces->space[i], place))
				space = &spaces->space[i];
	}
	if (!space)
		space = make_space(spaces, place);
	space->used = ++spaces->clock;
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
static void read_space(struct spaces *spaces, struct space *space)
{
	uint64_t begin = now(), code = 1;
	struct vmas *vmas = vmas_read(space->pid);

	if (!vmas || !spaces->has_space(spaces->data, space->pid, space->id)) {
		vmas_free(vmas);
		space->gone = true;
		return;
	}
	vmas_each(vmas, sum_vma, &code);
	if (space->vmas && code != space->code)
		space->version = ++spaces->versions;
	vmas_free(space->vmas);
	space->vmas = vmas;
	space->code = code;
	space->read = begin;
	space->end = now();
	space->took = space->end - begin;
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
static bool is_to_be_read(const struct space *space, const struct place *place, bool fitting)
{
	uint64_t rests;

	if (space->gone || place->gone || space->read >= place->time)
		return false;
	if (fitting && space->read + MAX_AGE >= place->time)
		return false;
	rests = space->took * (fitting ? SHARE_OLD : SHARE_NEW);
	return now() >= space->end + rests;
}

const struct vma *spaces_find(struct spaces *spaces, const struct place *place, const struct vma *seen,
			      uint64_t *version)
{
	struct space *space = find_space(spaces, place);
	const struct vma *vma = vmas_find(space->vmas, place->addr);

	if (is_to_be_read(space, place, fits(vma, seen))) {
		read_space(spaces, space);
		vma = vmas_find(space->vmas, place->addr);
	}
	if (!fits(vma, seen))
		vma = NULL;
	*version = vma || space->read >= place->time ? space->version : 0;
	return vma;
}
