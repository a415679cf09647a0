// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The picture of a demonstration: what is said of it, bars with their numbers, and paths beside one another. */
#include <stdio.h>
#include <string.h>

#include "render_demo.h"
#include "render_explain.h"
#include "svg.h"

#define WIDTH		1280
#define MARGIN		40
#define INNER		(WIDTH - 2 * MARGIN)

enum {
	TITLE = 62, LINE = 20, HEADING = 38, TABLE_HEADER = 22, ROW = 29, COLUMN = 88,
	VIEW_HEAD = 58, BOX = 40, GAP = 14, PARTS = 96, STEP = 54, FOOTER = 40,
	SIZE_TITLE = 26, SIZE_HEADING = 17, SIZE_TEXT = 15, SIZE_SMALL = 13,
};

static void text(struct output *out, double x, double y, unsigned int size, const char *s)
{
	svg_text(out, &(const struct svg_text){ .x = x, .y = y, .size = size }, s);
}

/* ---- how high it all is ---- */

static unsigned int count_lines(const char *s)
{
	unsigned int n = 1;

	for (; *s; s++)
		n += *s == '\n';
	return n;
}

/* At least one box: of what isn't mapped at all there is a PGD entry that says so. */
static unsigned int section_height(const struct geometry *geometry, const struct demo_section *section)
{
	switch (section->kind) {
	case SECTION_TABLE: return HEADING + TABLE_HEADER + section->rows * ROW;
	case SECTION_PATHS: return HEADING + VIEW_HEAD + (geometry->levels + 1) * (BOX + GAP);
	case SECTION_LINES: return HEADING + section->lines * LINE;
	case SECTION_EXPLAINED: return HEADING + PARTS + geometry->levels * STEP + LINE;
	default: return 0;
	}
}

static bool is_drawn(const struct demo_section *section)
{
	return !section->hidden && section->kind != SECTION_FAULTS;
}

static unsigned int picture_height(const struct geometry *geometry, const struct demo_result *result)
{
	unsigned int height = TITLE + (count_lines(result->shows) + count_lines(result->expects)) * LINE + FOOTER;

	for (unsigned int i = 0; i < result->sections; i++)
		if (is_drawn(&result->section[i]))
			height += section_height(geometry, &result->section[i]);
	return height;
}

/* ---- tables ---- */

static double column_width(const struct demo_column *column)
{
	double width = strlen(column->title) * 9.5 + 16;

	return width < COLUMN ? COLUMN : width;
}

static double label_width(const struct demo_section *section)
{
	size_t longest = 0;

	for (unsigned int i = 0; i < section->rows; i++)
		if (strlen(section->row[i].label) > longest)
			longest = strlen(section->row[i].label);
	return longest * 8.6 + 10;
}

static void draw_row(struct output *out, const struct demo_section *section, const struct demo_row *row, double y)
{
	int bar = bar_column(section);
	double x = MARGIN + label_width(section);
	char value[DEMO_TEXT + 16];

	text(out, MARGIN, y + 20, SIZE_TEXT, row->label);
	if (*row->why) {
		snprintf(value, sizeof(value), "skipped: %s", row->why);
		text(out, x + 30, y + 20, SIZE_SMALL, value);
		return;
	}
	for (unsigned int c = 0; c < section->columns; c++) {
		cell_format(section->column[c].unit, &row->cell[c], value, sizeof(value));
		x += column_width(&section->column[c]);
		svg_text(out, &(const struct svg_text){ .x = x, .y = y + 20, .size = SIZE_TEXT, .anchor = ANCHOR_END,
							.mono = true }, value);
	}
	x += 20;
	if (bar >= 0 && row->cell[bar].known && row_max(section, bar) > 0)
		svg_bar(out, x, y + 5, (WIDTH - MARGIN - x) * row->cell[bar].value / row_max(section, bar), ROW - 10);
}

static void draw_table(struct output *out, const struct demo_section *section, double y)
{
	double x = MARGIN + label_width(section);

	for (unsigned int c = 0; c < section->columns; c++) {
		x += column_width(&section->column[c]);
		svg_text(out, &(const struct svg_text){ .x = x, .y = y + 14, .size = SIZE_SMALL, .anchor = ANCHOR_END },
			 section->column[c].title);
	}
	if (bar_column(section) >= 0) {
		x += 20;
		text(out, x, y + 14, SIZE_SMALL, section->column[bar_column(section)].title);
	}
	svg_line(out, MARGIN, y + 20, WIDTH - MARGIN, y + 20);
	for (unsigned int i = 0; i < section->rows; i++)
		draw_row(out, section, &section->row[i], y + TABLE_HEADER + i * ROW);
}

/* ---- paths ---- */

static void draw_box(struct output *out, double x, double y, double width, bool heavy, const char *first,
		     const char *second)
{
	svg_box(out, x, y, width, BOX, heavy);
	svg_text(out, &(const struct svg_text){ .x = x + width / 2, .y = y + 17, .size = SIZE_SMALL,
						.anchor = ANCHOR_MIDDLE, .bold = heavy }, first);
	svg_text(out, &(const struct svg_text){ .x = x + width / 2, .y = y + 35, .size = SIZE_SMALL,
						.anchor = ANCHOR_MIDDLE, .mono = true }, second);
}

static void draw_page(struct output *out, const struct demo_section *section, unsigned int v, double x, double y,
		      double width)
{
	const struct demo_view *before = view_before(section, v);
	const struct path *path = &section->view[v].path;
	struct access_rights rights = { 0 };
	char second[40];

	if (!path_has_page(path)) {
		svg_text(out, &(const struct svg_text){ .x = x + width / 2, .y = y + 24, .size = SIZE_TEXT,
							.anchor = ANCHOR_MIDDLE },
			 path->state == STATE_NONE ? "no page" : state_name(path->state));
		return;
	}
	path_rights(path, &rights);
	snprintf(second, sizeof(second), "0x%llx", (unsigned long long)path->value);
	draw_box(out, x, y, width, before && path_has_page(&before->path) && before->path.value != path->value,
		 rights.write ? "page, writable" : "page, read-only", second);
}

static void draw_view(const struct render *render, const struct demo_section *section, unsigned int v, double x,
		      double y, double width)
{
	const struct demo_view *view = &section->view[v];
	const struct geometry *geometry = render->geometry;
	char first[64], second[40];

	svg_text(render->out, &(const struct svg_text){ .x = x + width / 2, .y = y + 14, .size = 14,
							.anchor = ANCHOR_MIDDLE, .bold = true }, view->label);
	snprintf(first, sizeof(first), "PID %u", view->pid);
	svg_text(render->out, &(const struct svg_text){ .x = x + width / 2, .y = y + 33, .size = SIZE_SMALL,
							.anchor = ANCHOR_MIDDLE }, first);
	snprintf(first, sizeof(first), "0x%llx", (unsigned long long)view->addr);
	svg_text(render->out, &(const struct svg_text){ .x = x + width / 2, .y = y + 50, .size = SIZE_SMALL,
							.anchor = ANCHOR_MIDDLE, .mono = true }, first);
	y += VIEW_HEAD;
	for (unsigned int i = 0; i < view->path.levels; i++, y += BOX + GAP) {
		enum level level = path_level(geometry, i);

		snprintf(first, sizeof(first), "%s [%u]: %s", level_name(level),
			 level_index(geometry, level, view->addr), entry_word(geometry, &view->path, i));
		snprintf(second, sizeof(second), "0x%llx", (unsigned long long)view->path.entry[i]);
		draw_box(render->out, x, y, width, view_differs(section, v, i), first, second);
		if (i + 1 < view->path.levels || path_has_page(&view->path))
			svg_arrow_down(render->out, x + width / 2, y + BOX, y + BOX + GAP);
	}
	draw_page(render->out, section, v, x, y, width);
}

static void draw_paths(const struct render *render, const struct demo_section *section, double y)
{
	double step = (double)INNER / section->views;
	double width = step - 14 > 280 ? 280 : step - 14;

	for (unsigned int v = 0; v < section->views; v++)
		draw_view(render, section, v, MARGIN + v * step, y, width);
}

/* ---- one path, bit by bit ---- */

static void draw_part(struct output *out, double x, double y, double width, const char *name, const char *bits,
		      const char *value)
{
	const double middle = x + width / 2;

	svg_box(out, x, y + 22, width, 30, false);
	svg_text(out, &(const struct svg_text){ .x = middle, .y = y + 16, .size = 14, .anchor = ANCHOR_MIDDLE,
						.bold = true }, name);
	svg_text(out, &(const struct svg_text){ .x = middle, .y = y + 42, .size = SIZE_TEXT, .anchor = ANCHOR_MIDDLE,
						.mono = true }, bits);
	svg_text(out, &(const struct svg_text){ .x = middle, .y = y + 70, .size = 14, .anchor = ANCHOR_MIDDLE,
						.mono = true }, value);
}

static void draw_parts(const struct render *render, uint64_t addr, double y)
{
	const struct geometry *g = render->geometry;
	unsigned int top = level_high_bit(g, LEVEL_PGD);
	const double bit = INNER / 64.0;
	char name[48], bits[80], value[48];

	explain_bits(addr, 63, top + 1, bits);
	snprintf(name, sizeof(name), "sign %u..%u", 63, top + 1);
	draw_part(render->out, MARGIN, y, (63 - top) * bit, name, bits, "");
	for (unsigned int i = 0; i < g->levels; i++) {
		enum level level = path_level(g, i);
		unsigned int high = level_high_bit(g, level);

		explain_bits(addr, high, g->shift[level], bits);
		snprintf(name, sizeof(name), "%s %u..%u", level_name(level), high, g->shift[level]);
		snprintf(value, sizeof(value), "%u", level_index(g, level, addr));
		draw_part(render->out, MARGIN + (63 - high) * bit, y, (high - g->shift[level] + 1) * bit, name, bits,
			  value);
	}
	explain_bits(addr, g->page_shift - 1, 0, bits);
	snprintf(name, sizeof(name), "offset %u..0", g->page_shift - 1);
	snprintf(value, sizeof(value), "0x%x", (unsigned int)(addr & ((1U << g->page_shift) - 1)));
	draw_part(render->out, MARGIN + (64 - g->page_shift) * bit, y, g->page_shift * bit, name, bits, value);
}

static void draw_step(const struct render *render, const struct demo_view *view, unsigned int i, double y)
{
	const struct geometry *g = render->geometry;
	unsigned int index = level_index(g, path_level(g, i), view->addr);
	const char *flags[MAX_FLAGS];
	size_t n = path_flags(g, &view->path, i, flags);
	char line[200];

	svg_box(render->out, MARGIN, y, INNER, STEP - 12, false);
	if (i)
		snprintf(line, sizeof(line), "table 0x%llx + %u * 8",
			 (unsigned long long)(view->path.entry[i - 1] & g->pfn_mask), index);
	else
		snprintf(line, sizeof(line), "table in CR3 + %u * 8", index);
	svg_text(render->out,
		 &(const struct svg_text){.x = MARGIN + 12, .y = y + 27, .size = SIZE_HEADING, .bold = true},
		 level_name(path_level(g, i)));
	svg_text(render->out, &(const struct svg_text){.x = MARGIN + 80, .y = y + 27, .size = 14, .mono = true}, line);
	snprintf(line, sizeof(line), "holds 0x%016llx", (unsigned long long)view->path.entry[i]);
	svg_text(render->out, &(const struct svg_text){.x = MARGIN + 370, .y = y + 27, .size = 14, .mono = true}, line);
	snprintf(line, sizeof(line), "%s:", entry_word(g, &view->path, i));
	for (size_t j = 0; j < n; j++)
		snprintf(line + strlen(line), sizeof(line) - strlen(line), " %s", flags[j]);
	text(render->out, MARGIN + 620, y + 27, 14, line);
	if (i + 1 < view->path.levels || path_has_page(&view->path))
		svg_arrow_down(render->out, MARGIN + 28, y + STEP - 12, y + STEP);
}

static void draw_explained(const struct render *render, const struct demo_section *section, double y)
{
	const struct demo_view *view = &section->view[0];
	char line[160] = "no page";

	draw_parts(render, view->addr, y);
	y += PARTS;
	for (unsigned int i = 0; i < view->path.levels; i++, y += STEP)
		draw_step(render, view, i, y);
	if (path_has_page(&view->path))
		snprintf(line, sizeof(line), "page 0x%llx + offset 0x%llx = 0x%llx",
			 (unsigned long long)view->path.value,
			 (unsigned long long)(path_phys(render->geometry, &view->path, view->addr) - view->path.value),
			 (unsigned long long)path_phys(render->geometry, &view->path, view->addr));
	svg_text(render->out, &(const struct svg_text){ .x = MARGIN + 12, .y = y + 15, .size = SIZE_TEXT, .bold = true,
							.mono = true }, line);
}

/* ---- the whole ---- */

static double draw_lines(struct output *out, const char *lines, double y)
{
	char line[256];

	for (; *lines; y += LINE) {
		size_t n = strcspn(lines, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)n, lines);
		text(out, MARGIN, y + 14, SIZE_TEXT, line);
		lines += n + !!lines[n];
	}
	return y;
}

static void draw_section(const struct render *render, const struct demo_section *section, double y)
{
	svg_text(render->out, &(const struct svg_text){ .x = MARGIN, .y = y + 27, .size = SIZE_HEADING, .bold = true },
		 section->title);
	y += HEADING;
	switch (section->kind) {
	case SECTION_TABLE: draw_table(render->out, section, y); break;
	case SECTION_PATHS: draw_paths(render, section, y); break;
	case SECTION_EXPLAINED: draw_explained(render, section, y); break;
	default:
		for (unsigned int i = 0; i < section->lines; i++)
			svg_text(render->out, &(const struct svg_text){ .x = MARGIN, .y = y + 14 + i * LINE,
									.size = 14, .mono = true }, section->line[i]);
	}
}

static void draw_footer(struct output *out, const struct demo_result *result, double y)
{
	unsigned int ok = 0, skipped = 0;
	char line[512];

	for (unsigned int i = 0; i < result->claims; i++) {
		ok += result->claim[i].verdict == VERDICT_OK;
		skipped += result->claim[i].verdict == VERDICT_SKIPPED;
	}
	snprintf(line, sizeof(line), "%s: %u of %u claims hold, %u skipped. Linux %s, walker %s. pfwatch demo %s%s%s",
		 verdict_name(result->verdict), ok, result->claims, skipped, result->kernel, result->walker,
		 result->name, *result->why ? ": " : "", result->why);
	svg_line(out, MARGIN, y + 10, WIDTH - MARGIN, y + 10);
	text(out, MARGIN, y + 28, SIZE_SMALL, line);
}

void svg_demo(const struct render *render, const struct demo_result *result)
{
	struct output *out = render->out;
	double y = TITLE;

	svg_begin(out, WIDTH, picture_height(render->geometry, result));
	svg_text(out, &(const struct svg_text){.x = MARGIN, .y = 42, .size = SIZE_TITLE, .bold = true}, result->title);
	y = draw_lines(out, result->shows, y);
	y = draw_lines(out, result->expects, y + 4);
	for (unsigned int i = 0; i < result->sections; i++) {
		if (!is_drawn(&result->section[i]))
			continue;
		draw_section(render, &result->section[i], y);
		y += section_height(render->geometry, &result->section[i]);
	}
	draw_footer(out, result, y);
	svg_end(out);
}
