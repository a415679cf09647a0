/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Waiting for the NUMA scanner, which takes the access to a process' pages away to see who uses them. */
#ifndef PFWATCH_TEST_NUMA_HINTS_H
#define PFWATCH_TEST_NUMA_HINTS_H

#include <stdbool.h>
#include <stdio.h>

/* So far, in the whole machine. */
static unsigned long hints_made(void)
{
	FILE *vmstat = fopen("/proc/vmstat", "r");
	unsigned long n = 0;
	char line[128];

	while (vmstat && fgets(line, sizeof(line), vmstat))
		sscanf(line, "numa_pte_updates %lu", &n);
	if (vmstat)
		fclose(vmstat);
	return n;
}

/* The scanner works for who uses the processor. When it has marked as many, it gets time to find the last of them. */
static bool wait_for_hints(unsigned long before, unsigned long n, unsigned int rounds)
{
	int more = 20;

	for (unsigned int i = 0; i < rounds && more; i++) {
		for (volatile unsigned long spin = 0; spin < 5000000; spin++)
			;
		more -= hints_made() - before >= n;
	}
	return !more;
}

#endif
