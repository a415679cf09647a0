/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A path for who wants to know how the processor finds it: the arithmetic, and the bits of each entry. */
#ifndef PFWATCH_RENDER_EXPLAIN_H
#define PFWATCH_RENDER_EXPLAIN_H

#include "path.h"
#include "render.h"

void put_explanation(const struct render *render, const struct path *path, uint64_t addr);

/* Of `resolve`: it can show paths alone. */
extern const struct form form_explain;

/* The bits of an address, or of a part of it: from high to low, both included; text has room for 65 characters. */
void explain_bits(uint64_t value, unsigned int high, unsigned int low, char *text);

/* What an entry's flag means, in the reader's language; "" for a name that isn't known. */
const char *flag_meaning(const char *flag, enum kind kind);

/* The highest bit of an address that a level's index takes; the lowest is its shift. */
unsigned int level_high_bit(const struct geometry *geometry, enum level level);

#endif
