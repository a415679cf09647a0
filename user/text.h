/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The pieces that text for people is made of. */
#ifndef PFWATCH_TEXT_H
#define PFWATCH_TEXT_H

#include "output.h"

#define BOLD	"\033[1m"
#define DIM	"\033[2m"
#define YELLOW	"\033[33m"
#define PLAIN	"\033[0m"

void put_colour(struct output *out, const char *colour);	/* on a terminal */

/* Names come from elsewhere: what a terminal would take for a command, or is no text, is made visible. */
void put_safe(struct output *out, const char *s);
void put_safe_part(struct output *out, const char *s, size_t len);
void put_column(struct output *out, const char *text, unsigned int width);
void put_column_hex(struct output *out, uint64_t value, unsigned int width);
void put_right(struct output *out, const char *text, unsigned int width);	/* nothing behind it */

void put_header_end(struct output *out);	/* of a line that began with a colour */

unsigned int text_width(const char *s);	/* the columns that put_safe() takes */

/* What has more characters than that: of a path the last part, and of that its end. */
void put_name(struct output *out, const char *name, unsigned int room);
void put_cut(struct output *out, const char *s, unsigned int room);	/* its beginning, then; room: at least 2 */

/*
 * 812, 4K, 1.5M, 23G: what is less than the last digit is left out, so nothing ever looks larger than it is.
 * Right-aligned; six characters are always enough.
 */
void put_size(struct output *out, uint64_t bytes, unsigned int width);

/* 812ns, 1.2us, 35ms: what is less than the last digit is left out. Right-aligned; six characters are always enough. */
void put_duration(struct output *out, uint64_t ns, unsigned int width);
char *store_duration(char *at, uint64_t ns, unsigned int width);	/* see store.h; it takes 2 * STORE_NUMBER */

#endif
