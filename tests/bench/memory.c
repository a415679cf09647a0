// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * memory PATTERN FILE: maps and populates private anonymous memory, and writes addresses in it to FILE, one a line, in
 * 64 batches of 256:
 *
 *   neighbours   the pages of half a page table, one after the other
 *   scattered    each in a page table of its own, out of order
 *   huge         four in each of 64 huge pages
 *
 * No address comes twice. Says "memory PID", and keeps it all until the end of standard input.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE	4096UL
#define HUGE	(512 * PAGE)
#define PMDS	(512 * HUGE)
#define BATCH	256UL
#define BATCHES	64UL

struct pattern {
	const char *name;
	size_t size;
	int advice;
	size_t (*offset)(size_t batch, size_t i);
};

static size_t neighbours(size_t batch, size_t i)
{
	return (batch * BATCH + i) * PAGE;
}

/* Multiplied by an odd number, all tables come once, none behind the one before it. */
static size_t scattered(size_t batch, size_t i)
{
	return (i * 101 + batch * 37) % BATCH * HUGE + batch * PAGE;
}

static size_t huge(size_t batch, size_t i)
{
	return i % 64 * HUGE + (batch * 4 + i / 64) * PAGE;
}

static const struct pattern patterns[] = {
	{ "neighbours", BATCHES * BATCH * PAGE, MADV_NOHUGEPAGE, neighbours },
	{ "scattered", BATCH * HUGE, MADV_NOHUGEPAGE, scattered },
	{ "huge", 64 * HUGE, MADV_HUGEPAGE, huge },
};

static const struct pattern *find_pattern(const char *name)
{
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++)
		if (!strcmp(patterns[i].name, name))
			return &patterns[i];
	return NULL;
}

/* Begins where a PMD table does: else whether it lies below one or two of them would be by chance. */
static char *map(const struct pattern *pattern)
{
	char *memory = mmap(NULL, pattern->size + PMDS, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	memory += -(unsigned long)memory & (PMDS - 1);
	return madvise(memory, pattern->size, pattern->advice) ? NULL : memory;
}

static int populate(const struct pattern *pattern, char *memory, const char *path)
{
	FILE *file = fopen(path, "w");

	if (!file)
		return -1;
	for (size_t n = 0; n < BATCHES * BATCH; n++) {
		char *page = memory + pattern->offset(n / BATCH, n % BATCH);

		*page = 1;
		fprintf(file, "%p\n", (void *)page);
	}
	return fclose(file);
}

int main(int argc, char **argv)
{
	const struct pattern *pattern = argc == 3 ? find_pattern(argv[1]) : NULL;
	char *memory, byte;

	if (!pattern) {
		fprintf(stderr, "memory neighbours|scattered|huge FILE\n");
		return 1;
	}
	memory = map(pattern);
	if (!memory || populate(pattern, memory, argv[2])) {
		perror("memory");
		return 1;
	}
	printf("memory %d\n", getpid());
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}
