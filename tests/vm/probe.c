// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What the test machine's own test asks inside the guest:
 *
 *   probe levels    how many paging levels user space sees, 4 or 5
 *   probe loop      the nanoseconds that a fixed number of instructions take
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

/* Only five levels reach an address that high; with four the hint is not followed. */
static int levels(void)
{
	void *hint = (void *)(1UL << 50);
	void *p = mmap(hint, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	printf("%d\n", p == hint ? 5 : 4);
	return p == MAP_FAILED;
}

static long long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

/* The shortest of many: what else the kernel had to do meanwhile is not what is asked for. */
static int loop(void)
{
	long long shortest = 0;

	for (int round = 0; round < 40; round++) {
		long long start = now(), took;

		for (volatile int i = 0; i < 500000; i++)
			;
		took = now() - start;
		if (!round || took < shortest)
			shortest = took;
	}
	printf("%lld\n", shortest);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "levels"))
		return levels();
	if (argc == 2 && !strcmp(argv[1], "loop"))
		return loop();
	fprintf(stderr, "usage: probe levels|loop\n");
	return 2;
}
