/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The names of the swap areas. */
#ifndef PFWATCH_SWAPS_H
#define PFWATCH_SWAPS_H

#include <stdbool.h>
#include <stdint.h>

struct swaps;

/* file: "/proc/swaps". NULL: it can't be read, or there is no area. */
struct swaps *swaps_read(const char *file);
void swaps_free(struct swaps *swaps);
bool swaps_equal(const struct swaps *a, const struct swaps *b);	/* the same areas in the same order */

/*
 * The file or device of the area that swap entries have this type of; NULL if it isn't certain. seen: a bit for each
 * type that entries were found to have.
 */
const char *swaps_name(const struct swaps *swaps, unsigned int type, uint64_t seen);

#endif
