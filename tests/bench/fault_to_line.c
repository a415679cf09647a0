// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * fault_to_line COUNT COMMAND...: how long it is from a fault to its line. Starts COMMAND (pfwatch and its options)
 * with "-p" and its own PID behind it, and waits until that says on standard error that it watches. Then it touches a
 * page now and then, COUNT times, and waits for the line with the page's address.
 *
 * Says "median NS p90 NS max NS".
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE		4096UL
#define MAX_COUNT	10000
#define PATIENCE_MS	10000

static char *lines;			/* what has come, since the last fault */
static size_t lines_len;
#define LINES_SIZE	(1UL << 20)

struct watcher {
	pid_t pid;
	int out, err;
};

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void exec_with_pid(int argc, char **argv, pid_t target)
{
	char **args = calloc(argc + 3, sizeof(*args));
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", target);
	memcpy(args, argv, argc * sizeof(*args));
	args[argc] = "-p";
	args[argc + 1] = pid;
	execvp(*args, args);
	_exit(127);
}

static struct watcher start(int argc, char **argv)
{
	pid_t self = getpid(), pid;
	int lines_of[2], words_of[2];

	if (pipe2(lines_of, O_CLOEXEC) || pipe2(words_of, O_CLOEXEC))
		err(1, "pipe");
	pid = fork();
	if (!pid) {
		dup2(lines_of[1], STDOUT_FILENO);
		dup2(words_of[1], STDERR_FILENO);
		exec_with_pid(argc, argv, self);
	}
	close(lines_of[1]);
	close(words_of[1]);
	return (struct watcher){ .pid = pid, .out = lines_of[0], .err = words_of[0] };
}

/* Reads from fd until what has come since then holds the text. When that was. */
static long long await(int fd, const char *text)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	ssize_t got;

	for (lines_len = 0; lines_len < LINES_SIZE - 1; lines_len += got) {
		if (poll(&poll_fd, 1, PATIENCE_MS) != 1)
			break;
		got = read(fd, lines + lines_len, LINES_SIZE - 1 - lines_len);
		if (got <= 0)
			break;
		lines[lines_len + got] = '\0';
		if (strstr(lines, text))
			return now_ns();
	}
	errx(1, "no line with %s", text);
}

/* Out of step with what may happen at regular times. */
static void pause_somewhat(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 30000000 + random() % 20000000 }, NULL);
}

static long long time_of_line(const struct watcher *watcher, volatile char *page)
{
	char address[32];
	long long start;

	snprintf(address, sizeof(address), "%p", (void *)page);
	pause_somewhat();
	start = now_ns();
	*page = 1;
	return await(watcher->out, address) - start;
}

static int compare(const void *a, const void *b)
{
	long long x = *(const long long *)a, y = *(const long long *)b;

	return (x > y) - (x < y);
}

static void measure(const struct watcher *watcher, size_t count)
{
	static long long times[MAX_COUNT];
	char *memory = mmap(NULL, count * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		err(1, "mmap");
	madvise(memory, count * PAGE, MADV_NOHUGEPAGE);
	await(watcher->err, "watching");
	for (size_t i = 0; i < count; i++)
		times[i] = time_of_line(watcher, memory + i * PAGE);
	qsort(times, count, sizeof(*times), compare);
	printf("median %lld p90 %lld max %lld\n", times[count / 2], times[count * 9 / 10], times[count - 1]);
}

int main(int argc, char **argv)
{
	size_t count = argc > 2 ? strtoul(argv[1], NULL, 10) : 0;
	struct watcher watcher;

	if (!count || count > MAX_COUNT) {
		fprintf(stderr, "fault_to_line COUNT COMMAND...\n");
		return 1;
	}
	lines = calloc(1, LINES_SIZE);
	if (!lines)
		err(1, "calloc");
	memset(lines, 1, LINES_SIZE);		/* its own faults come first */
	watcher = start(argc - 2, argv + 2);
	measure(&watcher, count);
	kill(watcher.pid, SIGTERM);
	waitpid(watcher.pid, NULL, 0);
	return 0;
}
