// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "csv.h"

#include <string.h>

#include "text.h"

static void begin_field(struct csv *csv)
{
	if (csv->begun)
		put_char(csv->out, ',');
	csv->begun = true;
}

void csv_none(struct csv *csv)
{
	begin_field(csv);
}

void csv_str(struct csv *csv, const char *value)
{
	begin_field(csv);
	if (!value)
		return;
	if (!strpbrk(value, ",\"")) {
		put_safe(csv->out, value);
		return;
	}
	put_char(csv->out, '"');
	for (const char *quote; (quote = strchr(value, '"')); value = quote + 1) {
		put_safe_part(csv->out, value, quote - value);
		put_str(csv->out, "\"\"");
	}
	put_safe(csv->out, value);
	put_char(csv->out, '"');
}

void csv_dec(struct csv *csv, uint64_t value)
{
	begin_field(csv);
	put_dec(csv->out, value);
}

void csv_hex(struct csv *csv, uint64_t value)
{
	begin_field(csv);
	put_hex(csv->out, value);
}

void csv_end(struct csv *csv)
{
	put_char(csv->out, '\n');
	csv->begun = false;
}
