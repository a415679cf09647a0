// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "intern.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Names of files come from those who are watched, who could go on inventing them for days. */
#define MAX_BYTES	(64UL << 20)

struct strings {
	char **slot;		/* open addressing; a power of two of them */
	size_t slots, n, bytes;
};

static uint64_t hash_of(const char *string)
{
	uint64_t hash = 0xcbf29ce484222325;	/* FNV-1a */

	for (; *string; string++)
		hash = (hash ^ (unsigned char)*string) * 0x100000001b3;
	return hash ^ hash >> 32;
}

/* Where the string is, or would go. */
static char **find(const struct strings *strings, const char *string)
{
	size_t i = hash_of(string) & (strings->slots - 1);

	while (strings->slot[i] && strcmp(strings->slot[i], string))
		i = (i + 1) & (strings->slots - 1);
	return &strings->slot[i];
}

static bool grow(struct strings *strings)
{
	struct strings old = *strings;

	strings->slots = old.slots ? old.slots * 2 : 1024;
	strings->slot = calloc(strings->slots, sizeof(*strings->slot));
	if (!strings->slot) {
		*strings = old;
		return false;
	}
	for (size_t i = 0; i < old.slots; i++)
		if (old.slot[i])
			*find(strings, old.slot[i]) = old.slot[i];
	free(old.slot);
	return true;
}

const char *strings_keep(struct strings *strings, const char *string)
{
	char **slot;

	if (strings->n * 2 >= strings->slots && !grow(strings))
		return NULL;
	slot = find(strings, string);
	if (*slot)
		return *slot;
	if (strings->bytes + strlen(string) >= MAX_BYTES)
		return NULL;
	*slot = strdup(string);
	if (!*slot)
		return NULL;
	strings->n++;
	strings->bytes += strlen(string) + 1;
	return *slot;
}

struct strings *strings_new(void)
{
	return calloc(1, sizeof(struct strings));
}

void strings_free(struct strings *strings)
{
	if (!strings)
		return;
	for (size_t i = 0; i < strings->slots; i++)
		free(strings->slot[i]);
	free(strings->slot);
	free(strings);
}
