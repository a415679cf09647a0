// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "json.h"
#include "utf8.h"

static void put_json_char(struct output *out, const char *s, size_t n)
{
	if (utf8_is_control(s)) {
		put_str(out, "\\u00");
		put_hex_byte(out, s[n - 1]);	/* of C1 the second byte, C2 80 to C2 9F, is the code */
		return;
	}
	if (*s == '"' || *s == '\\')
		put_char(out, '\\');
	put_mem(out, s, n);
}

void put_json_text(struct output *out, const char *s)
{
	size_t n = utf8_plain(s, strlen(s));

	put_mem(out, s, n);
	for (s += n; *s; s += n ? n : 1) {
		n = utf8_length(s);
		if (n)
			put_json_char(out, s, n);
		else
			put_str(out, "\\ufffd");
	}
}

void put_json_str(struct output *out, const char *s)
{
	put_char(out, '"');
	put_json_text(out, s);
	put_char(out, '"');
}

void put_json_words(struct output *out, const char *const *words, size_t n)
{
	put_char(out, '[');
	for (size_t i = 0; i < n; i++) {
		put_str(out, i ? ",\"" : "\"");
		put_str(out, words[i]);
		put_char(out, '"');
	}
	put_char(out, ']');
}
