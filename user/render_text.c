// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The forms for people: aligned columns within 100 characters, or with -v a block for each. */
#include "render_map.h"
#include "render_summary.h"
#include "render_text.h"
#include "text.h"

/* ---- the kernel's geometry ---- */

static void put_named(struct output *out, const char *name, const char *suffix)
{
	size_t mark = put_mark(out);

	put_str(out, name);
	put_str(out, suffix);
	put_fill(out, mark, 16);
}

static void put_named_hex(struct output *out, const char *name, const char *suffix, uint64_t value)
{
	put_named(out, name, suffix);
	put_hex16(out, value);
	put_char(out, '\n');
}

static void put_named_dec(struct output *out, const char *name, const char *suffix, uint64_t value)
{
	put_named(out, name, suffix);
	put_dec(out, value);
	put_char(out, '\n');
}

/* With the names that the kernel's headers have. */
static void text_layout(const struct render *render)
{
	static const char *const prefix[] = { "PGDIR", "P4D", "PUD", "PMD", "PAGE" };
	const struct geometry *g = render->geometry;
	struct output *out = render->out;
	unsigned int i;

	put_named_dec(out, "LEVELS", "", g->levels);
	put_named_hex(out, "PAGE_OFFSET", "", g->page_offset);
	put_named_hex(out, "VMALLOC_START", "", g->vmalloc_start);
	put_named_hex(out, "VMEMMAP_START", "", g->vmemmap_start);
	put_named_hex(out, "TASK_SIZE_MAX", "", g->task_size_max);
	put_named_hex(out, "PTE_PFN_MASK", "", g->pfn_mask);
	for (i = 0; i < g->levels; i++)
		put_named_dec(out, prefix[path_level(g, i)], "_SHIFT", g->shift[path_level(g, i)]);
	for (i = 0; i < g->levels; i++)
		put_named_hex(out, prefix[path_level(g, i)], "_MASK", ~((1ULL << g->shift[path_level(g, i)]) - 1));
	for (i = 0; i < g->levels; i++)
		put_named_dec(out, "PTRS_PER_", level_name(path_level(g, i)), g->entries[path_level(g, i)]);
}

/* ---- processes ---- */

/* Widths of the columns of `pfwatch tasks`; those of a process that has no address space hold a '-'. */
enum { WIDTH_TASK_PID = 7, WIDTH_COMM = 15, WIDTH_TASK_SIZE = 16, WIDTH_PGD = 18, WIDTH_COUNT = 7, WIDTH_BYTES = 6 };

static void put_column_right(struct output *out, const char *text, unsigned int width)
{
	put_char(out, ' ');
	put_right(out, text, width);
}

static void text_task_header(const struct render *render)
{
	static const char *const sizes[] = { "BYTES", "RSS", "SWAP", "VM" };
	struct output *out = render->out;

	put_colour(out, BOLD);
	put_right(out, "PID", WIDTH_TASK_PID);
	put_char(out, ' ');
	put_column(out, "COMM", WIDTH_COMM);
	put_column(out, "TASK_SIZE", WIDTH_TASK_SIZE);
	put_column(out, "PGD", WIDTH_PGD);
	put_right(out, "TABLES", WIDTH_COUNT);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		put_column_right(out, sizes[i], WIDTH_BYTES);
	put_header_end(out);
}

static void put_space(struct output *out, const struct task *task)
{
	put_column_hex(out, task->task_size, WIDTH_TASK_SIZE);
	put_column_hex(out, task->pgd, WIDTH_PGD);
	put_dec_right(out, task->pgtables_pages, WIDTH_COUNT, ' ');
	put_size(out, task->pgtables_bytes, WIDTH_BYTES + 1);
	put_size(out, task->rss_bytes, WIDTH_BYTES + 1);
	put_size(out, task->swap_bytes, WIDTH_BYTES + 1);
	put_size(out, task->vm_bytes, WIDTH_BYTES + 1);
}

static void put_no_space(struct output *out)
{
	put_column(out, "-", WIDTH_TASK_SIZE);
	put_column(out, "-", WIDTH_PGD);
	put_right(out, "-", WIDTH_COUNT);
	for (unsigned int i = 0; i < 4; i++)
		put_column_right(out, "-", WIDTH_BYTES);
}

static void text_task(const struct render *render, const struct task *task)
{
	struct output *out = render->out;

	put_dec_right(out, task->pid, WIDTH_TASK_PID, ' ');
	put_char(out, ' ');
	put_column(out, task->comm, WIDTH_COMM);
	if (task->kind == TASK_PROCESS)
		put_space(out, task);
	else
		put_no_space(out);
	put_char(out, '\n');
}

/* ---- the forms ---- */

static void no_header(const struct render *render)
{
	(void)render;
}

const struct form form_text = {
	.fault_header = text_fault_header,
	.fault = text_fault,
	.lost = text_lost,
	.summary = text_summary,
	.report = text_report,
	.path_header = text_path_header,
	.path = text_path,
	.layout = text_layout,
	.task_header = text_task_header,
	.task = text_task,
	.map_header = text_map_header,
	.map_region = no_map_region,
	.map_vma = text_map_vma,
	.map_end = text_map_end,
};

const struct form form_verbose = {
	.shows_origin = true,
	.shows_page = true,
	.fault_header = text_sample,
	.fault = verbose_fault,
	.lost = text_lost,
	.summary = verbose_summary,
	.report = text_report,
	.path_header = no_header,
	.path = verbose_path,
	.layout = text_layout,
	.task_header = text_task_header,
	.task = text_task,
	.map_header = no_header,
	.map_region = no_map_region,
	.map_vma = verbose_map_vma,
	.map_end = text_map_end,
};
