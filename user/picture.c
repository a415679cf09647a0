// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "picture.h"

#include <string.h>

#define PAGE_BITS	12

/* Twice as large cells: each takes what two had. */
static void coarsen(struct cluster *cluster)
{
	unsigned int i;

	for (i = 0; i < CLUSTER_CELLS / 2; i++)
		cluster->cells[i] = cluster->cells[2 * i] + cluster->cells[2 * i + 1];
	memset(cluster->cells + i, 0, (CLUSTER_CELLS - i) * sizeof(*cluster->cells));
	cluster->shift++;
}

static void extend(struct cluster *cluster, uint64_t end)
{
	if (end > cluster->end)
		cluster->end = end;
	while ((cluster->end - cluster->start - 1) >> cluster->shift >= CLUSTER_CELLS)
		coarsen(cluster);
}

static void fill(struct cluster *cluster, uint64_t start, uint64_t end)
{
	while (start < end) {
		unsigned int i = (start - cluster->start) >> cluster->shift;
		uint64_t cell_end = cluster->start + ((uint64_t)(i + 1) << cluster->shift);
		uint64_t stop = cell_end < end ? cell_end : end;

		cluster->cells[i] += stop - start;
		start = stop;
	}
}

/*
 * The upper one becomes part of the lower one. Its cells needn't have the same borders there: one that lies across a
 * border counts for the cell it begins in, an error below the width of a cell.
 */
static void merge(struct cluster *lower, const struct cluster *upper)
{
	extend(lower, upper->end);
	while (lower->shift < upper->shift)
		coarsen(lower);
	for (unsigned int i = 0; i < CLUSTER_CELLS; i++) {
		uint64_t at = upper->start + ((uint64_t)i << upper->shift) - lower->start;

		if (upper->cells[i])
			lower->cells[at >> lower->shift] += upper->cells[i];
	}
	lower->mappings += upper->mappings;
}

/* One too many: the two that are closest to each other become one. */
static void make_room(struct picture *picture)
{
	struct cluster *c = picture->cluster;
	unsigned int i, closest = 0;

	for (i = 1; i + 1 < picture->n; i++)
		if (c[i + 1].start - c[i].end < c[closest + 1].start - c[closest].end)
			closest = i;
	merge(&c[closest], &c[closest + 1]);
	memmove(&c[closest + 1], &c[closest + 2], (picture->n - closest - 2) * sizeof(*c));
	picture->n--;
}

void picture_add_mapping(struct picture *picture, uint64_t start, uint64_t end)
{
	struct cluster *last = picture->n ? &picture->cluster[picture->n - 1] : NULL;

	if (!last || (start > last->end && start - last->end >= CLUSTER_GAP)) {
		last = &picture->cluster[picture->n++];
		*last = (struct cluster){ .start = start, .end = start, .shift = PAGE_BITS };
	}
	extend(last, end);
	last->mappings++;
	if (picture->n > CLUSTERS)
		make_room(picture);
}

void picture_add_populated(struct picture *picture, uint64_t start, uint64_t end)
{
	struct cluster *last = picture->n ? &picture->cluster[picture->n - 1] : NULL;

	if (!last)
		return;
	if (start < last->start)
		start = last->start;
	if (end > last->end)
		end = last->end;
	fill(last, start, end);
}

unsigned int cluster_cells(const struct cluster *cluster)
{
	return ((cluster->end - cluster->start - 1) >> cluster->shift) + 1;
}
