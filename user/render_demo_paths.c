// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Paths of a demonstration beside one another: a column each, a line for each level. */
#include <stdio.h>

#include "render_demo.h"
#include "text.h"

#define VIEWS_BESIDE	4	/* more than these become two rows of them */

enum { WIDTH_LEVEL = 7, WIDTH_VIEW = 23 };

const char *entry_word(const struct geometry *geometry, const struct path *path, unsigned int i)
{
	static const char *const pages[] = {
		[LEVEL_PGD] = "page", [LEVEL_P4D] = "page", [LEVEL_PUD] = "1G page", [LEVEL_PMD] = "2M page",
		[LEVEL_PTE] = "4K page",
	};

	if (path_kind(path, i) == KIND_PAGE)
		return pages[path_level(geometry, i)];
	return path_kind(path, i) == KIND_NONE ? "nothing" : kind_name(path_kind(path, i));
}

/* The same process before; else the one beside it, if that is of the same address. */
const struct demo_view *view_before(const struct demo_section *section, unsigned int view)
{
	const struct demo_view *this = &section->view[view];

	for (unsigned int v = view; v-- > 0;)
		if (section->view[v].pid == this->pid && section->view[v].addr == this->addr)
			return &section->view[v];
	return view && this[-1].addr == this->addr ? &this[-1] : NULL;
}

bool view_differs(const struct demo_section *section, unsigned int view, unsigned int i)
{
	const struct demo_view *before = view_before(section, view);
	const struct path *path = &section->view[view].path;

	return before && i < path->levels && (i >= before->path.levels || path->entry[i] != before->path.entry[i]);
}

/* ---- one cell; i: which level, where that counts ---- */

typedef void put_cell(const struct render *render, const struct demo_section *section, unsigned int v, unsigned int i);

static void put_label(const struct render *render, const struct demo_section *section, unsigned int v, unsigned int i)
{
	(void)i;
	put_safe(render->out, section->view[v].label);
}

static void put_pid(const struct render *render, const struct demo_section *section, unsigned int v, unsigned int i)
{
	(void)i;
	put_dec(render->out, section->view[v].pid);
}

static void put_address(const struct render *render, const struct demo_section *section, unsigned int v, unsigned int i)
{
	(void)i;
	put_hex(render->out, section->view[v].addr);
}

static void put_entry(const struct render *render, const struct demo_section *section, unsigned int v, unsigned int i)
{
	const struct demo_view *view = &section->view[v];
	struct output *out = render->out;

	if (i >= view->path.levels)
		return;
	put_dec_right(out, level_index(render->geometry, path_level(render->geometry, i), view->addr), 3, ' ');
	put_char(out, view_differs(section, v, i) ? '*' : ' ');
	if (view->path.entry[i])
		put_hex(out, view->path.entry[i]);
	else
		put_str(out, "nothing");
}

static void put_page(const struct render *render, const struct demo_section *section, unsigned int v, unsigned int i)
{
	const struct path *path = &section->view[v].path;
	struct output *out = render->out;
	struct access_rights rights;

	(void)i;
	put_str(out, "    ");
	if (!path_has_page(path)) {
		put_str(out, path->state == STATE_NONE ? "no page" : state_name(path->state));
		return;
	}
	put_hex(out, path->value);
	if (path_rights(path, &rights))
		put_str(out, rights.write ? " rw" : " r-");
}

/* ---- lines ---- */

struct span {
	unsigned int from, to;	/* of the views */
};

/* The last column is not filled up. */
static void put_line(const struct render *render, const struct demo_section *section, const struct span *span,
		     const char *name, put_cell *put, unsigned int i)
{
	struct output *out = render->out;
	size_t mark;

	put_str(out, "  ");
	put_column(out, name, WIDTH_LEVEL);
	for (unsigned int v = span->from; v < span->to; v++) {
		mark = put_mark(out);
		put(render, section, v, i);
		put_fill(out, mark, v + 1 < span->to ? WIDTH_VIEW : 0);
	}
	put_char(out, '\n');
}

static void put_views(const struct render *render, const struct demo_section *section, const struct span *span)
{
	put_line(render, section, span, "", put_label, 0);
	put_line(render, section, span, "PID", put_pid, 0);
	put_line(render, section, span, "address", put_address, 0);
	for (unsigned int i = 0; i < render->geometry->levels; i++)
		put_line(render, section, span, level_name(path_level(render->geometry, i)), put_entry, i);
	put_line(render, section, span, "page", put_page, 0);
}

void demo_put_paths(const struct render *render, const struct demo_section *section)
{
	unsigned int beside = section->views > VIEWS_BESIDE ? (section->views + 1) / 2 : section->views;
	struct span span = { .to = 0 };

	put_str(render->out,
		"  the index and the entry at each level; *: another one than before, or than beside it\n");
	while (span.to < section->views) {
		span.from = span.to;
		span.to = span.from + beside < section->views ? span.from + beside : section->views;
		put_views(render, section, &span);
	}
}
