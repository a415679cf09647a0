// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * clients N MIB: N clients at once, each with a dump of the largest size open before any of them reads on. All get
 * their answer, or an error that has a name; nobody waits; all of it takes at most MIB of memory, and gives it back: a
 * second time it leaves no less than the first time did, whose caches stay.
 *
 * Prints TAP; exit status 1 if a check failed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "client.h"

/* What other processes may do meanwhile. One kept reply of 2,000 would be 80 MiB. */
#define SLACK_KB (16 * 1024)

struct tally {
	unsigned int answered, refused, blocked, broken;
	char why[400];
};

static struct request request;
static int failures;
static uint64_t addrs[PFWALK_MAX_ADDRS];

static long free_kb(void)
{
	FILE *meminfo = fopen("/proc/meminfo", "r");
	char line[128];
	long kb = -1;

	while (meminfo && kb < 0 && fgets(line, sizeof(line), meminfo))
		if (sscanf(line, "MemAvailable: %ld", &kb) != 1)
			kb = -1;
	if (meminfo)
		fclose(meminfo);
	return kb;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void start(int *fds, int *errors, unsigned int n, int family)
{
	for (unsigned int i = 0; i < n; i++) {
		fds[i] = client_open();
		if (i % 2)
			request_resolve(&request, family, getpid(), addrs, PFWALK_MAX_ADDRS);
		else
			request_map(&request, family, getppid());
		errors[i] = fds[i] < 0 ? -errno : client_send(fds[i], &request, request.head.nlmsg_len);
	}
}

static void finish(struct tally *tally, int fd, int error, bool resolve)
{
	struct reply reply = { .error = error };

	while (!error && client_take(fd, &reply))
		;
	if (reply.broken)
		tally->broken++;
	else if (reply.error == -EAGAIN)
		tally->blocked++;
	else if (reply.error)
		tally->refused++;
	else if (reply.paths == (resolve ? PFWALK_MAX_ADDRS : 0))
		tally->answered++;
	if (reply.error || reply.broken)
		snprintf(tally->why, sizeof(tally->why), "%s, %s", strerror(-reply.error), reply.why);
	close(fd);
}

static void check(bool ok, const char *what)
{
	printf("%s - %s\n", ok ? "ok" : "not ok", what);
	failures += !ok;
}

static void run_round(unsigned int n, int family, long most)
{
	int *fds = calloc(n, sizeof(*fds)), *errors = calloc(n, sizeof(*errors));
	struct tally tally = { 0 };
	double begin = now();
	long before = free_kb(), during;

	start(fds, errors, n, family);
	during = free_kb();
	for (unsigned int i = 0; i < n; i++)
		finish(&tally, fds[i], errors[i], i % 2);
	printf("# %u clients: %u answered, %u refused, %u blocked, %u broken; %ld MiB at most; %.1f s %s\n", n,
	       tally.answered, tally.refused, tally.blocked, tally.broken, (before - during) / 1024, now() - begin,
	       tally.why);
	check(tally.answered + tally.refused == n && tally.answered, "each of many clients at once has its answer");
	check(before - during < most * 1024, "... and together they take no more memory than they may");
	free(fds);
	free(errors);
}

static void check_settled(long before)
{
	for (int i = 0; i < 100 && before - free_kb() > SLACK_KB; i++)
		usleep(100000);
	printf("# %ld kB less than before\n", before - free_kb());
	check(before - free_kb() <= SLACK_KB, "... and give it back");
}

int main(int argc, char **argv)
{
	unsigned int n = argc > 1 ? strtoul(argv[1], NULL, 0) : 2000;
	long most = argc > 2 ? strtol(argv[2], NULL, 0) : 512, before;
	struct rlimit files = { n + 64, n + 64 };
	int fd = client_open(), family = client_family(fd);

	close(fd);
	setrlimit(RLIMIT_NOFILE, &files);
	for (size_t i = 0; i < PFWALK_MAX_ADDRS; i++)
		addrs[i] = i * 0x7f0000000 % 0x7fff00000000;
	run_round(n, family, most);
	sleep(1);
	before = free_kb();
	run_round(n, family, most);
	check_settled(before);
	return failures != 0;
}
