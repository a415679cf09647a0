/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The file of addresses that the program memory writes. */
#ifndef PFWATCH_BENCH_ADDRESSES_H
#define PFWATCH_BENCH_ADDRESSES_H

#include <stdio.h>
#include <string.h>

#define ADDRESSES	(64 * 256)
#define ADDRESS_LEN	32

/* Each with its newline. 0, or -1. */
static inline int addresses_read(const char *path, char (*lines)[ADDRESS_LEN])
{
	FILE *file = fopen(path, "r");
	size_t n = 0;

	while (file && n < ADDRESSES && fgets(lines[n], ADDRESS_LEN, file))
		n++;
	if (file)
		fclose(file);
	return n == ADDRESSES ? 0 : -1;
}

#endif
