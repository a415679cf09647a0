/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Text that was put before, to be put again where it would be the same: it is known by all that decides about it. */
#ifndef PFWATCH_KNOWN_TEXT_H
#define PFWATCH_KNOWN_TEXT_H

#include "output.h"

/* What isn't used of it is 0. No array: it is to stay in registers. */
struct text_key {
	uint64_t a, b, c, d, e;
};

struct known_text {
	struct text_key key;
	size_t len;		/* 0: nothing */
	char text[976];
};

#define KNOWN_TEXT_BITS 6

/* Those of one kind; a newer one takes the place of an older one. */
struct known_texts {
	struct known_text slot[1 << KNOWN_TEXT_BITS];
};

static inline struct known_text *known_slot(struct known_texts *texts, struct text_key key)
{
	uint64_t hash = (key.a + key.b + key.c + key.d + key.e) * 0x9e3779b97f4a7c15;

	return &texts->slot[hash >> (64 - KNOWN_TEXT_BITS)];
}

static inline bool put_known(struct output *out, const struct known_text *known, struct text_key key)
{
	const struct text_key *other = &known->key;

	if (!known->len || ((key.a ^ other->a) | (key.b ^ other->b) | (key.c ^ other->c) | (key.d ^ other->d) |
			    (key.e ^ other->e)))
		return false;
	put_mem(out, known->text, known->len);
	return true;
}

/* What was put since the mark, if it is in the buffer still. */
static inline void learn_text(const struct output *out, struct known_text *known, struct text_key key, size_t mark)
{
	size_t len = put_mark(out) - mark;

	if (len > sizeof(known->text) || len > out->len)
		return;
	known->key = key;
	known->len = len;
	memcpy(known->text, out->buf + out->len - len, len);
}

#endif
