// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "chains.h"

#include <stdlib.h>
#include <string.h>

bool chains_init(struct chains *chains, uint32_t places)
{
	uint32_t size = 1;

	while (size < places)
		size *= 2;
	chains->mask = size - 1;
	chains->first = malloc(size * sizeof(*chains->first));
	chains->next = malloc(places * sizeof(*chains->next));
	if (!chains->first || !chains->next)
		return false;
	memset(chains->first, 0xff, size * sizeof(*chains->first));	/* CHAIN_END */
	return true;
}

void chains_free(struct chains *chains)
{
	free(chains->first);
	free(chains->next);
}

void chains_insert(struct chains *chains, uint64_t hash, uint32_t place)
{
	uint32_t *first = &chains->first[hash & chains->mask];

	chains->next[place] = *first;
	*first = place;
}

void chains_remove(struct chains *chains, uint64_t hash, uint32_t place)
{
	uint32_t *link = &chains->first[hash & chains->mask];

	while (*link != place)
		link = &chains->next[*link];
	*link = chains->next[place];
}
