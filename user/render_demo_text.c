// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Demonstrations for people: tables with bars, paths side by side, what was claimed and what was measured. */
#include <stdio.h>
#include <string.h>

#include "render_demo.h"
#include "render_explain.h"
#include "text.h"

#define COLUMNS		100
#define MAX_BAR		40

enum { WIDTH_VERDICT = 8, WIDTH_CLAIM = 64, WIDTH_EXPECTED = 12 };

#define GREEN	"\033[32m"
#define RED	"\033[31m"
#define CYAN	"\033[36m"

static void put_title(struct output *out, const char *title)
{
	put_colour(out, BOLD);
	put_str(out, title);
	put_header_end(out);
}

/* ---- tables ---- */

struct widths {
	unsigned int label, column[DEMO_COLUMNS], bar;
};

static unsigned int larger(unsigned int a, unsigned int b)
{
	return a > b ? a : b;
}

static struct widths measure_table(const struct demo_section *section)
{
	struct widths widths = { .label = strlen("SKIPPED") };
	unsigned int used;
	char text[64];

	for (unsigned int i = 0; i < section->rows; i++)
		widths.label = larger(widths.label, strlen(section->row[i].label));
	used = 2 + widths.label;
	for (unsigned int c = 0; c < section->columns; c++) {
		widths.column[c] = strlen(section->column[c].title);
		for (unsigned int i = 0; i < section->rows; i++) {
			cell_format(section->column[c].unit, &section->row[i].cell[c], text, sizeof(text));
			widths.column[c] = larger(widths.column[c], strlen(text));
		}
		used += 2 + widths.column[c];
	}
	widths.bar = used + 2 + 8 > COLUMNS ? 0 : COLUMNS - used - 2;
	widths.bar = widths.bar > MAX_BAR ? MAX_BAR : widths.bar;
	return widths;
}

static void put_cell_right(struct output *out, const char *text, unsigned int width)
{
	put_str(out, "  ");
	put_right(out, text, width);
}

/* In eighths of a column where text may be more than ASCII. What is more than nothing is never shown as nothing. */
static void put_bar(const struct render *render, double share, unsigned int width)
{
	static const char *const eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	unsigned int fine = render->utf8 ? 8 : 1, length = share * width * fine + 0.5;
	struct output *out = render->out;

	if (share > 0 && !length)
		length = 1;
	put_colour(out, CYAN);
	for (unsigned int i = 0; i < length / fine; i++)
		put_str(out, render->utf8 ? "█" : "#");
	put_str(out, eighths[length % fine]);
	put_colour(out, PLAIN);
}

static void put_table_header(struct output *out, const struct demo_section *section, const struct widths *widths)
{
	put_colour(out, DIM);
	put_str(out, "  ");
	put_fill(out, put_mark(out), widths->label);
	for (unsigned int c = 0; c < section->columns; c++)
		put_cell_right(out, section->column[c].title, widths->column[c]);
	put_header_end(out);
}

static void put_row(const struct render *render, const struct demo_section *section, const struct widths *widths,
		    const struct demo_row *row)
{
	int bar = bar_column(section);
	struct output *out = render->out;
	char text[64];
	size_t mark;

	put_str(out, "  ");
	mark = put_mark(out);
	put_safe(out, row->label);
	put_fill(out, mark, widths->label);
	if (*row->why) {
		put_colour(out, YELLOW);
		put_str(out, "  skipped: ");
		put_safe(out, row->why);
		put_header_end(out);
		return;
	}
	for (unsigned int c = 0; c < section->columns; c++) {
		cell_format(section->column[c].unit, &row->cell[c], text, sizeof(text));
		put_cell_right(out, text, widths->column[c]);
	}
	if (bar >= 0 && widths->bar && row->cell[bar].known && row_max(section, bar) > 0) {
		put_str(out, "  ");
		put_bar(render, row->cell[bar].value / row_max(section, bar), widths->bar);
	}
	put_char(out, '\n');
}

static void put_table(const struct render *render, const struct demo_section *section)
{
	struct widths widths = measure_table(section);

	put_table_header(render->out, section, &widths);
	for (unsigned int i = 0; i < section->rows; i++)
		put_row(render, section, &widths, &section->row[i]);
}

/* ---- claims ---- */

static void put_verdict(struct output *out, enum verdict verdict)
{
	static const char *const colours[] = { [VERDICT_OK] = GREEN, [VERDICT_FAILED] = RED,
					       [VERDICT_SKIPPED] = YELLOW };

	put_colour(out, colours[verdict]);
	put_column(out, verdict_name(verdict), WIDTH_VERDICT);
	put_colour(out, PLAIN);
}

static void put_claim(struct output *out, const struct demo_claim *claim)
{
	put_str(out, "  ");
	put_verdict(out, claim->verdict);
	if (claim->verdict == VERDICT_SKIPPED) {
		put_safe(out, claim->text);
		put_str(out, ": ");
		put_safe(out, claim->why);
		put_char(out, '\n');
		return;
	}
	put_column(out, claim->text, WIDTH_CLAIM);
	put_column(out, claim->expected, WIDTH_EXPECTED);
	put_str(out, claim->measured);
	put_char(out, '\n');
}

static void put_claims(struct output *out, const struct demo_result *result)
{
	put_colour(out, BOLD);
	put_str(out, "  ");
	put_column(out, "CLAIMS", WIDTH_VERDICT);
	put_column(out, "", WIDTH_CLAIM);
	put_column(out, "EXPECTED", WIDTH_EXPECTED);
	put_str(out, "MEASURED");
	put_header_end(out);
	for (unsigned int i = 0; i < result->claims; i++)
		put_claim(out, &result->claim[i]);
}

/* ---- the whole ---- */

/* The faults that are shown as they come are shown. */
static void put_section(const struct render *render, const struct demo_section *section)
{
	if (section->kind == SECTION_FAULTS)
		return;
	put_title(render->out, section->title);
	switch (section->kind) {
	case SECTION_TABLE: put_table(render, section); break;
	case SECTION_PATHS: demo_put_paths(render, section); break;
	case SECTION_EXPLAINED: put_explanation(render, &section->view[0].path, section->view[0].addr); break;
	default:
		for (unsigned int i = 0; i < section->lines; i++) {
			put_str(render->out, "  ");
			put_safe(render->out, section->line[i]);
			put_char(render->out, '\n');
		}
	}
	put_char(render->out, '\n');
}

static void put_heading(struct output *out, const char *name, const char *title)
{
	put_colour(out, BOLD);
	put_str(out, name);
	put_str(out, ": ");
	put_str(out, title);
	put_header_end(out);
}

static void begin_text(const struct render *render, const struct demo_result *result)
{
	struct output *out = render->out;

	put_heading(out, result->name, result->title);
	put_str(out, result->shows);
	put_char(out, '\n');
	put_str(out, result->expects);
	put_str(out, "\n\n");
}

static void end_text(const struct render *render, const struct demo_result *result)
{
	struct output *out = render->out;

	if (result->showed_faults)
		put_char(out, '\n');
	for (unsigned int i = 0; i < result->sections; i++)
		put_section(render, &result->section[i]);
	if (result->claims)
		put_claims(out, result);
	put_char(out, '\n');
	put_verdict(out, result->verdict);
	put_str(out, result->name);
	if (*result->why) {
		put_str(out, ": ");
		put_safe(out, result->why);
	}
	put_str(out, ", Linux ");
	put_safe(out, result->kernel);
	put_str(out, ", walker ");
	put_str(out, result->walker);
	put_str(out, "\n\n");
}

const struct demo_form demo_form_text = { .begin = begin_text, .end = end_text };
