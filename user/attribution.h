/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Whose a fault was: its mapping's name, the place in the program, the NUMA nodes, the stack. */
#ifndef PFWATCH_ATTRIBUTION_H
#define PFWATCH_ATTRIBUTION_H

#include "fault.h"
#include "tracer.h"
#include "walker.h"

struct attribution;

/* walker: tells whether a process still has a fault's address space. tracer: has the stacks. NULL: out of memory. */
struct attribution *attribution_new(struct walker *walker, struct tracer *tracer);
void attribution_free(struct attribution *attribution);

/*
 * Of a fault that has been walked: its stack, if it was taken, and if origin, all else. The names hold as long as the
 * attribution does, the stack until the next fault.
 */
void attribute(struct attribution *attribution, struct fault *fault, bool origin);

#endif
