// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * remapped: page after page of 0x600000000000 on is written, and before each the mapping that it lies in is changed by
 * another thread: split, joined, made longer or shorter. Says, of each page, "ADDR START END PERM": its address and its
 * mapping as the kernel has it then.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE	4096UL
#define AREA	((char *)0x600000000000)
#define STEPS	60UL	/* of four pages each */
#define PAGES	(8 * STEPS)

struct change {
	size_t step;
	unsigned int kind;
};

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void map(size_t first, size_t pages)
{
	if (mmap(AREA + first * PAGE, pages * PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == MAP_FAILED)
		fail("mmap");
}

/* What is behind the pages of this step, the end coming nearer by one with each. */
static void *change(void *data)
{
	const struct change *change = data;
	char *behind = AREA + (4 * change->step + 4) * PAGE, *end = AREA + (PAGES - change->step) * PAGE;
	int err = 0;

	switch (change->kind) {
	case 0:
		err = mprotect(behind, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
		break;
	case 1:
		err = mprotect(behind, PAGE, PROT_READ | PROT_WRITE);
		break;
	case 2:
		err = munmap(end - PAGE, PAGE);
		break;
	default:
		err = mprotect(behind - PAGE, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
	}
	if (err)
		fail("the change");
	return NULL;
}

static void change_elsewhere(struct change what)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, change, &what) || pthread_join(thread, NULL))
		fail("a thread");
}

/* The mapping as the kernel has it. */
static void tell(unsigned long addr)
{
	unsigned long start, end;
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[4096], perm[5];

	while (maps && fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx %4s", &start, &end, perm) == 3 && addr >= start && addr < end)
			printf("0x%lx 0x%lx 0x%lx %s\n", addr, start, end, perm);
	if (maps)
		fclose(maps);
}

int main(void)
{
	map(0, PAGES);
	madvise(AREA, PAGES * PAGE, MADV_NOHUGEPAGE);
	for (size_t page = 0; page < 4 * STEPS; page++) {
		change_elsewhere((struct change){ .step = page / 4, .kind = page % 4 });
		((volatile char *)AREA)[page * PAGE] = 1;
		tell((unsigned long)AREA + page * PAGE);
	}
	return 0;
}
