/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The buffered writer behind all data, and the pieces lines are made of. Errors are kept, not lost: after the first
 * failed write everything is dropped and output_error() tells why.
 */
#ifndef PFWATCH_OUTPUT_H
#define PFWATCH_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "store.h"

/* Here for the pieces alone, which are put into the buffer without a call as long as they don't fill it. */
struct output {
	int fd;
	int error;
	const char *name;
	bool colour;
	int interrupt;
	bool blocks;		/* a write may wait for a reader */
	size_t flushed;		/* bytes written before the buffer, and those without width: for put_mark() */
	size_t hidden;
	size_t len;		/* less than the buffer has: what fills it is written at once */
	char buf[64 * 1024];
};

struct output *output_open(const char *file);	/* NULL: standard output. On failure NULL, and errno. */
struct output *output_to(int fd);		/* a stream that is open already; output_close() leaves it open */
int output_flush(struct output *out);		/* 0, or the errno of the first write that failed */
int output_close(struct output *out);		/* likewise */

/*
 * Where a reader that doesn't read must not hold us up for good: if interrupt becomes readable while it doesn't, the
 * write ends with EINTR after a second. It isn't read from. -1: none.
 */
void output_set_interrupt(struct output *out, int interrupt);
int output_error(const struct output *out);	/* likewise */
const char *output_name(const struct output *out);
bool output_has_colour(const struct output *out);

void put_mem_full(struct output *out, const char *mem, size_t len);	/* which may fill the buffer, and again */
void put_fill_full(struct output *out, size_t n);			/* blanks */

/* Whether so many bytes don't fill the buffer. */
static inline bool output_has_room(const struct output *out, size_t len)
{
	return len < sizeof(out->buf) - out->len;
}

/*
 * A place in the buffer with room for so many bytes (less than the buffer has): what is there may be stored without
 * asking for each piece, and is put when output_put_to() says where it ends.
 */
static inline char *output_room(struct output *out, size_t len)
{
	if (!output_has_room(out, len))
		output_flush(out);
	return out->buf + out->len;
}

static inline void output_put_to(struct output *out, const char *end)
{
	out->len = end - out->buf;
}

static inline void put_mem(struct output *out, const char *mem, size_t len)
{
	if (!output_has_room(out, len)) {
		put_mem_full(out, mem, len);
		return;
	}
	memcpy(out->buf + out->len, mem, len);
	out->len += len;
}

static inline void put_char(struct output *out, char c)
{
	put_mem(out, &c, 1);
}

static inline void put_str(struct output *out, const char *str)
{
	put_mem(out, str, strlen(str));
}

static inline void put_dec(struct output *out, uint64_t value)
{
	output_put_to(out, store_dec(output_room(out, STORE_NUMBER), value));
}

static inline void put_hex(struct output *out, uint64_t value)	/* with 0x */
{
	output_put_to(out, store_hex(output_room(out, STORE_NUMBER), value));
}

void put_dec_right(struct output *out, uint64_t value, unsigned int width, char fill);
void put_hex_byte(struct output *out, unsigned char byte);	/* two digits */
void put_hex16(struct output *out, uint64_t value);	/* with 0x and 16 digits */
unsigned int dec_digits(uint64_t value);		/* that put_dec() has */

/* What takes no place in a column: colours. */
void put_hidden(struct output *out, const char *str);

/* Columns: remember where one starts, and fill it up to a width when it is written. */
static inline size_t put_mark(const struct output *out)
{
	return out->flushed + out->len - out->hidden;
}

static inline void put_fill(struct output *out, size_t mark, unsigned int width)
{
	size_t used = put_mark(out) - mark;

	if (used >= width)
		return;
	if (width - used < STORE_SLACK)
		output_put_to(out, store_blanks(output_room(out, 2 * STORE_SLACK), width - used));
	else
		put_fill_full(out, width - used);
}

#endif
