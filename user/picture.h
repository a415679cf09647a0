/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A picture of an address space in bounded memory, drawn from the bottom up while it is read. What lies close together
 * is a cluster, drawn as a row of cells; the gaps between clusters are so large that no row could show both sides.
 */
#ifndef PFWATCH_PICTURE_H
#define PFWATCH_PICTURE_H

#include <stdint.h>

#define CLUSTERS	16
#define CLUSTER_CELLS	64

/* A gap of this size begins a new cluster. */
#define CLUSTER_GAP	(1ULL << 30)

struct cluster {
	uint64_t start, end;		/* of its mappings */
	uint64_t mappings;
	unsigned int shift;		/* a cell is 1 << shift bytes, the first one begins at start */
	uint64_t cells[CLUSTER_CELLS];	/* populated bytes */
};

struct picture {
	struct cluster cluster[CLUSTERS + 1];	/* one more while room is made */
	unsigned int n;
};

/* Both by ascending address; what is populated lies in the mapping added last. */
void picture_add_mapping(struct picture *picture, uint64_t start, uint64_t end);
void picture_add_populated(struct picture *picture, uint64_t start, uint64_t end);

unsigned int cluster_cells(const struct cluster *cluster);

#endif
