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

struct output;

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

void put_char(struct output *out, char c);
void put_str(struct output *out, const char *str);
void put_mem(struct output *out, const char *mem, size_t len);
void put_dec(struct output *out, uint64_t value);
void put_dec_right(struct output *out, uint64_t value, unsigned int width, char fill);
void put_hex(struct output *out, uint64_t value);	/* with 0x */
void put_hex_byte(struct output *out, unsigned char byte);	/* two digits */
void put_hex16(struct output *out, uint64_t value);	/* with 0x and 16 digits */

/* What takes no place in a column: colours. */
void put_hidden(struct output *out, const char *str);

/* Columns: remember where one starts, and fill it up to a width when it is written. */
size_t put_mark(struct output *out);
void put_fill(struct output *out, size_t mark, unsigned int width);

#endif
