/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Demonstrations, for people, for programs, and as pictures. */
#ifndef PFWATCH_RENDER_DEMO_H
#define PFWATCH_RENDER_DEMO_H

#include "demo_result.h"
#include "render.h"

struct demo_form {
	/* Before it runs: what is said of it, with the faults that are shown as they come behind that. NULL: nothing.
	 */
	void (*begin)(const struct render *render, const struct demo_result *result);
	void (*end)(const struct render *render, const struct demo_result *result);
};

extern const struct demo_form demo_form_text, demo_form_json;

/* A file of its own: a picture; a page with the text, the numbers and the picture of each of them. */
void svg_demo(const struct render *render, const struct demo_result *result);
void html_begin(const struct render *render);
void html_demo(const struct render *render, const struct demo_result *result);
void html_end(const struct render *render);

void demo_put_paths(const struct render *render, const struct demo_section *section);

/* What they share: an entry in a word or two, as "not there", "4K page", "table". */
const char *entry_word(const struct geometry *geometry, const struct path *path, unsigned int i);
/* What a view is held against; NULL: nothing. And whether entry i is another one there, or isn't there. */
const struct demo_view *view_before(const struct demo_section *section, unsigned int view);
bool view_differs(const struct demo_section *section, unsigned int view, unsigned int i);

#endif
