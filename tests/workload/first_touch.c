// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * first_touch [MiB [SLOW]]: allocates memory (8 MiB) and says "first_touch PID ADDRESS PAGES". On a line on standard
 * input it writes to one page after the other, the first SLOW (8) of them slowly enough to watch, the others at full
 * speed: a page fault each, and no other. Then it says "touched", and keeps its memory until the end of standard
 * input.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096UL

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 }, NULL);
}

static void wait_for(char byte)
{
	char c;

	while (read(STDIN_FILENO, &c, 1) == 1 && c != byte)
		;
}

int main(int argc, char **argv)
{
	size_t size = (argc > 1 ? strtoul(argv[1], NULL, 0) : 8) << 20;
	size_t slow = argc > 2 ? strtoul(argv[2], NULL, 0) : 8;
	volatile char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t i;

	if (memory == MAP_FAILED || !size) {
		perror("first_touch");
		return 1;
	}
	/* One fault a page, whatever the machine thinks of huge ones. */
	madvise((void *)memory, size, MADV_NOHUGEPAGE);
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("first_touch %d %p %zu\n", getpid(), (void *)memory, size / PAGE);
	wait_for('\n');
	for (i = 0; i < size; i += PAGE) {
		if (i / PAGE < slow)
			pause_ms(150);
		memory[i] = 1;
	}
	printf("touched\n");
	wait_for('\0');
	return 0;
}
