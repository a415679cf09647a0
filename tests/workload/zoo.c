// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * zoo: a process that has memory of each kind a walker has to tell apart. Says "zoo PID" when all is there, and keeps
 * it until the end of standard input. What the kernel refuses (no huge pages, no fifth level) is said and left out.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Newer than the C library's headers may be. */
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

#define PAGE	4096UL
#define MIB	(1UL << 20)
#define HUGE	(2 * MIB)

static void *map(void *hint, size_t size, int flags, int fd)
{
	void *memory = mmap(hint, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static void write_pages(volatile char *memory, size_t size, size_t step)
{
	for (size_t i = 0; i < size; i += step)
		memory[i] = 1;
}

static void read_pages(volatile char *memory, size_t size)
{
	for (size_t i = 0; i < size; i += PAGE)
		(void)memory[i];
}

static char *small_pages(size_t size)
{
	char *memory = map(NULL, size, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	if (memory)
		madvise(memory, size, MADV_NOHUGEPAGE);
	return memory;
}

/* Aligned, so that each fault can get a huge page. */
static char *huge_pages(size_t size)
{
	char *memory = map(NULL, size + HUGE, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	if (!memory)
		return NULL;
	memory += -(unsigned long)memory & (HUGE - 1);
	madvise(memory, size, MADV_HUGEPAGE);
	return memory;
}

static void make_anonymous(void)
{
	char *memory = small_pages(32 * MIB);

	if (!memory)
		return;
	printf("zero %p\n", (void *)(memory + 24 * MIB));
	write_pages(memory, 24 * MIB, PAGE);
	read_pages(memory + 24 * MIB, 4 * MIB);			/* the zero page; the last 4 MiB stay empty */
	mprotect(memory + 2 * MIB, MIB, PROT_NONE);
	mprotect(memory + 4 * MIB, MIB, PROT_READ);
	madvise(memory + 6 * MIB, MIB, MADV_DONTNEED);
	munmap(memory + 8 * MIB, MIB);
	mprotect(memory + 10 * MIB, MIB, PROT_READ | PROT_EXEC);
}

/* Four huge pages: as they are, no access, split by a change in the middle, the huge zero page. */
static void make_huge(void)
{
	char *memory = huge_pages(4 * HUGE);

	if (!memory)
		return;
	write_pages(memory, 3 * HUGE, HUGE);
	mprotect(memory + HUGE, HUGE, PROT_NONE);
	mprotect(memory + 2 * HUGE + 16 * PAGE, PAGE, PROT_READ);
	read_pages(memory + 3 * HUGE, PAGE);
}

static void make_hugetlb(void)
{
	char *memory = map(NULL, 4 * HUGE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1);

	if (!memory) {
		printf("no hugetlb\n");
		return;
	}
	write_pages(memory, 2 * HUGE, HUGE);
	mprotect(memory + HUGE, HUGE, PROT_NONE);
}

static void make_file(void)
{
	char name[] = "/tmp/zoo.XXXXXX";
	int file = mkstemp(name);
	char *shared, *private;

	unlink(name);
	if (file < 0 || ftruncate(file, 4 * MIB))
		return;
	shared = map(NULL, 4 * MIB, MAP_SHARED, file);
	private = map(NULL, 4 * MIB, MAP_PRIVATE, file);
	if (!shared || !private)
		return;
	write_pages(shared, 2 * MIB, PAGE);
	read_pages(private, 2 * MIB);
	write_pages(private, MIB, PAGE);
}

static void make_memfd(void)
{
	int file = memfd_create("zoo", 0);
	char *memory;

	if (file < 0 || ftruncate(file, MIB))
		return;
	memory = map(NULL, MIB, MAP_SHARED, file);
	if (memory)
		write_pages(memory, MIB / 2, PAGE);
}

/* Beyond 47 bits: only where the kernel has five levels does the hint lead there. */
static void make_high(void)
{
	char *memory = map((void *)(1UL << 50), MIB, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	if (memory && (unsigned long)memory >> 47)
		printf("high %p\n", (void *)memory);
	if (memory)
		write_pages(memory, MIB, PAGE);
}

/* What is not there: swapped out where there is swap, and guarded where the kernel knows of it. */
static void make_absent(void)
{
	char *memory = small_pages(2 * MIB);

	if (!memory)
		return;
	write_pages(memory, MIB, PAGE);
	madvise(memory, MIB, MADV_PAGEOUT);
	printf("swapped %p\n", (void *)memory);
	if (!madvise(memory + MIB, PAGE, MADV_GUARD_INSTALL))
		printf("guard %p\n", (void *)(memory + MIB));
}

static void use_stack(void)
{
	volatile char stack[512 * 1024];

	write_pages(stack, sizeof(stack), PAGE);
}

int main(void)
{
	char byte;

	make_anonymous();
	make_huge();
	make_hugetlb();
	make_file();
	make_memfd();
	make_high();
	make_absent();
	use_stack();
	printf("zoo %d\n", getpid());
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}
