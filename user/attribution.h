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

enum attribute {
	ATTRIBUTE_STACK,	/* if it was taken */
	ATTRIBUTE_ORIGIN,	/* and the mapping's name, and the place in the program */
	ATTRIBUTE_ALL,		/* and the NUMA nodes */
};

/*
 * Of a fault that has been walked, or won't be. The names hold as long as the attribution does, the stack until the
 * next fault.
 */
void attribute(struct attribution *attribution, struct fault *fault, enum attribute what);

#endif
