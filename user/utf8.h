/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef PFWATCH_UTF8_H
#define PFWATCH_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* How many of the n bytes at s, from the first on, are plain: ASCII, no controls, and not of the two that JSON escapes. */
static inline size_t utf8_plain(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && s[i] >= 0x20 && s[i] < 0x7f && s[i] != '"' && s[i] != '\\')
		i++;
	return i;
}

/* The length of the UTF-8 character at s (which ends with a NUL), or 0 if there is none. */
size_t utf8_length(const char *s);

/* Whether it is a control character: C0, DEL, or C1, which a terminal obeys as well. */
bool utf8_is_control(const char *s);

/* Whether the environment says that text is UTF-8. */
bool utf8_is_wanted(void);

#endif
