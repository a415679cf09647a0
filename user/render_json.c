// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* JSON, one object a line, as the interface has it: addresses and entries are hexadecimal strings, times integers. */
#include "cause.h"
#include "json.h"
#include "render.h"
#include "render_json_fault.h"
#include "render_json_origin.h"
#include "render_json_path.h"
#include "render_map.h"
#include "render_summary.h"

/* "key": for a member of an object that may have none before it. */
static void put_member(struct output *out, const char *key, bool *first)
{
	put_str(out, *first ? "\"" : ",\"");
	put_str(out, key);
	put_str(out, "\":");
	*first = false;
}

static void put_count(struct output *out, const char *name, uint64_t count, bool first)
{
	put_str(out, first ? "{\"" : ",\"");
	put_str(out, name);
	put_str(out, "\":");
	put_dec(out, count);
}

/* Of the CPUs that had any. */
static void put_cpus(struct output *out, const struct totals *totals)
{
	bool first = true;

	if (!totals->cpus)
		return;
	put_key(out, "cpus");
	put_char(out, '[');
	for (uint32_t i = 0; i < totals->cpus; i++) {
		if (!totals->cpu[i].seen)
			continue;
		put_str(out, first ? "{\"cpu\":" : ",{\"cpu\":");
		put_dec(out, i);
		put_key_dec(out, "seen", totals->cpu[i].seen);
		put_key_dec(out, "printed", totals->cpu[i].printed);
		put_key_dec(out, "filtered", totals->cpu[i].filtered);
		put_key_dec(out, "lost", totals->cpu[i].lost);
		put_char(out, '}');
		first = false;
	}
	put_char(out, ']');
}

void json_put_totals(const struct render *render, const struct totals *totals)
{
	struct output *out = render->out;

	put_str(out, "{\"type\":\"summary\"");
	put_key_dec(out, "seen", totals->seen);
	put_key_dec(out, "printed", totals->printed);
	put_key_dec(out, "filtered", totals->filtered);
	put_key_dec(out, "lost", totals->lost);
	put_json_sample(render);
	put_key(out, "walks");
	for (unsigned int i = 0; i < WALK_STATUSES; i++)
		put_count(out, walk_status_name(i), totals->walks[i], !i);
	put_str(out, "},\"causes\":");
	for (unsigned int i = 0; i < CAUSES; i++)
		put_count(out, cause_name(i), totals->causes[i], !i);
	put_char(out, '}');
	put_cpus(out, totals);
	if (render->begin && render->end) {
		put_key_str(out, "begin_source", render->begin);
		put_key_str(out, "end_source", render->end);
	}
}

static void json_summary(const struct render *render, const struct totals *totals)
{
	json_put_totals(render, totals);
	put_str(render->out, "}\n");
}

/* ---- resolve ---- */

static void put_rights(struct output *out, const struct path *path)
{
	struct access_rights rights;

	if (!path_rights(path, &rights))
		return;
	put_key(out, "effective");
	put_str(out, rights.write ? "{\"write\":true" : "{\"write\":false");
	put_str(out, rights.user ? ",\"user\":true" : ",\"user\":false");
	put_str(out, rights.exec ? ",\"exec\":true}" : ",\"exec\":false}");
}

static void put_page_flags(struct output *out, const struct page_info *page, bool *first)
{
	const char *names[MAX_PAGE_FLAGS];

	put_member(out, "flags", first);
	put_json_words(out, names, page_info_flags(page, names));
}

static void put_page(struct output *out, const struct page_info *page)
{
	bool first = true;

	put_key(out, "page");
	put_char(out, '{');
	if (page_kind_name(page->kind)) {
		put_member(out, "kind", &first);
		put_json_str(out, page_kind_name(page->kind));
	}
	if (page->node >= 0) {
		put_member(out, "node", &first);
		put_dec(out, page->node);
	}
	if (page->folio_size) {
		put_member(out, "folio_size", &first);
		put_dec(out, page->folio_size);
	}
	if (page->has_flags)
		put_page_flags(out, page, &first);
	if (page->has_mapcount) {
		put_member(out, "mapcount", &first);
		put_dec(out, page->mapcount);
	}
	put_char(out, '}');
}

static void json_path(const struct render *render, const struct answer *answer)
{
	struct output *out = render->out;

	put_str(out, "{\"type\":\"path\"");
	put_key_dec(out, "pid", answer->pid);
	put_key_hex(out, "addr", answer->addr);
	put_char(out, ',');
	put_json_path(render, answer->path, answer->addr, answer->swap_name);
	put_rights(out, answer->path);
	if (answer->page)
		put_page(out, answer->page);
	if (answer->vma)
		put_json_vma(out, answer->vma);
	put_key_str(out, "walker", render->walker);
	put_str(out, "}\n");
}

static void json_layout(const struct render *render)
{
	const struct geometry *g = render->geometry;
	struct output *out = render->out;

	put_str(out, "{\"type\":\"layout\"");
	put_key_dec(out, "levels", g->levels);
	put_key_hex(out, "page_offset", g->page_offset);
	put_key_hex(out, "vmalloc_start", g->vmalloc_start);
	put_key_hex(out, "vmemmap_start", g->vmemmap_start);
	put_key_hex(out, "task_size_max", g->task_size_max);
	put_key_hex(out, "pfn_mask", g->pfn_mask);
	put_key_dec(out, "page_size", 1ULL << g->page_shift);
	put_str(out, ",\"tables\":[");
	for (unsigned int i = 0; i < g->levels; i++) {
		enum level level = path_level(g, i);

		put_str(out, i ? ",{\"level\":\"" : "{\"level\":\"");
		put_str(out, level_short_name(level));
		put_char(out, '"');
		put_key_dec(out, "shift", g->shift[level]);
		put_key_dec(out, "entries", g->entries[level]);
		put_key_hex(out, "mask", ~((1ULL << g->shift[level]) - 1));
		put_char(out, '}');
	}
	put_str(out, "]}\n");
}

/* What has no address space has no members of it either, not zeros. */
static void json_task(const struct render *render, const struct task *task)
{
	static const char *const kinds[] = { "process", "kernel-thread", "exited" };
	struct output *out = render->out;

	put_str(out, "{\"type\":\"task\"");
	put_key_dec(out, "pid", task->pid);
	put_key_str(out, "comm", task->comm);
	put_key_str(out, "kind", kinds[task->kind]);
	if (task->kind == TASK_PROCESS) {
		put_key_hex(out, "task_size", task->task_size);
		put_key_hex(out, "pgd", task->pgd);
		put_key_dec(out, "pgtables_pages", task->pgtables_pages);
		put_key_dec(out, "pgtables_bytes", task->pgtables_bytes);
		put_key_dec(out, "rss_bytes", task->rss_bytes);
		put_key_dec(out, "swap_bytes", task->swap_bytes);
		put_key_dec(out, "vm_bytes", task->vm_bytes);
	}
	put_str(out, "}\n");
}

static void no_header(const struct render *render)
{
	(void)render;
}

const struct form form_json = {
	.shows_origin = true,
	.shows_page = true,
	.fault_header = no_header,
	.fault = json_fault,
	.summary = json_summary,
	.report = json_report,
	.path_header = no_header,
	.path = json_path,
	.layout = json_layout,
	.task_header = no_header,
	.task = json_task,
	.map_header = no_header,
	.map_region = json_map_region,
	.map_vma = json_map_vma,
	.map_end = json_map_end,
};
