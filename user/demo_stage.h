/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where a demonstration happens: its actors, and the tracer and the walker that look at them. */
#ifndef PFWATCH_DEMO_STAGE_H
#define PFWATCH_DEMO_STAGE_H

#include "demo_actor.h"
#include "fault.h"
#include "histogram.h"
#include "render.h"
#include "walker.h"

struct stage;

/*
 * live: where the faults that are kept are shown as they come; NULL: nowhere. Nobody is traced yet. NULL: out of
 * memory.
 */
struct stage *stage_new(struct walker *walker, const struct render *live);
void stage_free(struct stage *stage);	/* its actors end */

const char *stage_error(const struct stage *stage);

/* From here on actors are traced. False: they can't be. */
bool stage_trace(struct stage *stage);

/* Without randomization each of them has the same addresses as any other. NULL: it could not be started. */
struct player;
struct player *stage_enter(struct stage *stage, bool randomize);
void stage_leave(struct stage *stage, struct player *player);
uint32_t player_pid(const struct player *player);
bool player_is_traced(const struct player *player);

#define PHASE_FAULTS 4

/* What came of an order. Of the faults: those at the addresses that it was about, by the actor and its child. */
struct phase {
	struct said said;
	uint64_t faults, lost;
	uint64_t causes[CAUSES];
	struct histogram latency;
	uint64_t other_node;	/* pages of another NUMA node than the CPU that faulted; where both are known */
	uint64_t node_known;
	struct fault first[PHASE_FAULTS];	/* the first of them, whole */
};

/* False: the actor could not do it, or is no more; stage_error() says why. */
bool stage_order(struct stage *stage, struct player *player, const struct order *order, struct phase *phase);

/* Faults, or ends of them, of whatever process, that the kernel has kept from the tracer so far. */
uint64_t stage_missed(const struct stage *stage);

/* Shown live from now on: so many of the faults. */
void stage_show(struct stage *stage, unsigned int n);
bool stage_has_shown(const struct stage *stage);

/* ---- what the walker finds ---- */

struct addresses {
	uint64_t start, step, n;
};

bool stage_path(struct stage *stage, uint32_t pid, uint64_t addr, struct path *path);

/* The tables that the walk of these addresses goes through, each counted once. False: the walker doesn't see tables. */
struct table_counts {
	uint64_t of[MAX_LEVELS], all;	/* by enum level; all but the PGD */
};
bool stage_tables(struct stage *stage, uint32_t pid, const struct addresses *addresses, struct table_counts *counts);

/* The pages behind these addresses: how many have one, and how many different ones these are. */
struct page_counts {
	uint64_t mapped, distinct, writable, huge, swapped;
	uint64_t with_entries;	/* of these the walker saw entries: what is writable and huge is known */
};
bool stage_pages(struct stage *stage, uint32_t pid, const struct addresses *addresses, struct page_counts *counts);

/* VmPTE: what the kernel counts of all the tables of the process, in pages, with those it keeps in reserve. */
uint64_t stage_table_pages(uint32_t pid);

#endif
