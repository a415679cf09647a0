/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A hash table over the places of an array, for tables of a fixed size: who keeps the array keeps the keys, and
 * compares them. Nothing is allocated once it is made.
 */
#ifndef PFWATCH_CHAINS_H
#define PFWATCH_CHAINS_H

#include <stdbool.h>
#include <stdint.h>

#define CHAIN_END UINT32_MAX

struct chains {
	uint32_t mask;
	uint32_t *first;	/* of each chain */
	uint32_t *next;		/* of each place */
};

bool chains_init(struct chains *chains, uint32_t places);	/* false: out of memory */
void chains_free(struct chains *chains);

uint64_t chains_hash(uint64_t a, uint64_t b, uint64_t c);

/* The chain of a hash: places, up to CHAIN_END. */
uint32_t chains_first(const struct chains *chains, uint64_t hash);
uint32_t chains_next(const struct chains *chains, uint32_t place);

void chains_insert(struct chains *chains, uint64_t hash, uint32_t place);
void chains_remove(struct chains *chains, uint64_t hash, uint32_t place);	/* which must be in it */

#endif
