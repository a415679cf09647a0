/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The clock that the kernel's programs tell the time of faults by. */
#ifndef PFWATCH_CLOCK_H
#define PFWATCH_CLOCK_H

#include <stdint.h>
#include <time.h>

/* CLOCK_MONOTONIC, ns */
static inline uint64_t clock_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

#endif
