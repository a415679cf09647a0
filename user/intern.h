/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Each string once, for as long as the set lives: names that many faults share. */
#ifndef PFWATCH_INTERN_H
#define PFWATCH_INTERN_H

struct strings;

struct strings *strings_new(void);
void strings_free(struct strings *strings);

/* The set's own copy. NULL: out of memory, or the set has become larger than names ever are. */
const char *strings_keep(struct strings *strings, const char *string);

#endif
