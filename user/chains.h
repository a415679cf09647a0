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

/*
 * Keys are addresses, numbers of processes and files: their bits are few, and differ in different places. A product
 * brings each bit to those above it, its upper half folded back brings it to all; twice, so that what two parts have
 * alike doesn't cancel out.
 */
static inline uint64_t chains_hash(uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t hash = (a ^ (b << 32 | b >> 32)) * 0xff51afd7ed558ccd;

	hash = (hash ^ hash >> 32 ^ c) * 0xc4ceb9fe1a85ec53;
	return hash ^ hash >> 32;
}

/* The chain of a hash: places, up to CHAIN_END. */
static inline uint32_t chains_first(const struct chains *chains, uint64_t hash)
{
	return chains->first[hash & chains->mask];
}

static inline uint32_t chains_next(const struct chains *chains, uint32_t place)
{
	return chains->next[place];
}

void chains_insert(struct chains *chains, uint64_t hash, uint32_t place);
void chains_remove(struct chains *chains, uint64_t hash, uint32_t place);	/* which must be in it */

#endif
