/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The pieces that comma-separated values are made of, as RFC 4180 has them, but that a line ends as on Unix, with \n.
 * Strings are made visible as in text (put_safe()): a field has no line break, and no command to a terminal. It is
 * written with the comma before it, if it isn't the first of its line.
 */
#ifndef PFWATCH_CSV_H
#define PFWATCH_CSV_H

#include "output.h"

struct csv {
	struct output *out;
	bool begun;		/* the line has a field */
};

void csv_str(struct csv *csv, const char *value);	/* quoted, where it has to be; NULL: not known */
void csv_dec(struct csv *csv, uint64_t value);
void csv_hex(struct csv *csv, uint64_t value);
void csv_none(struct csv *csv);				/* an empty field: not known */
void csv_end(struct csv *csv);				/* of the line */

#endif
