// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "demo_result.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define put_args(text, format) \
	do { \
		va_list args_; \
		va_start(args_, format); \
		vsnprintf(text, sizeof(text), format, args_); \
		va_end(args_); \
	} while (0)

/* ---- sections ---- */

struct demo_section *result_section(struct demo_result *result, enum section_kind kind, const char *key,
				    const char *title)
{
	struct demo_section *section = &result->section[result->sections];

	if (result->sections == DEMO_SECTIONS - 1)
		result_fail(result, "there is no room for all its sections"); /* the last one takes what is too much */
	else
		result->sections++;
	section->kind = kind;
	section->key = key;
	snprintf(section->title, sizeof(section->title), "%s", title);
	return section;
}

struct demo_section *result_table(struct demo_result *result, const char *key, const char *title,
				  const struct demo_column *columns, unsigned int n)
{
	struct demo_section *section = result_section(result, SECTION_TABLE, key, title);

	section->column = columns;
	section->columns = n;
	return section;
}

void section_line(struct demo_section *section, const char *format, ...)
{
	if (section->lines < DEMO_LINES)
		put_args(section->line[section->lines++], format);
}

struct demo_view *section_view(struct demo_section *section, uint32_t pid, uint64_t addr, const struct path *path,
			       const char *format, ...)
{
	struct demo_view *view = &section->view[section->views];

	if (section->views < DEMO_VIEWS - 1)
		section->views++;
	view->pid = pid;
	view->addr = addr;
	view->path = *path;
	put_args(view->label, format);
	return view;
}

void section_faults(struct demo_section *section, const struct fault *faults, unsigned int n)
{
	for (unsigned int i = 0; i < n && section->faults < DEMO_FAULTS; i++)
		section->fault[section->faults++] = faults[i];
}

struct demo_row *section_row(struct demo_section *section, const char *format, ...)
{
	struct demo_row *row = &section->row[section->rows];

	if (section->rows < DEMO_ROWS - 1)
		section->rows++;
	put_args(row->label, format);
	return row;
}

void row_set(struct demo_row *row, unsigned int column, double value)
{
	row->cell[column].known = true;
	row->cell[column].value = value;
}

void row_text(struct demo_row *row, unsigned int column, const char *text)
{
	row->cell[column].known = true;
	snprintf(row->cell[column].text, sizeof(row->cell[column].text), "%s", text);
}

void row_skip(struct demo_row *row, const char *why)
{
	snprintf(row->why, sizeof(row->why), "%s", why);
}

/* ---- claims ---- */

static struct demo_claim *new_claim(struct demo_result *result, bool holds)
{
	struct demo_claim *claim = &result->claim[result->claims];

	if (result->claims == DEMO_CLAIMS - 1)
		result_fail(result, "there is no room for all its claims");
	else
		result->claims++;
	claim->verdict = holds ? VERDICT_OK : VERDICT_FAILED;
	return claim;
}

static struct demo_claim *claim_range(struct demo_result *result, uint64_t low, uint64_t high, uint64_t measured)
{
	struct demo_claim *claim = new_claim(result, measured >= low && measured <= high);

	if (low == high)
		snprintf(claim->expected, sizeof(claim->expected), "%" PRIu64, low);
	else
		snprintf(claim->expected, sizeof(claim->expected), "%" PRIu64 " to %" PRIu64, low, high);
	snprintf(claim->measured, sizeof(claim->measured), "%" PRIu64, measured);
	return claim;
}

void claim_equal(struct demo_result *result, uint64_t expected, uint64_t measured, const char *format, ...)
{
	struct demo_claim *claim = claim_range(result, expected, expected, measured);

	put_args(claim->text, format);
}

void claim_counted(struct demo_result *result, uint64_t expected, uint64_t measured, const char *format, ...)
{
	uint64_t least = expected > result->unseen ? expected - result->unseen : 0;
	struct demo_claim *claim = claim_range(result, least, expected, measured);

	put_args(claim->text, format);
}

void claim_between(struct demo_result *result, uint64_t low, uint64_t high, uint64_t measured, const char *format, ...)
{
	struct demo_claim *claim = claim_range(result, low, high, measured);

	put_args(claim->text, format);
}

void claim_ratio(struct demo_result *result, double limit, double more, double less, const char *format, ...)
{
	double ratio = less > 0 ? more / less : 0;
	struct demo_claim *claim = new_claim(result, ratio > limit);

	put_args(claim->text, format);
	snprintf(claim->expected, sizeof(claim->expected), "> %g", limit);
	snprintf(claim->measured, sizeof(claim->measured), "%.3g", ratio);
}

void claim_holds(struct demo_result *result, bool holds, const char *format, ...)
{
	struct demo_claim *claim = new_claim(result, holds);

	put_args(claim->text, format);
	snprintf(claim->expected, sizeof(claim->expected), "yes");
	snprintf(claim->measured, sizeof(claim->measured), holds ? "yes" : "no");
}

void claim_skip(struct demo_result *result, const char *why, const char *format, ...)
{
	struct demo_claim *claim = new_claim(result, true);

	put_args(claim->text, format);
	claim->verdict = VERDICT_SKIPPED;
	snprintf(claim->why, sizeof(claim->why), "%s", why);
}

/* ---- the whole ---- */

void result_skip(struct demo_result *result, const char *format, ...)
{
	result->verdict = VERDICT_SKIPPED;
	put_args(result->why, format);
}

void result_fail(struct demo_result *result, const char *format, ...)
{
	result->verdict = VERDICT_FAILED;
	put_args(result->why, format);
}

/* Nothing that was claimed alone: nothing was shown. */
void result_conclude(struct demo_result *result)
{
	unsigned int of[3] = { 0 };

	if (result->verdict != VERDICT_OK)
		return;
	for (unsigned int i = 0; i < result->claims; i++)
		of[result->claim[i].verdict]++;
	if (of[VERDICT_FAILED])
		result->verdict = VERDICT_FAILED;
	else if (!of[VERDICT_OK])
		result_fail(result, "none of its claims could be checked");
}

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
		[VERDICT_OK] = "ok", [VERDICT_FAILED] = "failed", [VERDICT_SKIPPED] = "skipped",
	};

	return names[verdict];
}

/* ---- to show one ---- */

double row_max(const struct demo_section *section, unsigned int column)
{
	double max = 0;

	for (unsigned int i = 0; i < section->rows; i++)
		if (section->row[i].cell[column].known && section->row[i].cell[column].value > max)
			max = section->row[i].cell[column].value;
	return max;
}

int bar_column(const struct demo_section *section)
{
	for (unsigned int i = 0; i < section->columns; i++)
		if (section->column[i].bars)
			return i;
	return -1;
}

static void format_count(uint64_t value, char *text, unsigned int size)
{
	char digits[24];
	unsigned int n = snprintf(digits, sizeof(digits), "%" PRIu64, value), at = 0;

	for (unsigned int i = 0; i < n && at + 2 < size; i++) {
		if (i && (n - i) % 3 == 0)
			text[at++] = ',';
		text[at++] = digits[i];
	}
	text[at] = '\0';
}

static void format_scaled(double value, double base, const char *const *units, unsigned int n, char *text,
			  unsigned int size)
{
	unsigned int unit = 0;

	while (unit + 1 < n && value >= base) {
		value /= base;
		unit++;
	}
	snprintf(text, size, value < 10 && value != (unsigned int)value ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

void cell_format(enum unit unit, const struct demo_cell *cell, char *text, unsigned int size)
{
	static const char *const times[] = { "ns", "us", "ms", "s" };
	static const char *const sizes[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB" };

	if (!cell->known) {
		snprintf(text, size, "-");
		return;
	}
	switch (unit) {
	case UNIT_COUNT: format_count(cell->value, text, size); break;
	case UNIT_NS: format_scaled(cell->value, 1000, times, 4, text, size); break;
	case UNIT_BYTES: format_scaled(cell->value, 1024, sizes, 6, text, size); break;
	case UNIT_RATIO: snprintf(text, size, cell->value < 10 ? "%.1fx" : "%.0fx", cell->value); break;
	case UNIT_TEXT: snprintf(text, size, "%s", cell->text); break;
	}
}
