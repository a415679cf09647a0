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

void put_mem_full(struct output *out, const char *mem, size_t len)
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

void put_fill_full(struct output *out, size_t n)
{
	while (n--)
		put_mem_full(out, " ", 1);
}

/* ---- numbers ---- */

#define SMALL(n) { \
	'0' + ((n) < 10 ? (n) : (n) < 100 ? (n) / 10 : (n) / 100), \
	(n) < 10 ? 0 : '0' + ((n) < 100 ? (n) % 10 : (n) / 10 % 10), (n) < 100 ? 0 : '0' + (n) % 10, \
	(n) < 10 ? 1 : (n) < 100 ? 2 : 3 }
#define SMALL10(n) \
	SMALL(n), SMALL(n + 1), SMALL(n + 2), SMALL(n + 3), SMALL(n + 4), \
	SMALL(n + 5), SMALL(n + 6), SMALL(n + 7), SMALL(n + 8), SMALL(n + 9)
#define SMALL100(n) \
	SMALL10(n), SMALL10(n + 10), SMALL10(n + 20), SMALL10(n + 30), SMALL10(n + 40), \
	SMALL10(n + 50), SMALL10(n + 60), SMALL10(n + 70), SMALL10(n + 80), SMALL10(n + 90)

const char small_numbers[1000][4] = {
	SMALL100(0), SMALL100(100), SMALL100(200), SMALL100(300), SMALL100(400),
	SMALL100(500), SMALL100(600), SMALL100(700), SMALL100(800), SMALL100(900),
};

/* Eight digits at a time, the last ones last. */
char *store_dec_long(char *at, uint64_t value)
{
	const uint64_t eight = 100000000;

	if (value >= eight * eight) {
		at = store_dec_short(at, value / (eight * eight));
		at = store_dec8(at, value / eight % eight);
	} else {
		at = store_dec_short(at, value / eight);
	}
	return store_dec8(at, value % eight);
}

unsigned int dec_digits(uint64_t value)
{
	unsigned int digits = 1;

	for (; value >= 100; value /= 100)
		digits += 2;
	return digits + (value >= 10);
}

/* The longest number, or more. */
#define MAX_WIDTH 24

void put_dec_right(struct output *out, uint64_t value, unsigned int width, char fill)
{
	unsigned int digits = dec_digits(value), blanks;
	char *text = output_room(out, MAX_WIDTH + STORE_NUMBER);

	width = width < MAX_WIDTH ? width : MAX_WIDTH;
	blanks = digits < width ? width - digits : 0;
	memset(text, fill, blanks);
	output_put_to(out, store_dec(text + blanks, value));
}

void put_hex16(struct output *out, uint64_t value)
{
	char *text = output_room(out, STORE_NUMBER);

	output_put_to(out, store_hex_digits(store_str(text, "0x"), value));
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
