/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Numbers by chance, the same each time: what fails once fails always. */
#ifndef PFWATCH_TEST_PICK_H
#define PFWATCH_TEST_PICK_H

#include <stdint.h>

#define PICK(of) (of[pick() % (sizeof(of) / sizeof(*(of)))])

static inline uint32_t pick(void)
{
	static uint64_t seed = 1;

	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return seed >> 33;
}

#endif
