/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Processes that change their address spaces in every way there is, for walkers to look at meanwhile. */
#ifndef STRESS_H
#define STRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define PAGE		4096UL
#define MIB		(1UL << 20)
#define HUGE		(2 * MIB)
#define GIB		(1UL << 30)

/* Where a victim has what; each kind has its own, the same in every process. */
#define KEPT		0x110000000000UL	/* locked pages, each with its physical address in shared->kept */
#define KEPT_PAGES	512UL
#define EMPTY		0x120000000000UL	/* never mapped */
#define ARENA		0x130000000000UL	/* anonymous memory, mapped and unmapped all the time */
#define ARENA_SIZE	(64 * MIB)
#define SHARED_HUGE	0x140000000000UL	/* a hugetlbfs file that two processes share, and its tables */

enum victim {
	VICTIM_KEEPER, VICTIM_CHURN, VICTIM_CHURN2, VICTIM_FORK, VICTIM_EXEC, VICTIM_SHARER, VICTIM_CUTTER, VICTIM_MOVER,
	VICTIM_HUGE, VICTIMS,
	VICTIM_CHILD = VICTIMS,	/* the fork victim's child */
	TARGETS,
};

/* Shared by all processes. */
struct shared {
	volatile bool stop;
	volatile pid_t pid[TARGETS];
	volatile bool kept_ready;
	uint64_t kept[KEPT_PAGES];
};

extern struct shared *shared;

struct random { uint64_t state; };
uint64_t dice(struct random *random, uint64_t sides);

/* Starts one in a process of its own, and notes its PID. It ends with its parent. */
void victim_start(enum victim victim, int huge_file);
/* What `stress exec-loop` does: becomes itself again. */
void exec_loop(void);

#endif
