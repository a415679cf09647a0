// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE
#include "stress.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT		21
#endif
#define MADV_COLLAPSE_		25	/* 6.1 */
#define MPOL_MF_MOVE_		2

uint64_t dice(struct random *random, uint64_t sides)
{
	random->state ^= random->state << 13;
	random->state ^= random->state >> 7;
	random->state ^= random->state << 17;
	return (random->state >> 11) % sides;
}

static char *map_fixed(uint64_t at, size_t size, int flags)
{
	return mmap((void *)at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | flags, -1, 0);
}

/* ---- the keeper: nothing of it changes ---- */

static uint64_t phys_of(int pagemap, uint64_t addr)
{
	uint64_t entry = 0;

	if (pread(pagemap, &entry, sizeof(entry), addr / PAGE * sizeof(entry)) != sizeof(entry) || !(entry >> 63))
		return 0;
	return (entry & ((1ULL << 55) - 1)) * PAGE;
}

static void keep(void)
{
	int pagemap = open("/proc/self/pagemap", O_RDONLY);
	char *memory = map_fixed(KEPT, KEPT_PAGES * PAGE, 0);

	madvise(memory, KEPT_PAGES * PAGE, MADV_NOHUGEPAGE);
	if (mlock(memory, KEPT_PAGES * PAGE))
		_exit(1);
	memset(memory, 1, KEPT_PAGES * PAGE);
	for (size_t i = 0; i < KEPT_PAGES; i++)
		shared->kept[i] = phys_of(pagemap, KEPT + i * PAGE);
	shared->kept_ready = true;
	for (;;)
		pause();
}

/* ---- churn ---- */

/* A huge page of small ones, by request; then it is split again by whatever comes. */
static void collapse(struct random *random)
{
	uint64_t at = ARENA + dice(random, ARENA_SIZE / HUGE) * HUGE;

	if (map_fixed(at, HUGE, MAP_POPULATE) != MAP_FAILED)
		madvise((void *)at, HUGE, MADV_COLLAPSE_);
}

static void move_mapping(struct random *random, char *memory, size_t size)
{
	uint64_t to = dice(random, (ARENA_SIZE - size) / PAGE + 1) * PAGE;

	mremap(memory, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)(ARENA + to));
}

static void churn_once(struct random *random)
{
	size_t size = (dice(random, dice(random, 4) ? 64 : 3000) + 1) * PAGE;
	char *memory = (char *)ARENA + dice(random, (ARENA_SIZE - size) / PAGE + 1) * PAGE;

	switch (dice(random, 14)) {
	case 0: case 1: case 2:
		map_fixed((uintptr_t)memory, size, MAP_POPULATE);
		break;
	case 3:
		map_fixed((uintptr_t)memory, size, 0);
		break;
	case 4: case 5:
		munmap(memory, size);
		break;
	case 6:
		madvise(memory, size, MADV_DONTNEED);
		break;
	case 7:
		collapse(random);
		break;
	case 8:
		mprotect(memory, size, PROT_NONE);
		break;
	case 9:
		mprotect(memory, size, PROT_READ | PROT_WRITE);
		break;
	case 10:
		move_mapping(random, memory, size);
		break;
	case 11:
		madvise(memory, size, MADV_PAGEOUT);
		break;
	case 12:
		madvise(memory, size, dice(random, 2) ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
		break;
	default:
		if (!dice(random, 8))
			munmap((void *)ARENA, ARENA_SIZE);
	}
}

static void *churn(void *seed)
{
	struct random random = { (uintptr_t)seed * 7919 + getpid() };

	while (!shared->stop)
		churn_once(&random);
	return NULL;
}

static void churn_both(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, churn, (void *)1);
	churn((void *)2);
}

/* khugepaged's prey: huge pages split by a hole in the middle, which it fills up again. */
static void split_huge(void)
{
	struct random random = { getpid() };
	char *memory = map_fixed(ARENA, ARENA_SIZE, 0);

	madvise(memory, ARENA_SIZE, MADV_HUGEPAGE);
	while (!shared->stop) {
		char *huge = memory + dice(&random, ARENA_SIZE / HUGE) * HUGE;

		huge[dice(&random, HUGE)] = 1;
		if (dice(&random, 2))
			madvise(huge + dice(&random, 512) * PAGE, PAGE, MADV_DONTNEED);
		if (!dice(&random, 4))
			mprotect(huge + dice(&random, 512) * PAGE, PAGE, PROT_READ);
		if (!dice(&random, 64)) {
			mprotect(memory, ARENA_SIZE, PROT_READ | PROT_WRITE);
			usleep(20000);
		}
	}
}

/* ---- processes that come and go ---- */

static void fork_loop(void)
{
	char *memory = map_fixed(ARENA, ARENA_SIZE / 4, MAP_POPULATE);

	while (!shared->stop) {
		pid_t child = fork();

		if (!child) {
			memset(memory, 1, MIB);
			_exit(0);
		}
		shared->pid[VICTIM_CHILD] = child;
		waitpid(child, NULL, 0);
	}
}

void exec_loop(void)
{
	map_fixed(ARENA, 4 * MIB, MAP_POPULATE);
	usleep(500);
	execl("/proc/self/exe", "stress", "exec-loop", NULL);
	_exit(1);
}

/* ---- hugetlb: a table that two processes share, and that a truncation takes away ---- */

static void map_huge_file(int file)
{
	mmap((void *)SHARED_HUGE, GIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED | MAP_NORESERVE, file, 0);
}

/* Maps it, for the first time. through: a pipe for touch_huge() */
static void begin_huge(int file, int through[2])
{
	if (pipe(through))
		_exit(1);
	map_huge_file(file);
}

/* Reads by a system call that fails where an access would end in SIGBUS. */
static void touch_huge(const int through[2])
{
	char byte;

	for (uint64_t i = 0; i < 8; i++)
		if (write(through[1], (void *)(SHARED_HUGE + i * HUGE), 1) == 1 && read(through[0], &byte, 1) != 1)
			_exit(1);
}

static void share_huge(int file)
{
	struct random random = { getpid() };
	int through[2];

	begin_huge(file, through);
	while (!shared->stop) {
		touch_huge(through);
		if (!dice(&random, 8)) {
			munmap((void *)(SHARED_HUGE + dice(&random, 512) * HUGE), HUGE);
			map_huge_file(file);
		}
	}
}

static void cut_huge(int file)
{
	struct random random = { getpid() };
	int through[2];

	begin_huge(file, through);
	while (!shared->stop) {
		if (dice(&random, 2)) {
			if (ftruncate(file, 0) || ftruncate(file, GIB))
				break;
		} else {
			fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, dice(&random, 8) * HUGE, HUGE);
		}
		touch_huge(through);
		usleep(dice(&random, 2000));
	}
}

/* ---- the mover: pages that change their place ---- */

static void move_to(char *memory, size_t pages, int node)
{
	void *page[64];
	int nodes[64], status[64];

	for (size_t i = 0; i < pages; i++) {
		page[i] = memory + i * PAGE;
		nodes[i] = node;
	}
	syscall(SYS_move_pages, 0, pages, page, nodes, status, MPOL_MF_MOVE_);
}

/* Where there is one node: compaction moves pages as well. */
static void compact(void)
{
	int file = open("/proc/sys/vm/compact_memory", O_WRONLY);

	if (file < 0 || write(file, "1", 1) != 1)
		usleep(1000);
	if (file >= 0)
		close(file);
}

static void move_pages_about(void)
{
	struct random random = { getpid() };
	char *memory = map_fixed(ARENA, 8 * MIB, MAP_POPULATE);

	while (!shared->stop) {
		for (int i = 0; i < 100; i++)
			move_to(memory + dice(&random, 8 * MIB / PAGE - 64) * PAGE, 64, dice(&random, 2));
		compact();
	}
}

/* ---- */

static void leave(int signal)
{
	(void)signal;
	_exit(0);
}

static void run(enum victim victim, int huge_file)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGSEGV, leave);
	signal(SIGBUS, leave);
	switch (victim) {
	case VICTIM_KEEPER: keep(); break;
	case VICTIM_CHURN: case VICTIM_CHURN2: churn_both(); break;
	case VICTIM_FORK: fork_loop(); break;
	case VICTIM_EXEC: exec_loop(); break;
	case VICTIM_SHARER: share_huge(huge_file); break;
	case VICTIM_CUTTER: cut_huge(huge_file); break;
	case VICTIM_MOVER: move_pages_about(); break;
	case VICTIM_HUGE: split_huge(); break;
	default: break;
	}
	_exit(0);
}

void victim_start(enum victim victim, int huge_file)
{
	pid_t pid = fork();

	if (!pid)
		run(victim, huge_file);
	shared->pid[victim] = pid;
}
