// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "text.h"
#include "utf8.h"

void put_colour(struct output *out, const char *colour)
{
	if (output_has_colour(out))
		put_hidden(out, colour);
}

void put_safe(struct output *out, const char *s)
{
	while (*s) {
		size_t n = utf8_length(s);

		if (n && !utf8_is_control(s)) {
			put_mem(out, s, n);
			s += n;
			continue;
		}
		for (n = n ? n : 1; n; n--) {
			put_str(out, "\\x");
			put_hex_byte(out, *s++);
		}
	}
}

void put_column(struct output *out, const char *text, unsigned int width)
{
	size_t mark = put_mark(out);

	put_safe(out, text);
	put_fill(out, mark, width);
	put_char(out, ' ');
}
