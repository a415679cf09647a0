/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* From an instruction pointer to function, source line and module. */
#ifndef PFWATCH_SYMBOLS_H
#define PFWATCH_SYMBOLS_H

#include <stdbool.h>
#include <stdint.h>

#include "code_place.h"
#include "intern.h"
#include "vma.h"

struct symbols;

/* Names go to strings, which has to live longer. NULL: out of memory. */
struct symbols *symbols_new(struct strings *strings);
void symbols_free(struct symbols *symbols);

struct code_query {
	uint64_t ip;
	bool returns;		/* ip is where a call returns to: the call is before it */
	uint32_t pid;
	uint64_t version;	/* what is known by it and ip is not looked up again: see spaces_find() */
	const struct vma *vma;	/* what ip lies in, of /proc/PID/maps */
};

/*
 * An error is no error: what can't be found out isn't known. False: the next time it may be, as there was no time now;
 * else the answer to this question stays the same.
 */
bool symbols_find(struct symbols *symbols, const struct code_query *query, struct code_place *place);

#endif
