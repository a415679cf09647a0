/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The faults of some processes, as they happen. */
#ifndef PFWATCH_TRACER_H
#define PFWATCH_TRACER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault.h"

struct tracer;

/* Which of the faults that are seen are wanted; those that aren't are counted. 0 everywhere: all. */
struct fault_filter {
	uint64_t start, length;		/* of addresses, where length is not 0 */
	uint64_t min_latency;		/* ns; more than 0 and major: only where the end of faults is seen */
	const char *comm;		/* of the thread, as far as the kernel keeps it; NULL: any */
	uint32_t access;		/* bits by enum access; 0: any */
	uint32_t one_in;		/* one of so many, by chance; 0: all */
	bool no_user_mode, no_kernel_mode;
	bool major;			/* these alone */
};

/* What tells that a fault begins: the processor's exception; or the kernel's handling of it, to which not all come. */
enum begin_source { BEGIN_BEST, BEGIN_TRACEPOINT, BEGIN_KPROBE };

struct tracer_options {
	uint64_t ring;			/* bytes of the buffer, a power of two and of whole pages; 0: the default */
	bool follow;			/* with the processes, those that they start */
	bool all;			/* every process but this one */
	const char *cgroup;		/* the directory of one (v2): the processes in it, and below; NULL: none */
	bool stacks;			/* user stacks */
	enum begin_source begin;
	struct fault_filter filter;
};

/* Loads and attaches. NULL on failure, with the reason as a line in why. Until tracer_start() nothing is seen. */
struct tracer *tracer_open(const struct tracer_options *options, char *why, size_t size);
void tracer_close(struct tracer *tracer);
void tracer_start(struct tracer *tracer);

/* after_exec: only what comes after the next execve(). 0 or a negative errno. */
int tracer_add(struct tracer *tracer, uint32_t pid, bool after_exec);

/* It has ended, and its number may be another's. */
void tracer_remove(struct tracer *tracer, uint32_t pid);

/* No fault is seen any more; what is in the buffer, and what has begun and is not over, can still be drained. */
void tracer_stop(struct tracer *tracer);

/* The frames of a fault's stack_id, the innermost first; their number. 0: there are none. */
size_t tracer_stack(struct tracer *tracer, int32_t stack_id, uint64_t frames[MAX_FRAMES]);

/* To wait on: readable when the buffer fills. It is not when there is only little: drain it by the clock, too. */
int tracer_fd(const struct tracer *tracer);

/*
 * Takes up to max faults, in the order in which they were over. Returns their number, 0: there is nothing more.
 */
size_t tracer_drain(struct tracer *tracer, struct fault *faults, size_t max);

struct tracer_counts {
	uint64_t seen, filtered, lost;	/* the latter two are of the first */
	uint64_t unfollowed;		/* likewise, faults of whose end nobody could keep track */
	uint64_t unpaired;		/* calls of handle_mm_fault() for no fault of the traced threads */
};

struct tracer_counts tracer_count(const struct tracer *tracer);

/* Those that began on a CPU, from 0 on. */
uint32_t tracer_cpus(const struct tracer *tracer);
struct tracer_counts tracer_count_cpu(const struct tracer *tracer, uint32_t cpu);

/* Whether any process that is followed has not ended; and how many could not be: their beginning was missed. */
bool tracer_follows_anyone(const struct tracer *tracer);
uint64_t tracer_not_followed(const struct tracer *tracer);

/* What tells of the beginning and of the end of faults, in words; and why nothing does that tells more, "": it does. */
const char *tracer_begin_name(const struct tracer *tracer);	/* a word */
const char *tracer_end_name(const struct tracer *tracer);
const char *tracer_begin_source(const struct tracer *tracer);
const char *tracer_begin_reason(const struct tracer *tracer);
const char *tracer_end_source(const struct tracer *tracer);
const char *tracer_end_reason(const struct tracer *tracer);

/* Why the paths before and after a fault aren't read; NULL: they are. */
const char *tracer_paths_reason(const struct tracer *tracer);

/* Stacks that found no room, and are missing. */
uint64_t tracer_lost_stacks(const struct tracer *tracer);

/*
 * Faults, of whatever process, that happened on a CPU in the middle of looking at another one: the kernel doesn't run
 * the program for these, and nobody knows whose they were.
 */
uint64_t tracer_missed(const struct tracer *tracer);

/* Likewise ends of faults: those that were watched have neither latency nor result then. */
uint64_t tracer_missed_ends(const struct tracer *tracer);

#endif
