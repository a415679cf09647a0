// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Comma-separated values: a line of names, then a line each. Words and numbers are those of the JSON; what isn't known
 * is an empty field. Columns are only ever added, behind the last one.
 */
#include "cause.h"
#include "csv.h"
#include "render.h"

static void csv_fault_header(const struct render *render)
{
	put_str(render->out, "ts,cpu,pid,tid,comm,addr,ip,access,mode,error_code,cause,result,latency_ns,state,phys,"
		"page_size,before,after,tables_allocated,walk_status,age_ns,sample\n");
}

static void put_last_entry(struct csv *csv, const struct path *path)
{
	if (path && path->levels)
		csv_hex(csv, path->entry[path->levels - 1]);
	else
		csv_none(csv);
}

/* The columns state, phys, page_size. */
static void put_path(struct csv *csv, const struct geometry *geometry, const struct path *path, uint64_t addr)
{
	uint64_t size;

	csv_str(csv, path ? state_name(path->state) : NULL);
	if (!path || !path_has_page(path)) {
		csv_none(csv);
		csv_none(csv);
		return;
	}
	csv_hex(csv, path_phys(geometry, path, addr));
	size = path_page_size(geometry, path);
	if (size)
		csv_dec(csv, size);
	else
		csv_none(csv);
}

/* Where both paths are known; the one that the fault left, not a later one. */
static void put_tables(struct csv *csv, const struct fault *fault)
{
	const struct path *before = &fault->before, *left = &fault->left;

	if (fault->has_before && fault->has_left)
		csv_dec(csv, left->levels > before->levels ? left->levels - before->levels : 0);
	else
		csv_none(csv);
}

static void put_end(struct csv *csv, const struct fault *fault)
{
	csv_str(csv, cause_name(fault->cause.word));
	csv_str(csv, fault_result_name(fault->result));
	if (fault->has_latency)
		csv_dec(csv, fault->latency);
	else
		csv_none(csv);
}

static void csv_fault(const struct render *render, const struct fault *fault)
{
	const struct path *after = fault_after(fault);
	struct csv csv = { render->out, false };

	csv_dec(&csv, fault->ts);
	csv_dec(&csv, fault->cpu);
	csv_dec(&csv, fault->pid);
	csv_dec(&csv, fault->tid);
	csv_str(&csv, fault->comm);
	csv_hex(&csv, fault->addr);
	csv_hex(&csv, fault->ip);
	csv_str(&csv, access_name(fault_access(fault)));
	csv_str(&csv, fault->kernel_mode ? "kernel" : "user");
	csv_dec(&csv, fault->error_code);
	put_end(&csv, fault);
	put_path(&csv, render->geometry, after, fault->addr);
	put_last_entry(&csv, fault->has_before ? &fault->before : NULL);
	put_last_entry(&csv, after);
	put_tables(&csv, fault);
	csv_str(&csv, walk_status_name(fault->walk_status));
	csv_dec(&csv, fault->age);
	csv_dec(&csv, render->one_in ? render->one_in : 1);
	csv_end(&csv);
}

/* What stands beside the data is for people. */
static void csv_summary(const struct render *render, const struct totals *totals)
{
	form_text.summary(render, totals);
}

/* ---- resolve ---- */

static void csv_path_header(const struct render *render)
{
	put_str(render->out, "pid,addr,state,phys,page_size,entry,kind,swap_type,swap_offset,perm,vma_start,vma_end,"
		"vma_name\n");
}

static void put_swap(struct csv *csv, const struct path *path)
{
	if (path->state != STATE_SWAP) {
		csv_none(csv);
		csv_none(csv);
		return;
	}
	csv_dec(csv, path->swap_type);
	csv_dec(csv, path->value);
}

static void put_vma(struct csv *csv, const struct vma *vma)
{
	csv_str(csv, vma ? vma->perm : NULL);
	if (vma) {
		csv_hex(csv, vma->start);
		csv_hex(csv, vma->end);
	} else {
		csv_none(csv);
		csv_none(csv);
	}
	csv_str(csv, vma ? vma->name : NULL);
}

static void csv_path(const struct render *render, const struct answer *answer)
{
	struct csv csv = { render->out, false };

	csv_dec(&csv, answer->pid);
	csv_hex(&csv, answer->addr);
	put_path(&csv, render->geometry, answer->path, answer->addr);
	put_last_entry(&csv, answer->path);
	csv_str(&csv, answer->page ? page_kind_name(answer->page->kind) : NULL);
	put_swap(&csv, answer->path);
	put_vma(&csv, answer->vma);
	csv_end(&csv);
}

/* Streams and `resolve` have this form, no other command. */
const struct form form_csv = {
	.fault_header = csv_fault_header,
	.fault = csv_fault,
	.summary = csv_summary,
	.path_header = csv_path_header,
	.path = csv_path,
};
