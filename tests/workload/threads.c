// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * threads N PAGES: N threads, each of which writes to PAGES pages of its own, a fault each. The main thread ends
 * before they start: the process goes on without a leader that has memory. Says "threads PID ADDRESS" (that of the
 * first thread's memory) when the faults have happened, and ends with standard input.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096UL

static unsigned long pages;
static volatile char *first_memory;
static pthread_barrier_t done;

static void *touch(void *memory)
{
	char byte;

	usleep(100000);		/* the main thread is gone by now */
	for (unsigned long i = 0; i < pages; i++)
		((volatile char *)memory)[i * PAGE] = 1;
	pthread_barrier_wait(&done);
	if (memory != first_memory)
		return NULL;
	printf("threads %d %p\n", getpid(), memory);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	exit(0);
}

int main(int argc, char **argv)
{
	unsigned long n = argc > 1 ? strtoul(argv[1], NULL, 0) : 4, i;
	pthread_t thread;

	pages = argc > 2 ? strtoul(argv[2], NULL, 0) : 256;
	pthread_barrier_init(&done, NULL, n);
	first_memory = mmap(NULL, n * pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (first_memory == MAP_FAILED || !n)
		return 1;
	madvise((void *)first_memory, n * pages * PAGE, MADV_NOHUGEPAGE);
	for (i = 0; i < n; i++)
		if (pthread_create(&thread, NULL, touch, (void *)(first_memory + i * pages * PAGE)))
			return 1;
	pthread_exit(NULL);
}
