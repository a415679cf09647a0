/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The faults of some processes, as they happen. */
#ifndef PFWATCH_TRACER_H
#define PFWATCH_TRACER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault.h"

struct tracer;

/*
 * Loads and attaches. ring: bytes of the buffer, a power of two and a multiple of the page size; 0: as many as there
 * are by default. NULL on failure, with the reason as a line in why. Until a process is added nothing is seen.
 */
struct tracer *tracer_open(uint64_t ring, char *why, size_t size);
void tracer_close(struct tracer *tracer);

/* after_exec: only what comes after the next execve(). 0 or a negative errno. */
int tracer_add(struct tracer *tracer, uint32_t pid, bool after_exec);

/* No fault is seen any more; what is in the buffer, and what has begun and is not over, can still be drained. */
void tracer_stop(struct tracer *tracer);

/* To wait on: readable when the buffer fills. It is not when there is only little: drain it by the clock, too. */
int tracer_fd(const struct tracer *tracer);

/*
 * Takes up to max faults, in the order in which they were over. Returns their number, 0: there is nothing more.
 */
size_t tracer_drain(struct tracer *tracer, struct fault *faults, size_t max);

void tracer_count(const struct tracer *tracer, uint64_t *seen, uint64_t *lost);

/* What tells of the end of faults, in words; and why nothing does that tells more, "" if there is no such thing. */
const char *tracer_end_source(const struct tracer *tracer);
const char *tracer_end_reason(const struct tracer *tracer);

/* Why the paths before and after a fault aren't read; NULL: they are. */
const char *tracer_paths_reason(const struct tracer *tracer);


/* Calls of handle_mm_fault() for no fault of the traced threads; and faults of whose end nobody could keep track. */
uint64_t tracer_unpaired(const struct tracer *tracer);
uint64_t tracer_unfollowed(const struct tracer *tracer);

/*
 * Faults, of whatever process, that happened on a CPU in the middle of looking at another one: the kernel doesn't run
 * the program for these, and nobody knows whose they were.
 */
uint64_t tracer_missed(const struct tracer *tracer);

#endif
