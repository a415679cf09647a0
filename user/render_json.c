// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* JSON, one object a line, as the interface has it: addresses and entries are hexadecimal strings, times integers. */
#include "cause.h"
#include "json.h"
#include "known_text.h"
#include "render.h"
#include "render_json.h"
#include "render_json_origin.h"
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

static void put_key_true(struct output *out, const char *key)
{
	put_key(out, key);
	put_str(out, "true");
}

static void put_level_anew(const struct render *render, const struct path *path, unsigned int i, uint64_t addr)
{
	enum level level = path_level(render->geometry, i);
	enum kind kind = path_kind(path, i);
	struct output *out = render->out;
	const char *flags[MAX_FLAGS];

	put_str(out, i ? ",{\"level\":\"" : "{\"level\":\"");
	put_str(out, level_short_name(level));
	put_char(out, '"');
	put_key_dec(out, "index", level_index(render->geometry, level, addr));
	put_key_hex(out, "entry", path->entry[i]);
	put_key_str(out, "kind", kind_name(kind));
	put_key(out, "flags");
	put_json_words(out, flags, path_flags(render->geometry, path, i, flags));
	put_char(out, '}');
}

#define KNOWN_TABLES 8	/* of each level; a power of two */

/*
 * The tables above the last entry are the same from one fault to the next, before and after it: their text is kept. It
 * is decided by the level, the index and the entry; the number of levels tells which level i is.
 */
static void put_level(const struct render *render, const struct path *path, unsigned int i, uint64_t addr)
{
	static struct known_text tables[MAX_LEVELS][KNOWN_TABLES];
	unsigned int index = level_index(render->geometry, path_level(render->geometry, i), addr);
	uint64_t where = (uint64_t)render->geometry->levels << 32 | index;
	struct known_text *known = &tables[i][index % KNOWN_TABLES];
	size_t mark = put_mark(render->out);

	if (path_kind(path, i) != KIND_TABLE) {
		put_level_anew(render, path, i, addr);
	} else if (!put_known(render->out, known, path->entry[i], where)) {
		put_level_anew(render, path, i, addr);
		learn_text(render->out, known, path->entry[i], where, mark);
	}
}

static void put_swap(struct output *out, const struct path *path, const char *name)
{
	put_str(out, ",\"swap\":{\"type\":");
	put_dec(out, path->swap_type);
	put_key_dec(out, "offset", path->value);
	if (name)
		put_key_str(out, "name", name);
	put_char(out, '}');
}

static void put_markers(struct output *out, const struct path *path)
{
	const char *names[MAX_MARKERS];

	put_key(out, "marker");
	put_json_words(out, names, path_markers(path, names));
}

static void put_levels(const struct render *render, const struct path *path, uint64_t addr)
{
	put_str(render->out, "\"levels\":[");
	for (unsigned int i = 0; i < path->levels; i++)
		put_level(render, path, i, addr);
	put_char(render->out, ']');
}

void json_put_path(const struct render *render, const struct path *path, uint64_t addr, const char *swap_name)
{
	struct output *out = render->out;

	put_str(out, "\"state\":\"");
	put_str(out, state_name(path->state));
	put_char(out, '"');
	if (path->kernel)
		put_key_true(out, "best_effort");
	if (path->changed)
		put_key_true(out, "changed");
	if (path->numa_hint)
		put_key_true(out, "numa_hint");
	if (path_has_page(path)) {
		put_key_hex(out, "phys", path_phys(render->geometry, path, addr));
		if (path_page_size(render->geometry, path))
			put_key_dec(out, "page_size", path_page_size(render->geometry, path));
	}
	if (path->state == STATE_SWAP)
		put_swap(out, path, swap_name);
	if (path->state == STATE_MARKER)
		put_markers(out, path);
	put_char(out, ',');
	put_levels(render, path, addr);
}

/* How it ended, and its paths: what isn't known isn't there. */
static void put_end(const struct render *render, const struct fault *fault)
{
	const char *result = fault_result_name(fault->result);
	const struct path *after = fault_after(fault);
	struct output *out = render->out;

	if (result)
		put_key_str(out, "result", result);
	if (fault->has_latency)
		put_key_dec(out, "latency_ns", fault->latency);
	if (fault->has_before) {
		put_str(out, ",\"before\":{");
		put_levels(render, &fault->before, fault->addr);
		put_char(out, '}');
	}
	if (after) {
		put_str(out, ",\"after\":{");
		json_put_path(render, after, fault->addr, NULL);
		put_char(out, '}');
	}
}

static void put_walk(const struct render *render, const struct fault *fault)
{
	struct output *out = render->out;

	put_str(out, ",\"walk\":{\"walker\":\"");
	put_str(out, render->walker);
	put_char(out, '"');
	put_key_dec(out, "age_ns", fault->age);
	put_key_str(out, "status", walk_status_name(fault->walk_status));
	put_char(out, '}');
}

/* The word, and the facts that it was concluded from. */
static void put_cause_anew(struct output *out, const struct cause *cause)
{
	const char *facts[FACTS];
	size_t n = 0;

	for (unsigned int i = 0; i < FACTS; i++)
		if (cause_has(cause, i))
			facts[n++] = fact_name(i);
	put_key_str(out, "cause", cause_name(cause->word));
	put_key(out, "evidence");
	put_json_words(out, facts, n);
}

#define KNOWN_CAUSES 16	/* a power of two */

/* Of these there are few. */
static void put_cause(struct output *out, const struct cause *cause)
{
	static struct known_text causes[KNOWN_CAUSES];
	struct known_text *known = &causes[(cause->facts ^ cause->facts >> 23 ^ cause->facts >> 41) % KNOWN_CAUSES];
	size_t mark = put_mark(out);

	if (put_known(out, known, cause->facts, cause->word))
		return;
	put_cause_anew(out, cause);
	learn_text(out, known, cause->facts, cause->word, mark);
}

/* One of how many it is: a fault that was drawn by chance stands for so many. */
static void put_sample(const struct render *render)
{
	if (render->one_in > 1)
		put_key_dec(render->out, "sample", render->one_in);
}

static void json_fault(const struct render *render, const struct fault *fault)
{
	struct output *out = render->out;

	put_str(out, "{\"type\":\"fault\"");
	put_key_dec(out, "ts", fault->ts);
	put_key_dec(out, "cpu", fault->cpu);
	put_key_dec(out, "pid", fault->pid);
	put_key_dec(out, "tid", fault->tid);
	put_key_str(out, "comm", fault->comm);
	put_key_hex(out, "addr", fault->addr);
	put_key_hex(out, "ip", fault->ip);
	put_json_fault_code(out, fault);
	put_key_str(out, "access", access_name(fault_access(fault)));
	put_key_str(out, "mode", fault->kernel_mode ? "kernel" : "user");
	put_key_dec(out, "error_code", fault->error_code);
	put_sample(render);
	put_cause(out, &fault->cause);
	put_json_origin(out, fault);
	put_end(render, fault);
	put_walk(render, fault);
	put_str(out, "}\n");
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
	put_sample(render);
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
	json_put_path(render, answer->path, answer->addr, answer->swap_name);
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
