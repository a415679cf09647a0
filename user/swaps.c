// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A swap entry has the number ("type") of its area: the place in the kernel's swap_info[]. /proc/swaps lists the areas
 * in the order of that array, but neither their numbers nor the places that swapoff has left free (swap_start() and
 * swap_next() in mm/swapfile.c). So line i is of some number >= i, and which one is certain only where what else is
 * known leaves a single line: the numbers that entries were seen to have are taken, each by a line of its own.
 */
#include "swaps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The type has 5 bits (MAX_SWAPFILES_SHIFT), some values of which are no areas. */
#define MAX_AREAS 32

struct swaps {
	unsigned int n;
	char *name[MAX_AREAS];
};

static bool is_octal(const char *s)
{
	return s[0] >= '0' && s[0] <= '3' && s[1] >= '0' && s[1] <= '7' && s[2] >= '0' && s[2] <= '7';
}

/* The kernel writes blanks, tabs, newlines and backslashes in a name as \ooo. In place. */
static void unescape(char *name)
{
	char *to = name;

	for (; *name; to++) {
		if (*name == '\\' && is_octal(name + 1)) {
			*to = (name[1] - '0') << 6 | (name[2] - '0') << 3 | (name[3] - '0');
			name += 4;
		} else {
			*to = *name++;
		}
	}
	*to = '\0';
}

/* The first word of a line. The first line has the names of the columns. */
static bool add_lines(struct swaps *swaps, FILE *stream)
{
	char *line = NULL;
	size_t room = 0;
	bool first = true, ok = true;

	while (ok && getline(&line, &room, stream) > 0 && swaps->n < MAX_AREAS) {
		line[strcspn(line, " \t\n")] = '\0';
		if (!first) {
			unescape(line);
			swaps->name[swaps->n] = strdup(line);
			ok = swaps->name[swaps->n];
			swaps->n += ok;
		}
		first = false;
	}
	free(line);
	return ok;
}

struct swaps *swaps_read(const char *file)
{
	FILE *stream = fopen(file, "re");
	struct swaps *swaps;

	if (!stream)
		return NULL;
	swaps = calloc(1, sizeof(*swaps));
	if (swaps && (!add_lines(swaps, stream) || !swaps->n)) {
		swaps_free(swaps);
		swaps = NULL;
	}
	fclose(stream);
	return swaps;
}

void swaps_free(struct swaps *swaps)
{
	if (!swaps)
		return;
	for (unsigned int i = 0; i < swaps->n; i++)
		free(swaps->name[i]);
	free(swaps);
}

bool swaps_equal(const struct swaps *a, const struct swaps *b)
{
	if (!a || !b || a->n != b->n)
		return a == b;
	for (unsigned int i = 0; i < a->n; i++)
		if (strcmp(a->name[i], b->name[i]))
			return false;
	return true;
}

static unsigned int count_bits(uint64_t bits)
{
	return __builtin_popcountll(bits);
}

const char *swaps_name(const struct swaps *swaps, unsigned int type, uint64_t seen)
{
	unsigned int below, above, first, last;

	if (!swaps || type >= MAX_AREAS)
		return NULL;
	below = count_bits(seen & ((1ULL << type) - 1));
	above = count_bits(seen >> type >> 1);
	if (below + above + 1 > swaps->n)
		return NULL;	/* more numbers than areas: the list is of another time */
	first = below;
	last = swaps->n - 1 - above;
	if (last > type)
		last = type;
	return first == last ? swaps->name[first] : NULL;
}
