// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the module's records of paths become: those of PFWALK_A_PATHS and of PFWALK_A_RUNS. */
#include "walker_kmod_paths.h"

#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))

/* ---- heads ---- */

static enum state state_of_walk(const struct pfwalk_path *head)
{
	static const uint8_t by_kind[] = {
		[PFWALK_NONE] = STATE_NONE, [PFWALK_PAGE] = STATE_MAPPED, [PFWALK_PROTNONE] = STATE_PROTNONE,
		[PFWALK_SWAP] = STATE_SWAP, [PFWALK_MIGRATION] = STATE_MIGRATION, [PFWALK_HWPOISON] = STATE_HWPOISON,
		[PFWALK_DEVICE_PRIVATE] = STATE_DEVICE, [PFWALK_MARKER] = STATE_MARKER,
		[PFWALK_TABLE] = STATE_UNKNOWN, [PFWALK_OTHER] = STATE_UNKNOWN, [PFWALK_BAD] = STATE_UNKNOWN,
	};

	if (head->kind >= ARRAY_SIZE(by_kind))
		return STATE_UNKNOWN;
	if (head->kind == PFWALK_PAGE && head->page == PFWALK_PAGE_DEVICE)
		return STATE_DEVICE;
	return by_kind[head->kind];
}

static enum state state_of(const struct pfwalk_path *head)
{
	switch (head->status) {
	case PFWALK_WALKED:
	case PFWALK_KERNEL: return state_of_walk(head);
	case PFWALK_NONCANONICAL: return STATE_BAD_ADDRESS;
	default: return STATE_UNKNOWN;
	}
}

/* Kinds have the same order here and there, so that none needs translation; new ones are unknown. */
_Static_assert((int)KIND_BAD == (int)PFWALK_BAD && (int)KIND_MARKER == (int)PFWALK_MARKER &&
	       (int)KIND_DEVICE == (int)PFWALK_DEVICE_PRIVATE && (int)KIND_PAGE == (int)PFWALK_PAGE, "kinds differ");
_Static_assert(offsetof(struct pfwalk_path, value) == sizeof(struct pfwalk_run) && sizeof(struct pfwalk_run) == 8,
	       "a run has another head than a path");
_Static_assert((int)PAGE_HUGETLB == (int)PFWALK_PAGE_HUGETLB && (int)PAGE_DEVICE == (int)PFWALK_PAGE_DEVICE &&
	       (int)PAGE_KSM == (int)PFWALK_PAGE_KSM && (int)PAGE_KERNEL == (int)PFWALK_PAGE_KERNEL,
	       "kinds of pages differ");

/* Those that the record before doesn't have: one or two, mostly. */
static void take_entries(struct path *path, unsigned int same, const char *entries)
{
	for (unsigned int i = same; i < path->levels; i++, entries += sizeof(__u64))
		memcpy(&path->entry[i], entries, sizeof(__u64));
}

static void take_path(struct path *path, const struct pfwalk_path *head, const struct path *before,
		      const char *entries)
{
	path->levels = head->levels;
	path->kind = head->kind <= PFWALK_BAD ? head->kind : KIND_OTHER;
	path->state = state_of(head);
	path->swap_type = head->swap_type;
	path->page = head->page <= PFWALK_PAGE_KERNEL ? head->page : PAGE_UNKNOWN;
	path->kernel = head->status == PFWALK_KERNEL;
	path->changed = head->status == PFWALK_CHANGED;
	path->numa_hint = false;
	path->value = head->value;
	if (head->same)
		memcpy(path->entry, before->entry, head->same * sizeof(__u64));
	take_entries(path, head->same, entries);
}

/* The mapping of path r->done. number: counted from 1 */
static void take_path_vma(struct resolution *r, const struct vma_records *records, unsigned int number)
{
	struct pfwalk_vma record = { .flags = 0 };
	struct path *path = &r->paths[r->done];

	if (number)
		vma_records_get(records, number - 1, &record);
	path->numa_hint = path->state == STATE_PROTNONE && path_is_numa_hint(path, record.flags & VMA_ACCESS);
	if (r->vmas)
		take_vma(&r->vmas[r->done], &record);
}

/* Its numbers index arrays here, and its last entry is asked for wherever there is a walk. */
static bool is_sound(const struct pfwalk_run *head, const struct path *before, unsigned int levels, size_t vmas)
{
	bool walked = head->status == PFWALK_WALKED || head->status == PFWALK_KERNEL ||
		      head->status == PFWALK_CHANGED;

	return head->levels <= levels && (head->levels || !walked) && head->same <= head->levels &&
	       (!head->same || (before && head->same <= before->levels)) && head->vma <= vmas;
}

/* ---- paths ---- */

/* Nothing of a record is believed before it is checked: its sizes decide what is read next. */
bool take_paths(struct resolution *r, const char *record, size_t len, size_t head_size, const struct vma_records *vmas)
{
	const struct path *before = NULL;

	while (len) {
		struct pfwalk_path head;
		struct pfwalk_run run;
		size_t size;

		if (len < head_size || r->done == r->asked)
			return false;
		memcpy(&head, record, sizeof(head));
		memcpy(&run, record, sizeof(run));
		if (!is_sound(&run, before, r->levels, vmas->n))
			return false;
		size = head_size + (head.levels - head.same) * sizeof(__u64);
		if (len < size)
			return false;
		take_path(&r->paths[r->done], &head, before, record + head_size);
		take_path_vma(r, vmas, head.vma);
		before = &r->paths[r->done++];
		record += size;
		len -= size;
	}
	return true;
}

/* ---- runs ---- */

static bool is_pte_page(const struct resolution *r, const struct pfwalk_run *run)
{
	return run->kind == PFWALK_PAGE && run->levels == r->levels;
}

/* Those that differ from the path before by their last entry. */
static void take_neighbours(struct resolution *r, const char *entries, unsigned int n)
{
	struct path *path = &r->paths[r->done - 1], *end = path + n;
	struct vma *vma = r->vmas ? &r->vmas[r->done - 1] : NULL;
	unsigned int last = path->levels - 1;
	const struct path first = *path;
	const uint64_t mask = r->pfn_mask;
	uint64_t entry;

	while (path++ < end) {
		memcpy(&entry, entries, sizeof(__u64));
		entries += sizeof(__u64);
		*path = first;
		path->entry[last] = entry;
		path->value = entry & mask;
	}
	for (unsigned int i = 0; vma && i < n; i++)
		vma[i + 1] = *vma;
	r->done += n;
}

/* entries: behind the value, if there is one. That of a page is told by its entry. */
static void take_run(struct resolution *r, const struct pfwalk_run *run, const struct path *before, const char *entries,
		     const struct vma_records *vmas)
{
	struct pfwalk_path head = { .value = 0 };
	struct path *path = &r->paths[r->done];

	memcpy(&head, run, sizeof(*run));
	if (is_pte_page(r, run))
		head.swap_type = 0;
	else
		memcpy(&head.value, entries - sizeof(__u64), sizeof(__u64));
	take_path(path, &head, before, entries);
	if (is_pte_page(r, run))
		path->value = path->entry[path->levels - 1] & r->pfn_mask;
	take_path_vma(r, vmas, head.vma);
}

/* How a record goes on behind its head: a value, entries of its own, and those of neighbours. */
struct run_form {
	unsigned int values, entries, more;
	size_t size;
};

static struct run_form form_of(const struct resolution *r, const struct pfwalk_run *run, size_t head_size)
{
	bool is_small = is_pte_page(r, run);
	struct run_form form = {
		.values = !is_small, .entries = run->levels - run->same, .more = is_small ? run->more : 0,
	};

	form.size = head_size + (form.values + form.entries + form.more) * sizeof(__u64);
	return form;
}

/*
 * Records of pages whose heads are that of the one before, but for the number of entries: most are. Each is as sound as
 * that, if it has one at all. Returns the bytes that they take.
 */
static size_t take_alike(struct resolution *r, const struct pfwalk_run *run, const char *record, size_t len,
			 size_t head_size)
{
	static const struct pfwalk_run own = { .same = 0xff };
	unsigned int values = !is_pte_page(r, run), levels = run->levels;
	struct path *first = &r->paths[r->done], *path = first, *end = &r->paths[r->asked];
	const size_t left = len;
	uint64_t head, next, mask, entry = 0;

	if (run->kind != PFWALK_PAGE || (!values && run->more))
		return 0;
	memcpy(&head, run, sizeof(head));
	memcpy(&mask, &own, sizeof(mask));
	for (; len >= head_size && path < end; path++) {
		const char *entries = record + head_size + values * sizeof(__u64);
		unsigned int same;
		size_t size;

		memcpy(&next, record, sizeof(next));
		same = ((const unsigned char *)record)[offsetof(struct pfwalk_run, same)];
		size = head_size + (values + levels - same) * sizeof(__u64);
		if ((next ^ head) & ~mask || same >= levels || len < size)
			break;
		*path = path[-1];
		for (; same < levels; same++, entries += sizeof(__u64)) {
			memcpy(&entry, entries, sizeof(entry));
			path->entry[same] = entry;
		}
		path->value = entry & r->pfn_mask;
		if (values)
			memcpy(&path->value, record + head_size, sizeof(__u64));
		record += size;
		len -= size;
	}
	for (size_t i = r->done; r->vmas && i < r->done + (path - first); i++)
		r->vmas[i] = r->vmas[i - 1];
	r->done += path - first;
	return left - len;
}

/* As take_paths(). */
bool take_runs(struct resolution *r, const char *record, size_t len, size_t head_size, const struct vma_records *vmas)
{
	const struct path *before = NULL;

	while (len) {
		struct pfwalk_run run;
		struct run_form form;
		const char *entries;
		size_t size;

		if (len < head_size || r->done == r->asked)
			return false;
		memcpy(&run, record, sizeof(run));
		if (!is_sound(&run, before, r->levels, vmas->n))
			return false;
		form = form_of(r, &run, head_size);
		if (len < form.size || form.more >= r->asked - r->done)
			return false;
		entries = record + head_size + form.values * sizeof(__u64);
		take_run(r, &run, before, entries, vmas);
		r->done++;
		if (form.more)
			take_neighbours(r, entries + form.entries * sizeof(__u64), form.more);
		size = form.size + take_alike(r, &run, record + form.size, len - form.size, head_size);
		before = &r->paths[r->done - 1];
		record += size;
		len -= size;
	}
	return true;
}
