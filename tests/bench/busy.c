// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * busy FILE COMMAND...: writes to FILE what COMMAND cost the whole machine, in nanoseconds of its clock: with
 * `tests/vm/run -i` these are instructions.
 *
 * Beside COMMAND runs a spinner at idle priority, which gets what nobody else wants. What is left of the time was
 * taken by COMMAND, by the kernel, and by all who read and write for them. Needs a machine with one processor.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long read_clock(clockid_t clock)
{
	struct timespec now;

	if (clock_gettime(clock, &now)) {
		perror("busy: clock_gettime");
		exit(1);
	}
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static pid_t start_spinner(void)
{
	struct sched_param param = { 0 };
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (sched_setscheduler(0, SCHED_IDLE, &param)) {
		perror("busy: SCHED_IDLE");
		_exit(1);
	}
	for (;;)
		;
}

static int run(char **argv)
{
	int status = -1;
	pid_t pid = fork();

	if (!pid) {
		execvp(*argv, argv);
		fprintf(stderr, "busy: %s: %s\n", *argv, strerror(errno));
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int write_cost(const char *path, long long cost)
{
	FILE *file = fopen(path, "w");

	if (!file || fprintf(file, "%lld\n", cost) < 0 || fclose(file)) {
		fprintf(stderr, "busy: %s: %s\n", path, strerror(errno));
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	long long start, spun, cost;
	clockid_t spinner_clock;
	pid_t spinner;
	int status;

	if (argc < 3) {
		fprintf(stderr, "busy FILE COMMAND...\n");
		return 1;
	}
	spinner = start_spinner();
	if (spinner < 0 || clock_getcpuclockid(spinner, &spinner_clock)) {
		fprintf(stderr, "busy: no spinner\n");
		return 1;
	}
	spun = read_clock(spinner_clock);
	start = read_clock(CLOCK_MONOTONIC);
	status = run(argv + 2);
	cost = read_clock(CLOCK_MONOTONIC) - start;
	cost -= read_clock(spinner_clock) - spun;
	kill(spinner, SIGKILL);
	waitpid(spinner, NULL, 0);
	return write_cost(argv[1], cost) ? 1 : status;
}
