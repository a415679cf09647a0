/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Text that was put before, to be put again where it would be the same: it is known by all that decides about it. */
#ifndef PFWATCH_KNOWN_TEXT_H
#define PFWATCH_KNOWN_TEXT_H

#include "output.h"

struct known_text {
	uint64_t key[2];
	size_t len;		/* 0: nothing */
	char text[480];
};

static inline bool put_known(struct output *out, const struct known_text *known, uint64_t a, uint64_t b)
{
	if (!known->len || known->key[0] != a || known->key[1] != b)
		return false;
	put_mem(out, known->text, known->len);
	return true;
}

/* What was put since the mark, if it is in the buffer still. */
static inline void learn_text(const struct output *out, struct known_text *known, uint64_t a, uint64_t b, size_t mark)
{
	size_t len = put_mark(out) - mark;

	if (len > sizeof(known->text) || len > out->len)
		return;
	*known = (struct known_text){ .key = { a, b }, .len = len };
	memcpy(known->text, out->buf + out->len - len, len);
}

#endif
