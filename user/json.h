/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The pieces that JSON is made of. */
#ifndef PFWATCH_JSON_H
#define PFWATCH_JSON_H

#include "output.h"

/* Names of processes and files are bytes of any kind; what JSON can't hold becomes U+FFFD. */
void put_json_str(struct output *out, const char *s);
void put_json_text(struct output *out, const char *s);	/* without the quotes */

/* ,"key": for a member; the first one of an object comes without the comma, by hand. */
static inline void put_key(struct output *out, const char *key)
{
	put_str(out, ",\"");
	put_str(out, key);
	put_str(out, "\":");
}

static inline void put_key_str(struct output *out, const char *key, const char *value)
{
	put_key(out, key);
	put_json_str(out, value);
}

static inline void put_key_dec(struct output *out, const char *key, uint64_t value)
{
	put_key(out, key);
	put_dec(out, value);
}

static inline void put_key_hex(struct output *out, const char *key, uint64_t value)
{
	put_key(out, key);
	put_char(out, '"');
	put_hex(out, value);
	put_char(out, '"');
}

/* A list of words that need no escape. */
void put_json_words(struct output *out, const char *const *words, size_t n);

#endif
