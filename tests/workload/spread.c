// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * spread HOW MIB: maps so much private anonymous memory and populates it: of `reserved` one page in each GiB, of
 * `resident` all in small pages, of `alternate` every second page, of `huge` all in huge pages, and of `swapped` all,
 * and has it paged out; of `striped` all, with every second page a mapping of its own. Says "spread PID ADDRESS", and
 * keeps it until the end of standard input.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE	4096UL
#define MIB	(1UL << 20)
#define HUGE	(2 * MIB)

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

static const struct how {
	const char *name;
	size_t step;
	int advice;
} hows[] = {
	{ "reserved", 1024 * MIB, MADV_NOHUGEPAGE },
	{ "resident", PAGE, MADV_NOHUGEPAGE },
	{ "alternate", 2 * PAGE, MADV_NOHUGEPAGE },
	{ "huge", HUGE, MADV_HUGEPAGE },
	{ "swapped", PAGE, MADV_NOHUGEPAGE },
	{ "striped", PAGE, MADV_NOHUGEPAGE },
};

static const struct how *find_how(const char *name)
{
	for (size_t i = 0; i < sizeof(hows) / sizeof(*hows); i++)
		if (!strcmp(hows[i].name, name))
			return &hows[i];
	return NULL;
}

static char *populate(const struct how *how, size_t size)
{
	char *memory = mmap(NULL, size + HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
			    -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	memory += -(unsigned long)memory & (HUGE - 1);
	if (madvise(memory, size, how->advice))
		return NULL;
	for (size_t i = 0; i < size; i += how->step)
		memory[i] = i / how->step + 1;		/* not all alike: that would take no room in a compressed swap area */
	return memory;
}

static int finish(const struct how *how, char *memory, size_t size)
{
	int err = 0;

	if (!strcmp(how->name, "swapped"))
		err = madvise(memory, size, MADV_PAGEOUT);
	for (size_t i = 0; !err && !strcmp(how->name, "striped") && i < size; i += 2 * PAGE)
		err = mprotect(memory + i, PAGE, PROT_READ);
	if (err)
		perror("spread");
	return err;
}

int main(int argc, char **argv)
{
	const struct how *how = argc == 3 ? find_how(argv[1]) : NULL;
	size_t size = how ? strtoul(argv[2], NULL, 10) * MIB : 0;
	char *memory = size ? populate(how, size) : NULL;
	char byte;

	if (!memory) {
		fprintf(stderr, "spread reserved|resident|alternate|huge|swapped|striped MIB\n");
		return 1;
	}
	if (finish(how, memory, size))
		return 1;
	printf("spread %d %p\n", getpid(), (void *)memory);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}
