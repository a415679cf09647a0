// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * ask COST FILE BATCH COUNT COMMAND...: starts COMMAND with a pipe to and a pipe from it, and asks it COUNT of the
 * addresses in FILE, again and again from its beginning, BATCH at once; the next ones when each has its line of answer.
 * Writes to COST what COMMAND's process took, in nanoseconds, itself and in the kernel. To ask isn't in it.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "addresses.h"

/* All of a batch has room in a pipe: nobody waits for one who waits for him. */
#define MAX_BATCH 4096

static char lines[ADDRESSES][ADDRESS_LEN];

struct answerer {
	pid_t pid;
	int to, from;
};

static struct answerer start(char **argv)
{
	int to[2], from[2];
	pid_t pid;

	if (pipe2(to, O_CLOEXEC) || pipe2(from, O_CLOEXEC))
		err(1, "pipe");
	pid = fork();
	if (!pid) {
		dup2(to[0], STDIN_FILENO);
		dup2(from[1], STDOUT_FILENO);
		execvp(*argv, argv);
		_exit(127);
	}
	if (pid < 0)
		err(1, "fork");
	close(to[0]);
	close(from[1]);
	return (struct answerer){ .pid = pid, .to = to[1], .from = from[0] };
}

static void send_batch(const struct answerer *a, size_t first, size_t n)
{
	static char text[MAX_BATCH * ADDRESS_LEN];
	size_t len = 0;

	for (size_t i = 0; i < n; i++)
		len = stpcpy(text + len, lines[(first + i) % ADDRESSES]) - text;
	if (write(a->to, text, len) != (ssize_t)len)
		err(1, "write");
}

static void await_lines(const struct answerer *a, size_t n)
{
	static char text[65536];
	ssize_t got;

	while (n) {
		got = read(a->from, text, sizeof(text));
		if (got <= 0)
			errx(1, "the command gives no answer");
		for (char *at = text; n && (at = memchr(at, '\n', text + got - at)); at++)
			n--;
	}
}

static long long finish(const struct answerer *a)
{
	struct rusage usage;
	int status;

	close(a->to);
	if (wait4(a->pid, &status, 0, &usage) < 0)
		err(1, "wait4");
	if (status)
		errx(1, "the command failed");
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000LL +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000LL;
}

/* A line of names comes with the first answers. */
static long long ask(char **argv, size_t batch, size_t count)
{
	struct answerer a = start(argv);

	for (size_t i = 0; i < count; i += batch) {
		send_batch(&a, i, batch);
		await_lines(&a, i ? batch : batch + 1);
	}
	return finish(&a);
}

static int write_cost(const char *path, long long cost)
{
	FILE *file = fopen(path, "w");

	return !file || fprintf(file, "%lld\n", cost) < 0 || fclose(file);
}

int main(int argc, char **argv)
{
	size_t batch = argc > 5 ? strtoul(argv[3], NULL, 10) : 0;
	size_t count = batch ? strtoul(argv[4], NULL, 10) : 0;

	if (!batch || batch > MAX_BATCH || !count) {
		fprintf(stderr, "ask COST FILE BATCH COUNT COMMAND...\n");
		return 1;
	}
	if (addresses_read(argv[2], lines))
		err(1, "%s", argv[2]);
	if (write_cost(argv[1], ask(argv + 5, batch, count)))
		err(1, "%s", argv[1]);
	return 0;
}
