// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Page faults of each cause in exactly known numbers, each case in a window of addresses that nothing else is in.
 *
 *   causes [-n] [DIR]
 *
 * DIR: a directory of a file system with a block device under it; without it, no cases of files. -n: NUMA balancing may
 * be turned on for a moment, for the whole machine.
 *
 * Prints, as lines of JSON, what a tracer has to have seen:
 *
 *   {"type":"window","case":NAME,"start":…,"end":…,"kernel":N,"causes":{CAUSE:N,…}}   N faults of kernel mode
 *   … "unhooked":{…}   the causes that can be told where handle_mm_fault() can't be hooked, if these are others
 *   {"type":"skip","case":NAME,"reason":…}
 *   {"type":"counter","from":NS,"to":NS,"faults":N}   the kernel's count of the main thread's, between two moments
 *
 * Windows are never unmapped, so none comes twice. The numbers are primes: a fault too many is no other case's.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "numa_hints.h"

#define PAGE	4096UL
#define HUGE	(2UL << 20)
#define AROUND	16UL		/* pages that the kernel maps around a file's page that is read, aligned */
#define RET	0xc3
#define TMPFS	0x01021994

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

static const char *directory;
static bool may_balance;
static int zero_file;

/* ---- telling ---- */

/* causes: the inside of a JSON object */
static void expect(const char *name, const volatile char *start, size_t size, unsigned int kernel, const char *causes)
{
	printf("{\"type\":\"window\",\"case\":\"%s\",\"start\":\"%p\",\"end\":\"%p\",\"kernel\":%u,\"causes\":{%s}}\n",
	       name, start, start + size, kernel, causes);
}

static void skip(const char *name, const char *reason)
{
	printf("{\"type\":\"skip\",\"case\":\"%s\",\"reason\":\"%s\"}\n", name, reason);
}

static void *must(void *memory, const char *what)
{
	if (memory != MAP_FAILED)
		return memory;
	perror(what);
	exit(1);
}

/* ---- memory, and ways to touch it ---- */

static char *map(size_t pages, int protection, int flags, int file)
{
	char *memory = must(mmap(NULL, pages * PAGE, protection, flags, file, 0), "mmap");

	if (flags & MAP_ANONYMOUS)
		madvise(memory, pages * PAGE, MADV_NOHUGEPAGE);
	return memory;
}

static char *small_pages(size_t pages)
{
	return map(pages, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

static char *huge_pages(size_t n)
{
	char *memory = mmap(NULL, (n + 1) * HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	must(memory, "mmap");
	memory += -(uintptr_t)memory & (HUGE - 1);
	madvise(memory, n * HUGE, MADV_HUGEPAGE);
	return memory;
}

static void write_each(volatile char *memory, size_t n, size_t step)
{
	for (size_t i = 0; i < n; i++)
		memory[i * step] = RET;
}

static void read_each(const volatile char *memory, size_t n, size_t step)
{
	for (size_t i = 0; i < n; i++)
		(void)memory[i * step];
}

/* Where nothing is, and where the kernel, which maps from the top, won't put anything. */
static char *unmapped(size_t pages)
{
	static uintptr_t next = 0x200000000000;
	char *memory = mmap((void *)next, pages * PAGE, PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	must(memory, "mmap");
	next += HUGE;
	munmap(memory, pages * PAGE);
	return memory;
}

/* Pages that are new are held by the processor's list of these until it is full. */
static void flush_lists(void)
{
	write_each(small_pages(128), 128, PAGE);
}

/* ---- signals ---- */

static sigjmp_buf way_out;

static void on_signal(int signal)
{
	(void)signal;
	siglongjmp(way_out, 1);
}

static void fail_each(volatile char *memory, size_t n, bool write)
{
	for (volatile size_t i = 0; i < n; i++) {
		if (sigsetjmp(way_out, 1))
			continue;
		if (write)
			memory[i * PAGE] = 1;
		else
			(void)memory[i * PAGE];
	}
}

/* put_user() of the kernel: one access */
static void fail_in_kernel(char *memory, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!syscall(SYS_getcpu, memory + i * PAGE, NULL, NULL))
			fprintf(stderr, "causes: getcpu() wrote to where it can't\n");
}

/* ---- anonymous memory ---- */

static void first_touch(const char *name)
{
	char *memory = small_pages(97);

	write_each(memory, 97, PAGE);
	expect(name, memory, 97 * PAGE, 0, "\"first-touch\":97");
}

static void zero_page(const char *name)
{
	char *memory = small_pages(89);

	read_each(memory, 89, PAGE);
	expect(name, memory, 89 * PAGE, 0, "\"zero-page\":89");
}

static void cow_of_zero_page(const char *name)
{
	char *memory = small_pages(83);

	read_each(memory, 83, PAGE);
	write_each(memory, 83, PAGE);
	expect(name, memory, 83 * PAGE, 0, "\"zero-page\":83,\"cow\":83");
}

static bool are_huge(const char *memory, size_t n)
{
	static char line[512];
	FILE *smaps = fopen("/proc/self/smaps", "r");
	unsigned long start, end, kb = 0;
	bool inside = false;

	while (smaps && fgets(line, sizeof(line), smaps)) {
		if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
			inside = start <= (uintptr_t)memory && (uintptr_t)memory < end;
		else if (inside)
			sscanf(line, "AnonHugePages: %lu", &kb);
	}
	if (smaps)
		fclose(smaps);
	return kb >= n * HUGE / 1024;
}

static void thp(const char *name)
{
	char *memory = huge_pages(3);

	write_each(memory + 5 * PAGE, 3, HUGE);
	if (are_huge(memory, 3))
		expect(name, memory, 3 * HUGE, 0, "\"thp\":3");
	else
		skip(name, "the kernel gave no huge pages");
}

/* Its copy is huge in newer kernels, and in older ones small. */
static void thp_zero(const char *name)
{
	char *memory = huge_pages(2), answer = '0';
	int file = open("/sys/kernel/mm/transparent_hugepage/use_zero_page", O_RDONLY);

	if (read(file, &answer, 1) != 1 || answer != '1') {
		skip(name, "there is no huge zero page");
		return;
	}
	read_each(memory, 2, HUGE);
	write_each(memory + 7 * PAGE, 2, HUGE);
	expect(name, memory, 2 * HUGE, 0, "\"thp\":2,\"cow\":2");
}

/* A child that has the pages, too, until it is let go. */
static pid_t share_pages(int *gate)
{
	int ends[2];
	pid_t child;
	char byte;

	if (pipe(ends) || (child = fork()) < 0) {
		perror("fork");
		exit(1);
	}
	if (!child) {
		close(ends[1]);
		_exit(read(ends[0], &byte, 1) != 0);
	}
	close(ends[0]);
	*gate = ends[1];
	return child;
}

static void let_go(pid_t child, int gate)
{
	close(gate);
	waitpid(child, NULL, 0);
}

static void cow_after_fork(const char *name)
{
	char *memory = small_pages(79);
	pid_t child;
	int gate;

	write_each(memory, 79, PAGE);
	child = share_pages(&gate);
	write_each(memory, 79, PAGE);
	let_go(child, gate);
	expect(name, memory, 79 * PAGE, 0, "\"first-touch\":79,\"cow\":79");
}

static void cow_reuse(const char *name)
{
	char *memory = small_pages(73);
	pid_t child;
	int gate;

	write_each(memory, 73, PAGE);
	flush_lists();
	child = share_pages(&gate);
	let_go(child, gate);
	write_each(memory, 73, PAGE);
	expect(name, memory, 73 * PAGE, 0, "\"first-touch\":73,\"cow-reuse\":73");
}

static void kernel_first_touch(const char *name)
{
	char *memory = small_pages(61);

	for (size_t i = 0; i < 61; i++)
		if (read(zero_file, memory + i * PAGE, PAGE) != PAGE)
			perror("/dev/zero");
	expect(name, memory, 61 * PAGE, 61, "\"first-touch\":61");
}

static void kernel_cow(const char *name)
{
	char *memory = small_pages(7);

	read_each(memory, 7, PAGE);
	for (size_t i = 0; i < 7; i++)
		syscall(SYS_getcpu, memory + i * PAGE, NULL, NULL);
	expect(name, memory, 7 * PAGE, 7, "\"zero-page\":7,\"cow\":7");
}

/* The lower end of a mapping, in the upper half of the line. */
static char *stack_start(void)
{
	static char line[512];
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long start = 0;

	while (maps && fgets(line, sizeof(line), maps))
		if (strstr(line, "[stack]"))
			sscanf(line, "%lx", &start);
	if (maps)
		fclose(maps);
	return (char *)start;
}

static void stack(const char *name)
{
	volatile char *start = stack_start();

	for (size_t i = 1; i <= 29; i++)
		start[-i * PAGE] = 1;
	expect(name, start - 29 * PAGE, 29 * PAGE, 0, "\"stack\":29");
}

/* The lowest pages of a stack that has them already, the very lowest one too. */
static void stack_inside(const char *name)
{
	char *memory = map(31, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1);

	write_each(memory, 31, PAGE);
	expect(name, memory, 31 * PAGE, 0, "\"first-touch\":31");
}

/* ---- swap ---- */

static bool are_swapped(const char *memory, size_t n)
{
	int file = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t entry;
	size_t i;

	for (i = 0; i < n; i++)
		if (pread(file, &entry, 8, (uintptr_t)memory / PAGE * 8 + i * 8) != 8 || !(entry >> 62 & 1))
			break;
	close(file);
	return i == n;
}

static void swap_in(const char *name)
{
	char *memory = small_pages(37);

	write_each(memory, 37, PAGE);
	flush_lists();
	for (int i = 0; i < 50 && !are_swapped(memory, 37); i++) {
		madvise(memory, 37 * PAGE, MADV_PAGEOUT);
		usleep(10000);
	}
	if (!are_swapped(memory, 37)) {
		skip(name, "nothing is swapped out here");
		return;
	}
	write_each(memory, 37, PAGE);
	expect(name, memory, 37 * PAGE, 0, "\"first-touch\":37,\"swap-in\":37");
}

/* ---- shared memory, hugetlbfs ---- */

static int memory_file(size_t pages)
{
	int file = memfd_create("causes", MFD_CLOEXEC);

	if (file >= 0 && !ftruncate(file, pages * PAGE))
		return file;
	perror("memfd_create");
	exit(1);
}

static void shared_anonymous(const char *name)
{
	char *memory = map(43, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1);

	write_each(memory, 43, PAGE);
	expect(name, memory, 43 * PAGE, 0, "\"shmem\":43");
}

static void memfd(const char *name)
{
	char *memory = map(41, PROT_READ | PROT_WRITE, MAP_SHARED, memory_file(41));

	read_each(memory, 41, PAGE);
	expect(name, memory, 41 * PAGE, 0, "\"shmem\":41");
}

static void memfd_private(const char *name)
{
	char *memory = map(11, PROT_READ | PROT_WRITE, MAP_PRIVATE, memory_file(11));

	write_each(memory, 11, PAGE);
	expect(name, memory, 11 * PAGE, 0, "\"cow\":11");
}

static void hugetlb(const char *name)
{
	char *memory = mmap(NULL, 5 * HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);

	if (memory == MAP_FAILED) {
		skip(name, "no huge pages are set aside");
		return;
	}
	write_each(memory, 5, HUGE);
	expect(name, memory, 5 * HUGE, 0, "\"hugetlb\":5");
}

/* ---- files ---- */

/* All of it in the page cache, in small pages, none of them dirty. */
static int make_file(size_t pages)
{
	static char page[PAGE], path[4096];
	int file;

	snprintf(path, sizeof(path), "%s/causes-%d", directory, getpid());
	file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
	memset(page, RET, PAGE);
	for (size_t i = 0; file >= 0 && i < pages; i++)
		if (write(file, page, PAGE) != PAGE)
			break;
	if (file < 0 || fsync(file) || lseek(file, 0, SEEK_CUR) != (off_t)(pages * PAGE)) {
		perror(path);
		exit(1);
	}
	unlink(path);
	return file;
}

/* Aligned to what is mapped at once, so that each AROUND pages make one fault. */
static char *map_aligned(size_t pages, int protection, int flags, int file)
{
	char *memory = map(pages + AROUND, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	memory += -(uintptr_t)memory & (AROUND * PAGE - 1);
	return must(mmap(memory, pages * PAGE, protection, flags | MAP_FIXED, file, 0), "mmap");
}

static void file_minor(const char *name)
{
	char *memory = map_aligned(67 * AROUND, PROT_READ, MAP_PRIVATE, make_file(67 * AROUND));

	read_each(memory, 67, AROUND * PAGE);
	expect(name, memory, 67 * AROUND * PAGE, 0, "\"file-minor\":67");
}

static void file_code(const char *name)
{
	char *memory = map_aligned(23 * AROUND, PROT_READ | PROT_EXEC, MAP_PRIVATE, make_file(23 * AROUND));

	for (size_t i = 0; i < 23; i++)
		((void (*)(void))(memory + i * AROUND * PAGE))();
	expect(name, memory, 23 * AROUND * PAGE, 0, "\"file-minor\":23");
}

static bool is_cached(char *memory, size_t pages)
{
	static unsigned char cached[59 * AROUND];

	mincore(memory, pages * PAGE, cached);
	for (size_t i = 0; i < pages; i++)
		if (cached[i] & 1)
			return true;
	return false;
}

/* Random: nothing is read ahead. */
static void file_major(const char *name)
{
	int file = make_file(59 * AROUND);
	char *memory = map_aligned(59 * AROUND, PROT_READ, MAP_PRIVATE, file);

	madvise(memory, 59 * AROUND * PAGE, MADV_RANDOM);
	for (int i = 0; i < 50 && is_cached(memory, 59 * AROUND); i++) {
		posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
		usleep(10000);
	}
	if (is_cached(memory, 59 * AROUND)) {
		skip(name, "the page cache keeps the file");
		return;
	}
	read_each(memory, 59, AROUND * PAGE);
	expect(name, memory, 59 * AROUND * PAGE, 0, "\"file-major\":59");
}

static void file_cow(const char *name)
{
	char *memory = map_aligned(71, PROT_READ | PROT_WRITE, MAP_PRIVATE, make_file(71));

	write_each(memory, 71, PAGE);
	expect(name, memory, 71 * PAGE, 0, "\"cow\":71");
}

static void file_cow_read(const char *name)
{
	char *memory = map_aligned(13 * AROUND, PROT_READ | PROT_WRITE, MAP_PRIVATE, make_file(13 * AROUND));

	read_each(memory, 13, AROUND * PAGE);
	write_each(memory, 13, AROUND * PAGE);
	expect(name, memory, 13 * AROUND * PAGE, 0, "\"file-minor\":13,\"cow\":13");
}

static void write_notify(const char *name)
{
	char *memory = map_aligned(53 * AROUND, PROT_READ | PROT_WRITE, MAP_SHARED, make_file(53 * AROUND));

	read_each(memory, 53, AROUND * PAGE);
	write_each(memory, 53, AROUND * PAGE);
	expect(name, memory, 53 * AROUND * PAGE, 0, "\"file-minor\":53,\"write-notify\":53");
}

static void file_shared_write(const char *name)
{
	char *memory = map_aligned(47, PROT_READ | PROT_WRITE, MAP_SHARED, make_file(47));

	write_each(memory, 47, PAGE);
	expect(name, memory, 47 * PAGE, 0, "\"file-minor\":47");
}

/* ---- userfaultfd ---- */

struct handler {
	int uffd;
	size_t faults;
};

static void resolve(int uffd, const struct uffd_msg *message)
{
	static char page[PAGE] __attribute__((aligned(PAGE))) = { 1 };
	uint64_t start = message->arg.pagefault.address & ~(PAGE - 1);
	struct uffdio_writeprotect lift = { .range = { start, PAGE } };
	struct uffdio_copy copy = { .dst = start, .src = (uintptr_t)page, .len = PAGE };

	if (message->arg.pagefault.flags & UFFD_PAGEFAULT_FLAG_WP)
		ioctl(uffd, UFFDIO_WRITEPROTECT, &lift);
	else
		ioctl(uffd, UFFDIO_COPY, &copy);
}

static void *handle(void *data)
{
	struct handler *handler = data;
	struct uffd_msg message;

	while (handler->faults && read(handler->uffd, &message, sizeof(message)) == sizeof(message)) {
		handler->faults--;
		resolve(handler->uffd, &message);
	}
	return NULL;
}

static int open_uffd(char *memory, size_t size, uint64_t features, uint64_t mode)
{
	struct uffdio_register range = { .range = { (uintptr_t)memory, size }, .mode = mode };
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	int uffd = syscall(SYS_userfaultfd, O_CLOEXEC);

	return uffd >= 0 && !ioctl(uffd, UFFDIO_API, &api) && !ioctl(uffd, UFFDIO_REGISTER, &range) ? uffd : -1;
}

/* Writes to n pages, with a thread beside that answers. */
static void write_handled(int uffd, char *memory, size_t n)
{
	struct handler handler = { uffd, n };
	pthread_t thread;

	if (pthread_create(&thread, NULL, handle, &handler)) {
		perror("pthread_create");
		exit(1);
	}
	write_each(memory, n, PAGE);
	pthread_join(thread, NULL);
}

static void userfault(const char *name)
{
	char *memory = small_pages(31);
	int uffd = open_uffd(memory, 31 * PAGE, 0, UFFDIO_REGISTER_MODE_MISSING);

	if (uffd < 0) {
		skip(name, "no userfaultfd");
		return;
	}
	write_handled(uffd, memory, 31);
	expect(name, memory, 31 * PAGE, 0, "\"userfault\":31");
}

static void userfault_protected(const char *name)
{
	char *memory = small_pages(17);
	struct uffdio_writeprotect protect = {
		.range = { (uintptr_t)memory, 17 * PAGE }, .mode = UFFDIO_WRITEPROTECT_MODE_WP,
	};
	int uffd = open_uffd(memory, 17 * PAGE, UFFD_FEATURE_PAGEFAULT_FLAG_WP, UFFDIO_REGISTER_MODE_WP);

	if (uffd < 0) {
		skip(name, "no userfaultfd that protects from writing");
		return;
	}
	write_each(memory, 17, PAGE);
	ioctl(uffd, UFFDIO_WRITEPROTECT, &protect);
	write_handled(uffd, memory, 17);
	expect(name, memory, 17 * PAGE, 0,
	       "\"first-touch\":17,\"userfault\":17},\"unhooked\":{\"first-touch\":17,\"unknown\":17");
}

/* ---- NUMA ---- */

static void set_balancing(const char *value)
{
	int file = open("/proc/sys/kernel/numa_balancing", O_WRONLY | O_CLOEXEC);

	if (write(file, value, 1) != 1)
		perror("numa_balancing");
	close(file);
}

/* The scanner marks a single-threaded process' pages only if they are on another node than it runs on. */
static bool move_away(char *memory, size_t n)
{
	static void *pages[101];
	static int nodes[101], status[101];
	unsigned int cpu, node;

	getcpu(&cpu, &node);
	for (size_t i = 0; i < n; i++) {
		pages[i] = memory + i * PAGE;
		nodes[i] = !node;
	}
	return !syscall(SYS_move_pages, 0, n, pages, nodes, status, 2) && status[n - 1] == !node;
}

static void numa_hint(const char *name)
{
	char *memory = small_pages(101);
	unsigned long before;
	bool made;

	write_each(memory, 101, PAGE);
	before = hints_made();
	if (!may_balance || !move_away(memory, 101)) {
		skip(name, "no second node, or no NUMA balancing allowed");
		return;
	}
	flush_lists();		/* it passes over pages that anybody else holds */
	set_balancing("1");
	made = wait_for_hints(before, 101, 100);
	set_balancing("0");
	usleep(100000);
	read_each(memory, 101, PAGE);
	if (made)
		expect(name, memory, 101 * PAGE, 0, "\"first-touch\":101,\"numa-hint\":101");
	else
		skip(name, "the scanner didn't mark the pages");
}

/* ---- what fails ---- */

static void segv_unmapped(const char *name)
{
	char *memory = unmapped(19);

	fail_each(memory, 19, false);
	expect(name, memory, 19 * PAGE, 0, "\"segv\":19");
}

static void segv_read_only(const char *name)
{
	char *memory = map(17, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	fail_each(memory, 17, true);
	expect(name, memory, 17 * PAGE, 0, "\"segv\":17");
}

/* No access is written down as the hint of NUMA balancing is. */
static void segv_none(const char *name)
{
	char *memory = small_pages(5);

	write_each(memory, 5, PAGE);
	mprotect(memory, 5 * PAGE, PROT_NONE);
	fail_each(memory, 5, false);
	expect(name, memory, 5 * PAGE, 0, "\"first-touch\":5,\"segv\":5");
}

static void segv_key(const char *name)
{
	char *memory = small_pages(13);
	int key = pkey_alloc(0, PKEY_DISABLE_ACCESS);

	if (key < 0 || pkey_mprotect(memory, 13 * PAGE, PROT_READ | PROT_WRITE, key)) {
		skip(name, "no protection keys");
		return;
	}
	pkey_set(key, 0);
	write_each(memory, 13, PAGE);
	pkey_set(key, PKEY_DISABLE_ACCESS);
	fail_each(memory, 13, false);
	expect(name, memory, 13 * PAGE, 0, "\"first-touch\":13,\"segv\":13");
}

/* The kernel's half, by no number that anything may be at. */
static void segv_kernel_address(const char *name)
{
	char *memory = (char *)0xffff800000001000;

	fail_each(memory, 3, false);
	expect(name, memory, 3 * PAGE, 0, "\"segv\":3");
}

static char *truncated(size_t pages)
{
	int file = memory_file(pages);
	char *memory = map(pages, PROT_READ | PROT_WRITE, MAP_SHARED, file);

	if (ftruncate(file, 0))
		perror("ftruncate");
	return memory;
}

static void sigbus(const char *name)
{
	char *memory = truncated(11);

	fail_each(memory, 11, false);
	expect(name, memory, 11 * PAGE, 0, "\"sigbus\":11");
}

static void efault_unmapped(const char *name)
{
	char *memory = unmapped(19);

	fail_in_kernel(memory, 19);
	expect(name, memory, 19 * PAGE, 19, "\"kernel\":19");
}

static void efault_read_only(const char *name)
{
	char *memory = map(7, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	fail_in_kernel(memory, 7);
	expect(name, memory, 7 * PAGE, 7, "\"kernel\":7");
}

static void efault_truncated(const char *name)
{
	char *memory = truncated(5);

	fail_in_kernel(memory, 5);
	expect(name, memory, 5 * PAGE, 5, "\"kernel\":5");
}

/* ---- the kernel's own count ---- */

static int open_counter(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attr), .config = PERF_COUNT_SW_PAGE_FAULTS,
	};

	return syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

/* The clock first, then the counter at the beginning, at the end the other way round: no fault is between the two. */
static uint64_t read_counter(int counter, uint64_t *time, bool last)
{
	struct timespec now;
	uint64_t faults = 0;

	for (int i = 0; i < 2; i++) {
		if ((i == 0) != last)
			clock_gettime(CLOCK_MONOTONIC, &now);
		else if (read(counter, &faults, sizeof(faults)) != sizeof(faults))
			perror("counter");
	}
	*time = now.tv_sec * 1000000000ULL + now.tv_nsec;
	return faults;
}

/* ---- all of it ---- */

static const struct {
	const char *name;
	void (*run)(const char *name);
	bool of_file;
} cases[] = {
	{ "first-touch", first_touch, false },
	{ "zero-page", zero_page, false },
	{ "cow-of-zero-page", cow_of_zero_page, false },
	{ "thp", thp, false },
	{ "thp-zero", thp_zero, false },
	{ "cow-after-fork", cow_after_fork, false },
	{ "cow-reuse", cow_reuse, false },
	{ "kernel-first-touch", kernel_first_touch, false },
	{ "kernel-cow", kernel_cow, false },
	{ "stack", stack, false },
	{ "stack-inside", stack_inside, false },
	{ "swap-in", swap_in, false },
	{ "shared-anonymous", shared_anonymous, false },
	{ "memfd", memfd, false },
	{ "memfd-private", memfd_private, false },
	{ "hugetlb", hugetlb, false },
	{ "file-minor", file_minor, true },
	{ "file-code", file_code, true },
	{ "file-major", file_major, true },
	{ "file-cow", file_cow, true },
	{ "file-cow-read", file_cow_read, true },
	{ "write-notify", write_notify, true },
	{ "file-shared-write", file_shared_write, true },
	{ "userfault", userfault, false },
	{ "userfault-protected", userfault_protected, false },
	{ "segv-unmapped", segv_unmapped, false },
	{ "segv-read-only", segv_read_only, false },
	{ "segv-none", segv_none, false },
	{ "segv-key", segv_key, false },
	{ "segv-kernel-address", segv_kernel_address, false },
	{ "sigbus", sigbus, false },
	{ "efault-unmapped", efault_unmapped, false },
	{ "efault-read-only", efault_read_only, false },
	{ "efault-truncated", efault_truncated, false },
	{ "numa-hint", numa_hint, false },
};

static void run_all(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (cases[i].of_file && !directory)
			skip(cases[i].name, "no directory on a block device");
		else
			cases[i].run(cases[i].name);
	}
}

/* One processor: what is on its lists of new pages is then known. */
static void set_up(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(sched_getcpu(), &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	zero_file = open("/dev/zero", O_RDONLY | O_CLOEXEC);
}

static bool has_pages_of_its_own(const char *path)
{
	struct statfs info;

	return path && !statfs(path, &info) && info.f_type != TMPFS;
}

int main(int argc, char **argv)
{
	uint64_t before, after, from, to;
	int counter;

	may_balance = argc > 1 && !strcmp(argv[1], "-n");
	directory = argv[1 + may_balance];
	if (!has_pages_of_its_own(directory))
		directory = NULL;
	set_up();
	counter = open_counter();
	if (counter < 0)
		perror("causes: perf_event_open");
	read_counter(counter, &from, false);		/* what it needs itself is in memory then */
	before = read_counter(counter, &from, false);
	run_all();
	after = read_counter(counter, &to, true);
	printf("{\"type\":\"counter\",\"from\":%llu,\"to\":%llu,\"faults\":%llu}\n", (unsigned long long)from,
	       (unsigned long long)to, (unsigned long long)(after - before));
	return fflush(stdout) || counter < 0;
}
