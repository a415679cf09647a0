// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct output {
	int fd;
	int error;
	const char *name;
	bool colour;
	int interrupt;
	bool blocks;		/* a write may wait for a reader */
	size_t flushed;		/* bytes written before the buffer, and those without width: for put_mark() */
	size_t hidden;
	size_t len;
	char buf[64 * 1024];
};

static struct output *output_new(int fd, const char *name)
{
	struct output *out = calloc(1, sizeof(*out));
	struct stat status;

	if (!out)
		return NULL;
	out->fd = fd;
	out->name = name;
	out->colour = isatty(fd) && !getenv("NO_COLOR");
	out->interrupt = -1;
	out->blocks = fstat(fd, &status) || !S_ISREG(status.st_mode);
	return out;
}

void output_set_interrupt(struct output *out, int interrupt)
{
	out->interrupt = interrupt;
}

struct output *output_to(int fd)
{
	return output_new(fd, fd == STDOUT_FILENO ? "standard output" : "standard error");
}

struct output *output_open(const char *file)
{
	struct output *out;
	int fd;

	if (!file)
		return output_to(STDOUT_FILENO);
	/* Physical addresses are for the administrator alone: nobody else may read the file. */
	fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return NULL;
	out = output_new(fd, file);
	if (!out)
		close(fd);
	return out;
}

/* The reader may just be slow: the time it has once somebody wants us to end. */
#define GRACE_MS 1000

static int poll_again(struct pollfd *fds, nfds_t n, int timeout_ms)
{
	int ready;

	do
		ready = poll(fds, n, timeout_ms);
	while (ready < 0 && errno == EINTR);
	return ready;
}

/* Waits for room, or the interrupt. 0, or an errno. */
static int wait_for_room(const struct output *out)
{
	struct pollfd fds[] = { { .fd = out->fd, .events = POLLOUT }, { .fd = out->interrupt, .events = POLLIN } };

	if (poll_again(fds, 2, -1) < 0)
		return errno;
	if (fds[0].revents || poll_again(fds, 1, GRACE_MS) > 0)
		return 0;
	return EINTR;
}

/* How much is written at once: to a pipe what surely doesn't block when there is room at all (POSIX: PIPE_BUF). */
static size_t piece(const struct output *out, size_t len)
{
	return out->blocks && len > PIPE_BUF ? PIPE_BUF : len;
}

int output_flush(struct output *out)
{
	size_t done = 0;

	while (!out->error && done < out->len) {
		ssize_t n;

		if (out->blocks && out->interrupt >= 0)
			out->error = wait_for_room(out);
		if (out->error)
			break;
		n = write(out->fd, out->buf + done, piece(out, out->len - done));
		if (n >= 0)
			done += n;
		else if (errno == EAGAIN)
			out->error = wait_for_room(out);
		else if (errno != EINTR)
			out->error = errno;
	}
	out->flushed += out->len;
	out->len = 0;
	return out->error;
}

/* A file system may tell of an error only at close(). */
int output_close(struct output *out)
{
	int error;

	output_flush(out);
	if (out->fd > STDERR_FILENO && close(out->fd) && !out->error)
		out->error = errno;
	error = out->error;
	free(out);
	return error;
}

int output_error(const struct output *out)
{
	return out->error;
}

const char *output_name(const struct output *out)
{
	return out->name;
}

bool output_has_colour(const struct output *out)
{
	return out->colour;
}

void put_mem(struct output *out, const char *mem, size_t len)
{
	while (len) {
		size_t room = sizeof(out->buf) - out->len;
		size_t n = len < room ? len : room;

		memcpy(out->buf + out->len, mem, n);
		out->len += n;
		mem += n;
		len -= n;
		if (out->len == sizeof(out->buf))
			output_flush(out);
	}
}

void put_char(struct output *out, char c)
{
	put_mem(out, &c, 1);
}

void put_str(struct output *out, const char *str)
{
	put_mem(out, str, strlen(str));
}

void put_dec_right(struct output *out, uint64_t value, unsigned int width, char fill)
{
	char digits[24];
	char *end = digits + sizeof(digits), *p = end;

	do
		*--p = '0' + value % 10;
	while (value /= 10);
	while ((size_t)(end - p) < width && p > digits)
		*--p = fill;
	put_mem(out, p, end - p);
}

void put_dec(struct output *out, uint64_t value)
{
	put_dec_right(out, value, 0, ' ');
}

static void put_hex_digits(struct output *out, uint64_t value, int digits)
{
	char text[18] = "0x";
	int i;

	for (i = 0; i < digits; i++)
		text[2 + i] = "0123456789abcdef"[value >> (4 * (digits - 1 - i)) & 15];
	put_mem(out, text, 2 + digits);
}

void put_hex(struct output *out, uint64_t value)
{
	put_hex_digits(out, value, value ? (67 - __builtin_clzll(value)) / 4 : 1);
}

void put_hex16(struct output *out, uint64_t value)
{
	put_hex_digits(out, value, 16);
}

void put_hex_byte(struct output *out, unsigned char byte)
{
	put_char(out, "0123456789abcdef"[byte >> 4]);
	put_char(out, "0123456789abcdef"[byte & 15]);
}

void put_hidden(struct output *out, const char *str)
{
	put_str(out, str);
	out->hidden += strlen(str);
}

size_t put_mark(struct output *out)
{
	return out->flushed + out->len - out->hidden;
}

void put_fill(struct output *out, size_t mark, unsigned int width)
{
	while (put_mark(out) - mark < width)
		put_char(out, ' ');
}
