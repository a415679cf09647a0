// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "text.h"

#include <stdio.h>
#include <string.h>

#include "utf8.h"

void put_colour(struct output *out, const char *colour)
{
	if (output_has_colour(out))
		put_hidden(out, colour);
}

void put_safe_part(struct output *out, const char *s, size_t len)
{
	const char *end = s + len;

	while (s < end) {
		size_t n = utf8_plain(s, end - s);

		if (n) {
			put_mem(out, s, n);
			s += n;
			continue;
		}
		n = utf8_length(s);
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

void put_safe(struct output *out, const char *s)
{
	put_safe_part(out, s, strlen(s));
}

void put_column(struct output *out, const char *text, unsigned int width)
{
	size_t mark = put_mark(out);

	put_safe(out, text);
	put_fill(out, mark, width);
	put_char(out, ' ');
}

void put_column_hex(struct output *out, uint64_t value, unsigned int width)
{
	char *begin = output_room(out, 2 * STORE_NUMBER), *at = store_hex(begin, value);

	at = store_blanks(at, begin + width - at);
	output_put_to(out, store_str(at, " "));
}

void put_right(struct output *out, const char *text, unsigned int width)
{
	put_fill(out, put_mark(out), width - strlen(text));
	put_str(out, text);
}

void put_header_end(struct output *out)
{
	put_colour(out, PLAIN);
	put_char(out, '\n');
}

/* What a character takes when it is made visible (put_safe()); *n are its bytes. */
static unsigned int character_width(const char *s, size_t *n)
{
	size_t length = utf8_length(s);

	*n = length ? length : 1;
	return length && !utf8_is_control(s) ? 1 : 4 * *n;
}

unsigned int text_width(const char *s)
{
	unsigned int width = 0;
	size_t n;

	for (; *s; s += n)
		width += character_width(s, &n);
	return width;
}

void put_name(struct output *out, const char *name, unsigned int room)
{
	unsigned int width = text_width(name);
	size_t n;

	if (width > room && *name == '/') {
		name = strrchr(name, '/') + 1;
		width = text_width(name);
	}
	if (width > room) {
		while (width > room - 2) {
			width -= character_width(name, &n);
			name += n;
		}
		put_str(out, "..");
	}
	put_safe(out, name);
}

void put_cut(struct output *out, const char *s, unsigned int room)
{
	unsigned int width = 0;
	size_t len = 0, n;

	if (text_width(s) <= room) {
		put_safe(out, s);
		return;
	}
	while ((width += character_width(s + len, &n)) <= room - 2)
		len += n;
	put_safe_part(out, s, len);
	put_str(out, "..");
}

void put_size(struct output *out, uint64_t bytes, unsigned int width)
{
	static const char units[] = "BKMGTPE";
	unsigned int unit = 0;
	uint64_t one = 1;
	char text[32];

	while (bytes / one >= 1024) {
		one <<= 10;
		unit++;
	}
	if (unit > 1 && bytes / one < 10)
		snprintf(text, sizeof(text), "%u.%u%c", (unsigned int)(bytes / one),
			 (unsigned int)(bytes % one / (one / 1024) * 10 / 1024), units[unit]);
	else
		snprintf(text, sizeof(text), "%u%.1s", (unsigned int)(bytes / one), unit ? &units[unit] : "");
	put_fill(out, put_mark(out), strlen(text) < width ? width - strlen(text) : 0);
	put_str(out, text);
}

char *store_duration(char *at, uint64_t ns, unsigned int width)
{
	static const char units[][STORE_WORD] = { "ns", "us", "ms", "s" };
	unsigned int unit = 0, rest = 0, used;
	bool has_tenths;

	for (; unit < 3 && ns >= 1000; unit++) {
		rest = ns % 1000;
		ns /= 1000;
	}
	has_tenths = unit && ns < 10;
	used = dec_digits(ns) + (has_tenths ? 2 : 0) + (unit < 3 ? 2 : 1);
	at = store_dec(store_blanks(at, (int)(width - used)), ns);
	if (has_tenths)
		at = store_dec(store_str(at, "."), rest / 100);
	return store_padded(at, units[unit]);
}

void put_duration(struct output *out, uint64_t ns, unsigned int width)
{
	output_put_to(out, store_duration(output_room(out, 2 * STORE_NUMBER), ns, width));
}
