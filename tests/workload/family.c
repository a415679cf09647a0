// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * family CHILDREN: so many children, eight at a time. Each writes to 7 pages, a fault each; each tenth has a child of its
 * own that writes to 3, each hundredth executes itself first, and each thousandth has a second thread that writes to 5
 * more. All of them at AREA, where nothing else is. Says nothing.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096UL
#define AREA ((char *)0x600000000000)
#define AT_ONCE 8

static void touch(size_t first, size_t pages)
{
	volatile char *memory = mmap(AREA + first * PAGE, pages * PAGE, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (memory == MAP_FAILED)
		abort();
	for (size_t i = 0; i < pages; i++)
		memory[i * PAGE] = 1;
}

static void *touch_more(void *unused)
{
	touch(100, 5);
	return unused;
}

static void be_child(unsigned long number, const char *self)
{
	pthread_t thread;
	pid_t pid;

	if (number % 100 == 99)
		execl("/proc/self/exe", self, "child", NULL);
	touch(0, 7);
	if (number % 10 == 0) {
		pid = fork();
		if (!pid) {
			touch(200, 3);
			_exit(0);
		}
		waitpid(pid, NULL, 0);
	}
	if (number % 1000 == 1 && !pthread_create(&thread, NULL, touch_more, NULL))
		pthread_join(thread, NULL);
	_exit(0);
}

int main(int argc, char **argv)
{
	unsigned long children = argc > 1 ? strtoul(argv[1], NULL, 0) : 0;

	if (argc > 1 && !strcmp(argv[1], "child"))
		be_child(2, argv[0]);
	for (unsigned long i = 0; i < children; i++) {
		if (i >= AT_ONCE)
			wait(NULL);
		if (!fork())
			be_child(i, argv[0]);
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
