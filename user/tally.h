/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which keys come most often, in bounded memory. As long as there is room for all keys that come, the counts are exact.
 * From then on it is the algorithm Space-Saving (Metwally, Agrawal, El Abbadi: Efficient Computation of Frequent and
 * Top-k Elements in Data Streams, ICDT 2005): a new key takes the place of the rarest one, and begins with its count.
 * So a count is never too low, and never too high by more than its error; and a key that isn't there has come no more
 * often than the rarest one that is.
 */
#ifndef PFWATCH_TALLY_H
#define PFWATCH_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault.h"

struct tally_key {
	uint64_t a, b, c;
};

/* Where a key was last seen, for people. */
struct origin {
	uint64_t number;	/* that of the fault: all but the address is the same for the same one; 0: none */
	uint64_t addr;
	uint32_t pid;
	char comm[COMM_LEN];
	bool has_vma;
	struct vma vma;		/* its name is our own copy, or NULL */
	struct code_place code;	/* of the instruction, as far as it was known; its strings are those of the fault */
};

struct tally_entry {
	struct tally_key key;
	uint64_t count;
	uint64_t error;		/* by as much the count may be too high */
	uint64_t time;		/* ns, since it was (last) entered */
	uint32_t place;		/* in the heap */
	struct origin origin;
};

struct tally;

struct tally *tally_new(uint32_t capacity);	/* NULL: out of memory */
void tally_free(struct tally *tally);

/* The key of a fault has come, and took ns. Returns its entry, which may later be another's. */
struct tally_entry *tally_add(struct tally *tally, const struct tally_key *key, const struct fault *fault, uint64_t ns);

/* Likewise; where the key was the last time, which is looked at first. */
void tally_add_at(struct tally *tally, struct tally_entry *entry, const struct tally_key *key,
		  const struct fault *fault, uint64_t ns);

/* The entries with the highest counts, at most n. Returns their number. */
size_t tally_top(const struct tally *tally, const struct tally_entry **entries, size_t n);

uint32_t tally_keys(const struct tally *tally);		/* that are in it */
bool tally_is_exact(const struct tally *tally);

#endif
