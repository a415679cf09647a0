// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The walker that is a kernel module: the client of kmod/uapi/pfwalk.h. */
#include "walker_kmod.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "missing_module.h"
#include "walker_kmod_paths.h"

/* ---- the family ---- */

static int take_family(const struct nlmsghdr *nlh, void *data)
{
	struct kmod_walker *walker = data;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID && mnl_attr_validate(attr, MNL_TYPE_U16) >= 0)
			walker->family = mnl_attr_get_u16(attr);
		else if (mnl_attr_get_type(attr) == CTRL_ATTR_MAXATTR)
			walker->has_runs = get_u32(attr) >= PFWALK_A_RUNS;
	}
	if (!walker->has_runs)
		walker->offer = OFFER;	/* its messages fill the smallest buffer there is, which is larger */
	return MNL_CB_OK;
}

/* The kernel loads the module for this where it is installed (MODULE_ALIAS_GENL_FAMILY). */
static int find_family(struct kmod_walker *walker)
{
	struct nlmsghdr *nlh = start_request(walker, GENL_ID_CTRL, NLM_F_ACK, CTRL_CMD_GETFAMILY, 1);

	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, PFWALK_FAMILY_NAME);
	return exchange(walker, nlh, take_family, walker);
}

/* ---- the geometry ---- */

static void take_layout_number(struct geometry *g, uint16_t type, uint32_t value)
{
	switch (type) {
	case PFWALK_LAYOUT_LEVELS: g->levels = value; break;
	case PFWALK_LAYOUT_PAGE_SHIFT: g->page_shift = g->shift[LEVEL_PTE] = value; break;
	case PFWALK_LAYOUT_PMD_SHIFT: g->shift[LEVEL_PMD] = value; break;
	case PFWALK_LAYOUT_PUD_SHIFT: g->shift[LEVEL_PUD] = value; break;
	case PFWALK_LAYOUT_P4D_SHIFT: g->shift[LEVEL_P4D] = value; break;
	case PFWALK_LAYOUT_PGDIR_SHIFT: g->shift[LEVEL_PGD] = value; break;
	case PFWALK_LAYOUT_PTRS_PER_PTE: g->entries[LEVEL_PTE] = value; break;
	case PFWALK_LAYOUT_PTRS_PER_PMD: g->entries[LEVEL_PMD] = value; break;
	case PFWALK_LAYOUT_PTRS_PER_PUD: g->entries[LEVEL_PUD] = value; break;
	case PFWALK_LAYOUT_PTRS_PER_P4D: g->entries[LEVEL_P4D] = value; break;
	case PFWALK_LAYOUT_PTRS_PER_PGD: g->entries[LEVEL_PGD] = value; break;
	}
}

static void take_layout_address(struct geometry *g, uint16_t type, uint64_t value)
{
	switch (type) {
	case PFWALK_LAYOUT_PAGE_OFFSET: g->page_offset = value; break;
	case PFWALK_LAYOUT_VMALLOC_START: g->vmalloc_start = value; break;
	case PFWALK_LAYOUT_VMEMMAP_START: g->vmemmap_start = value; break;
	case PFWALK_LAYOUT_TASK_SIZE_MAX: g->task_size_max = value; break;
	case PFWALK_LAYOUT_PFN_MASK: g->pfn_mask = value; break;
	}
}

static int take_layout(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *nest, *attr;

	mnl_attr_for_each(nest, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(nest) != PFWALK_A_LAYOUT)
			continue;
		mnl_attr_for_each_nested(attr, nest) {
			if (mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
				take_layout_number(data, mnl_attr_get_type(attr), mnl_attr_get_u32(attr));
			else if (mnl_attr_validate(attr, MNL_TYPE_U64) >= 0)
				take_layout_address(data, mnl_attr_get_type(attr), mnl_attr_get_u64(attr));
		}
	}
	return MNL_CB_OK;
}

static bool is_geometry(const struct geometry *g)
{
	unsigned int level;

	for (level = 0; level < MAX_LEVELS; level++)
		if (g->shift[level] < 12 || g->shift[level] > 63 || !g->entries[level])
			return false;
	return g->levels == 4 || g->levels == 5;
}

static int ask_layout(struct kmod_walker *walker)
{
	struct geometry *g = &walker->base.geometry;
	int err;

	err = exchange(walker, start_request(walker, walker->family, NLM_F_ACK, PFWALK_CMD_LAYOUT,
					     PFWALK_FAMILY_VERSION), take_layout, g);
	if (err)
		return err;
	if (!is_geometry(g)) {
		set_error(walker, "the module's answer about the paging geometry makes no sense");
		return -EBADMSG;
	}
	return 0;
}

/* ---- mappings ---- */

_Static_assert((int)VMA_READ == (int)PFWALK_VMA_READ && (int)VMA_GROWSDOWN == (int)PFWALK_VMA_GROWSDOWN &&
	       (int)VMA_MERGEABLE == (int)PFWALK_VMA_MERGEABLE && (int)VMA_FILE == (int)PFWALK_VMA_FILE, "flags differ");

void vma_records_get(const struct vma_records *records, size_t i, struct pfwalk_vma *record)
{
	memcpy(record, records->at + i * records->size, sizeof(*record));
}

bool vma_records_open(struct vma_records *records, const struct nlattr *attr, uint32_t size)
{
	size_t len = mnl_attr_get_payload_len(attr);

	if (size < sizeof(struct pfwalk_vma) || len % size)
		return false;
	*records = (struct vma_records){ .at = mnl_attr_get_payload(attr), .n = len / size, .size = size };
	return true;
}

void take_vma(struct vma *vma, const struct pfwalk_vma *record)
{
	*vma = (struct vma){
		.start = record->start, .end = record->end, .offset = record->offset, .inode = record->inode,
		.major = record->dev >> 20, .minor = record->dev & 0xfffff, .flags = record->flags, .name = "",
	};
	vma_set_perm(vma);
}

/* ---- paths ---- */

uint32_t get_u32(const struct nlattr *attr)
{
	return mnl_attr_validate(attr, MNL_TYPE_U32) >= 0 ? mnl_attr_get_u32(attr) : 0;
}

uint64_t get_u64(const struct nlattr *attr)
{
	return mnl_attr_validate(attr, MNL_TYPE_U64) >= 0 ? mnl_attr_get_u64(attr) : 0;
}

/* What one message of the reply has. */
struct resolved {
	const struct nlattr *paths, *runs, *vmas;
	uint32_t first, head, vma_size;
	uint64_t time;
};

static bool take_message(struct resolution *r, const struct resolved *message)
{
	struct vma_records vmas;

	if (message->first != r->done)
		return false;
	if (!message->paths && !message->runs)
		return true;	/* the process' lock was taken: nothing yet */
	if (!message->vmas || !vma_records_open(&vmas, message->vmas, message->vma_size))
		return false;
	r->time = message->time;
	if (message->runs)
		return message->head >= sizeof(struct pfwalk_run) &&
		       take_runs(r, mnl_attr_get_payload(message->runs), mnl_attr_get_payload_len(message->runs),
				 message->head, &vmas);
	return message->head >= sizeof(struct pfwalk_path) &&
	       take_paths(r, mnl_attr_get_payload(message->paths), mnl_attr_get_payload_len(message->paths),
			  message->head, &vmas);
}

static int take_resolved(const struct nlmsghdr *nlh, void *data)
{
	struct resolved message = { .first = UINT32_MAX };
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(attr)) {
		case PFWALK_A_FIRST: message.first = get_u32(attr); break;
		case PFWALK_A_HEAD: message.head = get_u32(attr); break;
		case PFWALK_A_TIME: message.time = get_u64(attr); break;
		case PFWALK_A_PATHS: message.paths = attr; break;
		case PFWALK_A_RUNS: message.runs = attr; break;
		case PFWALK_A_VMA_SIZE: message.vma_size = get_u32(attr); break;
		case PFWALK_A_VMAS: message.vmas = attr; break;
		}
	}
	if (take_message(data, &message))
		return MNL_CB_OK;
	errno = EBADMSG;
	return MNL_CB_ERROR;
}

static int resolve_some(struct kmod_walker *walker, uint32_t pid, const uint64_t *space, const uint64_t *addrs,
			size_t n, struct resolution *r)
{
	struct nlmsghdr *nlh = start_request(walker, walker->family, NLM_F_DUMP, PFWALK_CMD_RESOLVE,
					     PFWALK_FAMILY_VERSION);
	int err;

	mnl_attr_put_u32(nlh, PFWALK_A_PID, pid);
	if (space)
		mnl_attr_put_u64(nlh, PFWALK_A_SPACE, *space);
	if (walker->has_runs)
		mnl_attr_put(nlh, PFWALK_A_COMPACT, 0, NULL);
	mnl_attr_put(nlh, PFWALK_A_ADDRS, n * sizeof(*addrs), addrs);
	err = exchange(walker, nlh, take_resolved, r);
	if (!err && r->done != r->asked) {
		set_error(walker, "the module answered for fewer addresses than it was asked for");
		err = -EBADMSG;
	}
	return err;
}

static int resolve_all(struct kmod_walker *walker, uint32_t pid, const uint64_t *space, const uint64_t *addrs,
		       size_t n, struct path *paths, struct vma *vmas, uint64_t *time)
{
	for (size_t done = 0; done < n; ) {
		size_t some = n - done < PFWALK_MAX_ADDRS ? n - done : PFWALK_MAX_ADDRS;
		struct resolution r = {
			.paths = paths + done, .vmas = vmas ? vmas + done : NULL, .asked = some,
			.levels = walker->base.geometry.levels, .pfn_mask = walker->base.geometry.pfn_mask,
		};
		int err = resolve_some(walker, pid, space, addrs + done, some, &r);

		if (err)
			return err;
		*time = r.time;
		done += some;
	}
	return 0;
}

static int kmod_resolve(struct walker *base, uint32_t pid, const uint64_t *space, const uint64_t *addrs, size_t n,
			struct path *paths, struct vma *vmas, uint64_t *time)
{
	return resolve_all((struct kmod_walker *)base, pid, space, addrs, n, paths, vmas, time);
}

/* ---- opening ---- */

static void kmod_close(struct walker *base)
{
	struct kmod_walker *walker = (struct kmod_walker *)base;

	if (walker->socket)
		mnl_socket_close(walker->socket);
	free(walker);
}

static void explain(const struct kmod_walker *walker, int err, char *why, size_t size)
{
	if (err == -ENOENT)
		missing_module_explain(why, size);
	else if (err == -EPERM)
		snprintf(why, size, "the walker module pfwalk refused: %s", walker->base.error);
	else
		snprintf(why, size, "the walker module pfwalk doesn't answer: %s", walker->base.error);
}

static struct walker *kmod_open(char *why, size_t size)
{
	struct kmod_walker *walker = calloc(1, sizeof(*walker));
	int err;

	if (!walker) {
		snprintf(why, size, "out of memory");
		return NULL;
	}
	err = open_socket(walker);
	if (!err)
		err = find_family(walker);
	if (!err)
		err = ask_layout(walker);
	if (!err)
		return &walker->base;
	explain(walker, err, why, size);
	kmod_close(&walker->base);
	return NULL;
}

const struct walker_ops walker_kmod = {
	.name = "kmod", .open = kmod_open, .close = kmod_close, .resolve = kmod_resolve, .map = kmod_map,
};
