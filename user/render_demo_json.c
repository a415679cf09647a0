// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Demonstrations for programs: one object a line. */
#include <math.h>
#include <stdio.h>

#include "cause.h"
#include "json.h"
#include "render_demo.h"
#include "render_json_path.h"

static void put_members_end(struct output *out, unsigned int i, unsigned int n)
{
	if (i + 1 < n)
		put_char(out, ',');
}

/* What is counted is an integer; a time for one of many has a fraction. */
static void put_number(struct output *out, double value)
{
	char text[40];

	snprintf(text, sizeof(text), value == floor(value) ? "%.0f" : "%.3f", value);
	put_str(out, text);
}

static void put_row(struct output *out, const struct demo_section *section, const struct demo_row *row)
{
	put_str(out, "{\"label\":");
	put_json_str(out, row->label);
	if (*row->why)
		put_key_str(out, "skipped", row->why);
	for (unsigned int c = 0; c < section->columns; c++) {
		const struct demo_cell *cell = &row->cell[c];

		if (!cell->known)
			continue;
		put_key(out, section->column[c].key);
		if (section->column[c].unit == UNIT_TEXT)
			put_json_str(out, cell->text);
		else
			put_number(out, cell->value);
	}
	put_char(out, '}');
}

static void put_view(const struct render *render, const struct demo_view *view)
{
	struct output *out = render->out;

	put_str(out, "{\"label\":");
	put_json_str(out, view->label);
	put_key_dec(out, "pid", view->pid);
	put_key_hex(out, "addr", view->addr);
	put_char(out, ',');
	put_json_path(render, &view->path, view->addr, NULL);
	put_char(out, '}');
}

static void put_fault(struct output *out, const struct fault *fault)
{
	put_str(out, "{\"pid\":");
	put_dec(out, fault->pid);
	put_key_hex(out, "addr", fault->addr);
	put_key_str(out, "access", access_name(fault_access(fault)));
	put_key_str(out, "cause", cause_name(fault->cause.word));
	if (fault->has_latency)
		put_key_dec(out, "latency_ns", fault->latency);
	put_char(out, '}');
}

static void put_section(const struct render *render, const struct demo_section *section)
{
	struct output *out = render->out;
	unsigned int i;

	put_str(out, "{\"key\":");
	put_json_str(out, section->key);
	put_key_str(out, "title", section->title);
	if (section->kind == SECTION_TABLE) {
		put_str(out, ",\"rows\":[");
		for (i = 0; i < section->rows; i++) {
			put_row(out, section, &section->row[i]);
			put_members_end(out, i, section->rows);
		}
		put_char(out, ']');
	}
	if (section->views) {
		put_str(out, ",\"paths\":[");
		for (i = 0; i < section->views; i++) {
			put_view(render, &section->view[i]);
			put_members_end(out, i, section->views);
		}
		put_char(out, ']');
	}
	if (section->kind == SECTION_FAULTS) {
		put_str(out, ",\"faults\":[");
		for (i = 0; i < section->faults; i++) {
			put_fault(out, &section->fault[i]);
			put_members_end(out, i, section->faults);
		}
		put_char(out, ']');
	}
	if (section->kind == SECTION_LINES) {
		put_str(out, ",\"lines\":[");
		for (i = 0; i < section->lines; i++) {
			put_json_str(out, section->line[i]);
			put_members_end(out, i, section->lines);
		}
		put_char(out, ']');
	}
	put_char(out, '}');
}

static void put_claim(struct output *out, const struct demo_claim *claim)
{
	put_str(out, "{\"claim\":");
	put_json_str(out, claim->text);
	put_key_str(out, "status", verdict_name(claim->verdict));
	if (claim->verdict == VERDICT_SKIPPED) {
		put_key_str(out, "reason", claim->why);
	} else {
		put_key_str(out, "expected", claim->expected);
		put_key_str(out, "measured", claim->measured);
	}
	put_char(out, '}');
}

static void end_json(const struct render *render, const struct demo_result *result)
{
	struct output *out = render->out;
	unsigned int i;

	put_str(out, "{\"type\":\"demo\",\"name\":");
	put_json_str(out, result->name);
	put_key_str(out, "title", result->title);
	put_key_str(out, "status", verdict_name(result->verdict));
	if (*result->why)
		put_key_str(out, "reason", result->why);
	put_key_str(out, "kernel", result->kernel);
	put_key_str(out, "walker", result->walker);
	put_key_dec(out, "unseen", result->unseen);
	put_str(out, ",\"sections\":[");
	for (i = 0; i < result->sections; i++) {
		put_section(render, &result->section[i]);
		put_members_end(out, i, result->sections);
	}
	put_str(out, "],\"claims\":[");
	for (i = 0; i < result->claims; i++) {
		put_claim(out, &result->claim[i]);
		put_members_end(out, i, result->claims);
	}
	put_str(out, "]}\n");
}

const struct demo_form demo_form_json = { .end = end_json };
