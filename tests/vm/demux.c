// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The host's end of the channel: demux LOG END <channel
 *
 * Passes the guest's stdout and stderr on to its own, as they come, writes the
 * kernel log to the file LOG and the END frame's text to the file END.
 *
 * Exit status: 0 the END frame came; 1 the channel ended before; 2 it can't
 * write; 3 nobody reads what it writes (any more).
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "channel.h"

enum { ENDED = 0, CUT_OFF = 1, CANNOT_WRITE = 2, NOT_READ = 3 };

static char payload[CHANNEL_MAX];

static bool read_full(int fd, void *buf, size_t length)
{
	char *p = buf;

	while (length) {
		ssize_t n = read(fd, p, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		length -= n;
	}
	return true;
}

/* Whoever started us may have left a descriptor in non-blocking mode. */
static void wait_writable(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLOUT };

	poll(&pfd, 1, -1);
}

static void write_full(int fd, const char *p, size_t length)
{
	while (length) {
		ssize_t n = write(fd, p, length);

		if (n >= 0) {
			p += n;
			length -= n;
		} else if (errno == EAGAIN) {
			wait_writable(fd);
		} else if (errno == EPIPE) {
			exit(NOT_READ);
		} else if (errno != EINTR) {
			err(CANNOT_WRITE, "vm/run: the command's output");
		}
	}
}

static int create(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		err(CANNOT_WRITE, "%s", path);
	return fd;
}

/* The descriptor a stream goes to; -1 for what is no stream. */
static int target(uint32_t stream, int log_fd, int end_fd)
{
	switch (stream) {
	case CHANNEL_OUT: return STDOUT_FILENO;
	case CHANNEL_ERR: return STDERR_FILENO;
	case CHANNEL_LOG: return log_fd;
	case CHANNEL_END: return end_fd;
	default:	  return -1;
	}
}

int main(int argc, char **argv)
{
	struct channel_header head;
	int log_fd, end_fd;

	if (argc != 3)
		errx(CANNOT_WRITE, "usage: demux LOG END <channel");
	signal(SIGPIPE, SIG_IGN);
	log_fd = create(argv[1]);
	end_fd = create(argv[2]);

	while (read_full(STDIN_FILENO, &head, sizeof(head))) {
		int fd = target(head.stream, log_fd, end_fd);

		if (fd < 0 || head.length > sizeof(payload))
			errx(CUT_OFF, "vm/run: the guest's channel is garbled");
		if (!read_full(STDIN_FILENO, payload, head.length))
			break;
		write_full(fd, payload, head.length);
		if (head.stream == CHANNEL_END)
			return ENDED;
	}
	return CUT_OFF;
}
