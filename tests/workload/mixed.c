// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * mixed [slow]: faults of each kind that can be asked for, from 0x600000000000 on: 101 pages written, 53 read, 29 filled
 * by a system call, 13 executed, 17 written by a thread named "mixed thread", and 10007 written; slow: 23 more at
 * 0x610000000000 that a userfaultfd's thread fills in, each 60 ms after it was asked to. Exit status 77: there is no
 * userfaultfd.
 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE 4096UL
#define AREA 0x600000000000UL
#define SLOW_AREA 0x610000000000UL
#define WINDOW (16 * PAGE)	/* around a file's page so much is mapped with it */

enum { WRITTEN = 101, READ = 53, FILLED = 29, EXECUTED = 13, BY_THREAD = 17, MANY = 10007, SLOW = 23 };

static void *fail(const char *what)
{
	perror(what);
	exit(1);
}

static char *map_at(unsigned long addr, size_t size, int prot, int flags, int fd)
{
	char *memory = mmap((void *)addr, size, prot, flags | MAP_FIXED_NOREPLACE, fd, 0);

	return memory == MAP_FAILED ? fail("mmap") : memory;
}

static volatile char *map_pages(unsigned long addr, size_t pages)
{
	char *memory = map_at(addr, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	madvise(memory, pages * PAGE, MADV_NOHUGEPAGE);
	return memory;
}

static void write_pages(unsigned long addr, size_t pages)
{
	volatile char *memory = map_pages(addr, pages);

	for (size_t i = 0; i < pages; i++)
		memory[i * PAGE] = 1;
}

static void read_pages(unsigned long addr, size_t pages)
{
	volatile char *memory = map_pages(addr, pages);

	for (size_t i = 0; i < pages; i++)
		(void)memory[i * PAGE];
}

static void fill_pages(unsigned long addr, size_t pages)
{
	volatile char *memory = map_pages(addr, pages);
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);

	for (size_t i = 0; i < pages; i++)
		if (read(fd, (char *)memory + i * PAGE, 16) != 16)
			fail("/dev/zero");
	close(fd);
}

/* Functions that return at once, each in another window of a file, which is on a disk alone, if /tmp is on one. */
static void execute_pages(unsigned long addr, size_t pages)
{
	char name[] = "/tmp/mixed-XXXXXX", code[PAGE], *memory;
	int fd = mkstemp(name);

	memset(code, 0xc3, sizeof(code));
	for (size_t i = 0; i < pages; i++)
		if (pwrite(fd, code, sizeof(code), i * WINDOW) != sizeof(code))
			fail(name);
	unlink(name);
	fsync(fd);
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	memory = map_at(addr, pages * WINDOW, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd);
	madvise(memory, pages * WINDOW, MADV_RANDOM);
	close(fd);
	for (size_t i = 0; i < pages; i++)
		((void (*)(void))(memory + i * WINDOW))();
}

static void *be_thread(void *unused)
{
	prctl(PR_SET_NAME, "mixed thread");
	write_pages(AREA + 0x40000000, BY_THREAD);
	return unused;
}

static void write_by_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, be_thread, NULL))
		fail("pthread_create");
	pthread_join(thread, NULL);
}

/* ---- slow ---- */

static void *fill_slowly(void *context)
{
	static char page[PAGE] __attribute__((aligned(PAGE)));
	int uffd = *(int *)context;
	struct uffd_msg message;

	while (read(uffd, &message, sizeof(message)) == sizeof(message)) {
		struct uffdio_copy copy = {
			.dst = message.arg.pagefault.address & ~(PAGE - 1), .src = (unsigned long)page, .len = PAGE,
		};

		usleep(60000);
		if (ioctl(uffd, UFFDIO_COPY, &copy))
			fail("UFFDIO_COPY");
	}
	return NULL;
}

static void wait_for_pages(unsigned long addr, size_t pages)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { addr, pages * PAGE }, .mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	static int uffd;
	volatile char *memory = map_pages(addr, pages);
	pthread_t thread;

	uffd = syscall(SYS_userfaultfd, O_CLOEXEC);
	if (uffd < 0)
		exit(77);
	if (ioctl(uffd, UFFDIO_API, &api) || ioctl(uffd, UFFDIO_REGISTER, &range) ||
	    pthread_create(&thread, NULL, fill_slowly, &uffd))
		fail("userfaultfd");
	for (size_t i = 0; i < pages; i++)
		memory[i * PAGE] = 1;
}

int main(int argc, char **argv)
{
	write_pages(AREA, WRITTEN);
	read_pages(AREA + 0x10000000, READ);
	fill_pages(AREA + 0x20000000, FILLED);
	execute_pages(AREA + 0x30000000, EXECUTED);
	write_by_thread();
	write_pages(AREA + 0x50000000, MANY);
	if (argc > 1 && !strcmp(argv[1], "slow"))
		wait_for_pages(SLOW_AREA, SLOW);
	return 0;
}
