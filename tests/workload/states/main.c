// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * states: makes each page-table state that a guest without special hardware can make, and says of each what a resolver
 * has to find:
 *
 *   state NAME PID ADDRESS KEY=VALUE...
 *   skip NAME REASON
 *
 * Each maker has a process of its own: what one does to its address space (clear_refs, NUMA hints, a SIGBUS) is
 * nobody else's. Says "states PID..." when all is there, and keeps it until the end of standard input.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "states.h"

static const struct {
	const char *name;
	void (*make)(void);
} makers[] = {
	{ "numa-hint", make_numa_hint },	/* first: its scanner is to have no other process to look at */
	{ "holes", make_holes }, { "anonymous", make_anonymous }, { "areas", make_areas }, { "files", make_files },
	{ "shmem", make_shmem }, { "soft-dirty", make_soft_dirty }, { "thp", make_thp }, { "hugetlb", make_hugetlb },
	{ "gigantic", make_gigantic }, { "shared-pmd", make_shared_pmd }, { "swap", make_swap },
	{ "poison", make_poison }, { "guard", make_guard }, { "uffd", make_uffd },
	{ "uffd-markers", make_uffd_markers }, { "uffd-poison", make_uffd_poison }, { "pkeys", make_pkeys },
	{ "ksm", make_ksm }, { "frames", make_frames }, { "nodes", make_nodes },
};

#define MAKERS	(sizeof(makers) / sizeof(*makers))

/* The parent learns by the pipe's end that the maker died, by a byte that all is there. */
static void run_maker(unsigned int i, int ready)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	makers[i].make();
	fflush(stdout);
	if (write(ready, "", 1) != 1)
		exit(1);
	for (;;)
		pause();
}

static pid_t start_maker(unsigned int i)
{
	int ready[2];
	char byte;
	pid_t pid;

	if (pipe(ready))
		return -1;
	fflush(stdout);
	pid = fork();
	if (!pid) {
		close(ready[0]);
		run_maker(i, ready[1]);
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1) {
		printf("broken %s its process died\n", makers[i].name);
		waitpid(pid, NULL, 0);
		pid = -1;
	}
	close(ready[0]);
	return pid;
}

static bool chosen(int argc, char **argv, const char *name)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], name))
			return true;
	return argc == 1;
}

int main(int argc, char **argv)
{
	pid_t pids[MAKERS];
	unsigned int i;
	char byte;

	for (i = 0; i < MAKERS; i++)
		pids[i] = chosen(argc, argv, makers[i].name) ? start_maker(i) : -1;
	printf("states");
	for (i = 0; i < MAKERS; i++)
		if (pids[i] > 0)
			printf(" %d", pids[i]);
	printf("\n");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}
