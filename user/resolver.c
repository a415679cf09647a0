// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "resolver.h"

#include <stdlib.h>

#include "clock.h"
#include "proc.h"
#include "swaps.h"

/*
 * How old a list of mappings may be that names are taken from: so long a mapping without a file may be shown by the name
 * that it, or another one of the same bounds, had before.
 */
#define NAMES_NS	(100 * 1000 * 1000)

struct resolver {
	struct walker *walker;
	bool whole_pages;
	struct page_infos *infos;

	uint32_t pid;
	const uint64_t *addrs;
	struct vmas *maps;	/* of maps_pid, as they were at maps_time */
	uint32_t maps_pid;
	uint64_t maps_time;
	struct swaps *swaps;
	uint64_t swap_types;	/* a bit for each that was seen */
	struct path paths[RESOLVER_BATCH], again[RESOLVER_BATCH];
	struct vma vmas[RESOLVER_BATCH];
	struct page_info pages[RESOLVER_BATCH];
};

struct resolver *resolver_new(struct walker *walker, bool whole_pages)
{
	struct resolver *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->walker = walker;
	r->whole_pages = whole_pages;
	r->infos = page_infos_open("/proc", "/sys");
	if (r->infos)
		return r;
	free(r);
	return NULL;
}

static void forget(struct resolver *r)
{
	swaps_free(r->swaps);
	r->swaps = NULL;
	r->swap_types = 0;
}

void resolver_free(struct resolver *r)
{
	if (!r)
		return;
	forget(r);
	vmas_free(r->maps);
	page_infos_close(r->infos);
	free(r);
}

/* ---- swap areas ---- */

static uint64_t swap_types(const struct resolver *r, size_t n)
{
	uint64_t types = 0;

	for (size_t i = 0; i < n; i++)
		if (r->paths[i].state == STATE_SWAP)
			types |= 1ULL << (r->paths[i].swap_type & 63);
	return types;
}

/*
 * An entry's area is on the list that was true while the entry was read: on that before, if the one after is the
 * same. The list is read only if there is an entry to be named, so it is walked again then, in between; of a process
 * that is gone by then the answer is that.
 */
static int look_at_swaps(struct resolver *r, size_t n)
{
	struct swaps *before;
	uint64_t time;
	int err;

	if (!swap_types(r, n))
		return 0;
	before = swaps_read("/proc/swaps");
	err = walker_resolve_vmas(r->walker, r->pid, r->addrs, n, r->paths, r->vmas, &time);
	r->swaps = swaps_read("/proc/swaps");
	r->swap_types = err ? 0 : swap_types(r, n);
	if (!swaps_equal(r->swaps, before)) {
		swaps_free(r->swaps);
		r->swaps = NULL;
	}
	swaps_free(before);
	return err;
}

/* ---- mappings ---- */

static void read_names(struct resolver *r, uint64_t now)
{
	vmas_free(r->maps);
	r->maps = vmas_read(r->pid);
	r->maps_pid = r->pid;
	r->maps_time = now;
}

/*
 * Bounds, permissions and flags are of the instant of the walk; the names are of another one, and may be another
 * mapping's. What the list has must have the same bounds; in a list from before it must be of the same file, too.
 */
static const struct vma *find_listed(const struct resolver *r, const struct vma *vma, bool is_new)
{
	const struct vma *listed = vmas_find(r->maps, vma->start);

	if (!listed || listed->start != vma->start || listed->end != vma->end)
		return NULL;
	if (!is_new && (listed->inode != vma->inode || listed->major != vma->major || listed->minor != vma->minor))
		return NULL;
	return listed;
}

/* Most addresses lie where the one before does. */
static bool is_in_one_before(const struct resolver *r, size_t i)
{
	const struct vma *vma = &r->vmas[i];

	return i && !r->paths[i - 1].kernel && vma->start == vma[-1].start && vma->end == vma[-1].end;
}

static bool has_mapping(const struct resolver *r, size_t i)
{
	return !r->paths[i].kernel && r->vmas[i].end;
}

/* Of a list from before. */
static bool lists_all(const struct resolver *r, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (has_mapping(r, i) && !is_in_one_before(r, i) && !find_listed(r, &r->vmas[i], false))
			return false;
	return true;
}

/* The one mapping that the kernel half has (vsyscall) is in the list alone, where it has the same place for everybody. */
static void name_vma(struct resolver *r, size_t i, bool is_new)
{
	const struct vma *listed;

	if (r->paths[i].kernel) {
		listed = vmas_find(r->maps, r->addrs[i]);
		if (listed)
			r->vmas[i] = *listed;
	} else if (has_mapping(r, i)) {
		listed = is_in_one_before(r, i) ? &r->vmas[i - 1] : find_listed(r, &r->vmas[i], is_new);
		r->vmas[i].name = listed ? listed->name : "";
	}
}

/* By a list that was read for a question before, if it is of a moment ago and has all that is asked for. */
static void name_vmas(struct resolver *r, size_t n)
{
	uint64_t now = clock_now();
	bool is_new = !r->maps || r->maps_pid != r->pid || now - r->maps_time > NAMES_NS || !lists_all(r, n);

	if (is_new)
		read_names(r, now);
	for (size_t i = 0; i < n; i++)
		name_vma(r, i, is_new);
}

/* ---- pages ---- */

static bool has_memory(const struct path *path)
{
	return path_has_page(path) && path->kind != KIND_DEVICE;
}

static uint64_t pfn_of(const struct resolver *r, const struct path *path, size_t i)
{
	const struct geometry *g = walker_geometry(r->walker);

	return path_phys(g, path, r->addrs[i]) >> g->page_shift;
}

/* Of what the walker alone says. */
static void forget_page(struct page_info *info, enum page_kind kind)
{
	*info = (struct page_info){ .pfn = info->pfn, .kind = kind, .node = info->node };
}

/* Its kind is the walker's to say, with the path; where it can't, and for all else, the page's own flags are read. */
static void look_at_page(struct resolver *r, size_t i)
{
	const struct path *path = &r->paths[i];
	struct page_info *page = &r->pages[i];
	uint64_t pfn = pfn_of(r, path, i);

	if (r->whole_pages || path->page == PAGE_UNKNOWN)
		page_infos_get(r->infos, pfn, path->page, page);
	else
		*page = (struct page_info){ .pfn = pfn, .kind = path->page, .node = -1 };
}

/*
 * By the time that its flags are read, a page may have been freed and be someone else's. They are taken for the
 * address' only if it has the same page still.
 */
static void look_at_pages(struct resolver *r, size_t n)
{
	bool any = false, known;
	uint64_t time;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!has_memory(&r->paths[i]))
			continue;
		look_at_page(r, i);
		any |= r->pages[i].has_flags;
	}
	if (!any)
		return;
	known = !walker_resolve(r->walker, r->pid, NULL, r->addrs, n, r->again, &time);
	for (i = 0; i < n; i++) {
		if (!has_memory(&r->paths[i]))
			continue;
		if (!known || !has_memory(&r->again[i]) || pfn_of(r, &r->again[i], i) != r->pages[i].pfn)
			forget_page(&r->pages[i], r->paths[i].page);
		/* Not every walker knows, and some bits of an entry mean different things by what its page is. */
		r->paths[i].page = r->pages[i].kind;
	}
}

/* ---- questions and answers ---- */

int resolver_ask(struct resolver *r, uint32_t pid, const uint64_t *addrs, size_t n)
{
	uint64_t time;
	int err;

	forget(r);
	r->pid = pid;
	r->addrs = addrs;
	err = walker_resolve_vmas(r->walker, pid, addrs, n, r->paths, r->vmas, &time);
	if (!err)
		err = look_at_swaps(r, n);
	if (err)
		return err;
	name_vmas(r, n);
	look_at_pages(r, n);
	return 0;
}

void resolver_give_up(struct resolver *r, uint32_t pid, const uint64_t *addrs, size_t n, enum state state)
{
	forget(r);
	r->pid = pid;
	r->addrs = addrs;
	for (size_t i = 0; i < n; i++) {
		r->paths[i] = (struct path){ .state = state };
		r->vmas[i] = (struct vma){ .name = "" };
	}
}

struct answer resolver_answer(const struct resolver *r, size_t i)
{
	const struct path *path = &r->paths[i];
	bool swapped = path->state == STATE_SWAP;

	return (struct answer){
		.pid = r->pid, .addr = r->addrs[i], .path = path,
		.vma = r->vmas[i].end ? &r->vmas[i] : NULL,
		.page = has_memory(path) ? &r->pages[i] : NULL,
		.swap_name = swapped ? swaps_name(r->swaps, path->swap_type, r->swap_types) : NULL,
	};
}
