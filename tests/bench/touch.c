// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * touch PAGES ROUNDS [SECONDS]: maps so many pages, writes to each of them once, and gives them back, so many times: a
 * fault each, back to back. Says what a fault took, on the average, and keeps alive for SECONDS.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096UL

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e9 + now.tv_nsec;
}

/* What the writes alone took; negative if there is no memory. */
static double touch(size_t pages)
{
	volatile char *memory = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	double took;

	if (memory == MAP_FAILED)
		return -1;
	/* One fault a page, whatever the machine thinks of huge ones. */
	madvise((void *)memory, pages * PAGE, MADV_NOHUGEPAGE);
	took = now_ns();
	for (size_t i = 0; i < pages; i++)
		memory[i * PAGE] = 1;
	took = now_ns() - took;
	munmap((void *)memory, pages * PAGE);
	return took;
}

int main(int argc, char **argv)
{
	size_t pages = argc > 1 ? strtoul(argv[1], NULL, 0) : 0;
	unsigned long rounds = argc > 2 ? strtoul(argv[2], NULL, 0) : 0;
	double sum = 0, took;

	if (!pages || !rounds) {
		fprintf(stderr, "touch PAGES ROUNDS [SECONDS]\n");
		return 1;
	}
	for (unsigned long i = 0; i < rounds; i++) {
		took = touch(pages);
		if (took < 0) {
			perror("touch");
			return 1;
		}
		sum += took;
	}
	fprintf(stderr, "touched %lu, %.1f ns each\n", pages * rounds, sum / (pages * rounds));
	if (argc > 3)
		sleep(strtoul(argv[3], NULL, 0));
	return 0;
}
