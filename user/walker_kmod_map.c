// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The module's client: PFWALK_CMD_MAP. */
#include "walker_kmod.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <stdbool.h>
#include <string.h>

/* One map request, while its reply is read. */
struct mapping_out {
	struct kmod_walker *walker;
	const struct map_sink *sink;
	struct table_pages *tables;
	uint64_t cursor;		/* all below it is answered */
	uint64_t end;			/* what will be answered */
	struct pfwalk_vma vma;		/* told last; start == end: none */
	struct region pending;		/* not told yet, as it may continue; start == end: none */
};

/* One message. */
struct map_message {
	const struct nlattr *vmas_attr, *regions, *tables;
	uint32_t vma_size, region_size;
	uint64_t next;
	struct vma_records vmas;
	size_t n_regions;
};

/* Kinds have the same order here and there; new ones are unknown. */
_Static_assert((int)PAGE_DEVICE == (int)PFWALK_PAGE_DEVICE && (int)PAGE_ZERO == (int)PFWALK_PAGE_ZERO &&
	       (int)PAGE_ANON == (int)PFWALK_PAGE_ANON && (int)PAGE_KSM == (int)PFWALK_PAGE_KSM,
	       "kinds of pages differ");
_Static_assert((int)KIND_BAD == (int)PFWALK_BAD && (int)KIND_SWAP == (int)PFWALK_SWAP &&
	       (int)KIND_TABLE == (int)PFWALK_TABLE, "kinds of entries differ");

/* ---- to the sink ---- */

static int stopped(struct kmod_walker *walker)
{
	set_error(walker, "ended by the caller");
	return -ECANCELED;
}

static int tell_pending(struct mapping_out *out)
{
	struct region region = out->pending;

	out->pending = (struct region){ 0 };
	if (region.start == region.end || !out->sink->region(out->sink->data, &region))
		return 0;
	return stopped(out->walker);
}

static int tell_vma(struct mapping_out *out, const struct pfwalk_vma *record)
{
	int err = tell_pending(out);
	struct vma vma;

	if (err)
		return err;
	out->vma = *record;
	take_vma(&vma, record);
	return out->sink->vma(out->sink->data, &vma) ? stopped(out->walker) : 0;
}

static bool continues(const struct region *pending, const struct region *region)
{
	return pending->end == region->start && pending->kind == region->kind && pending->level == region->level &&
	       pending->page == region->page;
}

static int tell_region(struct mapping_out *out, const struct pfwalk_vma *vma, const struct region *region)
{
	int err = 0;

	if (memcmp(vma, &out->vma, sizeof(*vma)))
		err = tell_vma(out, vma);
	else if (continues(&out->pending, region)) {
		out->pending.end = region->end;
		return 0;
	} else
		err = tell_pending(out);
	out->pending = *region;
	return err;
}

/* ---- from the message: nothing is believed before it is checked ---- */

static bool is_aligned(const struct mapping_out *out, uint64_t addr)
{
	return !(addr & ((1ULL << out->walker->base.geometry.page_shift) - 1));
}

static bool are_sound_vmas(const struct mapping_out *out, const struct map_message *message)
{
	uint64_t above = 0;

	for (size_t i = 0; i < message->vmas.n; i++) {
		struct pfwalk_vma vma;

		vma_records_get(&message->vmas, i, &vma);
		if (vma.start < above || vma.start >= vma.end || vma.end > out->walker->base.geometry.task_size_max ||
		    !is_aligned(out, vma.start) || !is_aligned(out, vma.end))
			return false;
		above = vma.end;
	}
	return true;
}

static bool is_sound_region(const struct mapping_out *out, const struct map_message *message,
			    const struct pfwalk_region *region)
{
	struct pfwalk_vma vma;

	if (!region->vma || region->vma > message->vmas.n || region->level > 2)
		return false;
	vma_records_get(&message->vmas, region->vma - 1, &vma);
	return region->start >= out->cursor && region->start < region->end && region->end <= message->next &&
	       region->start >= vma.start && region->end <= vma.end &&
	       is_aligned(out, region->start) && is_aligned(out, region->end);
}

static struct region translate(const struct pfwalk_region *region)
{
	static const uint8_t levels[] = { LEVEL_PTE, LEVEL_PMD, LEVEL_PUD };
	struct region out = {
		.start = region->start, .end = region->end,
		.kind = region->kind <= PFWALK_BAD ? region->kind : KIND_OTHER,
		.level = levels[region->level],
		.page = region->page <= PFWALK_PAGE_DEVICE ? region->page : PAGE_UNKNOWN,
	};

	if (out.kind == KIND_NONE)
		out.level = LEVEL_PTE;
	if (!region_has_page(&out))
		out.page = PAGE_UNKNOWN;
	return out;
}

static int take_regions(struct mapping_out *out, const struct map_message *message)
{
	const char *at = message->n_regions ? mnl_attr_get_payload(message->regions) : NULL;

	for (size_t i = 0; i < message->n_regions; i++, at += message->region_size) {
		struct pfwalk_region sent;
		struct pfwalk_vma vma;
		struct region region;
		int err;

		memcpy(&sent, at, sizeof(sent));
		if (!is_sound_region(out, message, &sent))
			return -EBADMSG;
		out->cursor = sent.end;
		vma_records_get(&message->vmas, sent.vma - 1, &vma);
		region = translate(&sent);
		err = tell_region(out, &vma, &region);
		if (err)
			return err;
	}
	return 0;
}

static bool take_tables(struct mapping_out *out, const struct nlattr *attr)
{
	static const uint8_t levels[] = { LEVEL_PTE, LEVEL_PMD, LEVEL_PUD, LEVEL_P4D, LEVEL_PGD };
	struct pfwalk_tables tables;

	if (!attr)
		return true;
	if (mnl_attr_get_payload_len(attr) < sizeof(tables))
		return false;
	memcpy(&tables, mnl_attr_get_payload(attr), sizeof(tables));
	for (unsigned int i = 0; i < sizeof(levels); i++)
		out->tables->pages[levels[i]] = tables.tables[i];
	out->tables->reserved = tables.reserved;
	return true;
}

/* What the module sends together is there, or nothing of it is. */
static bool open_records(struct map_message *message)
{
	if (!message->regions)
		return !message->vmas_attr;
	if (!message->vmas_attr || !vma_records_open(&message->vmas, message->vmas_attr, message->vma_size))
		return false;
	if (message->region_size < sizeof(struct pfwalk_region) ||
	    mnl_attr_get_payload_len(message->regions) % message->region_size)
		return false;
	message->n_regions = mnl_attr_get_payload_len(message->regions) / message->region_size;
	return true;
}

static struct map_message parse_message(const struct nlmsghdr *nlh)
{
	struct map_message message = { 0 };
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(attr)) {
		case PFWALK_A_NEXT: message.next = get_u64(attr); break;
		case PFWALK_A_VMA_SIZE: message.vma_size = get_u32(attr); break;
		case PFWALK_A_REGION_SIZE: message.region_size = get_u32(attr); break;
		case PFWALK_A_VMAS: message.vmas_attr = attr; break;
		case PFWALK_A_REGIONS: message.regions = attr; break;
		case PFWALK_A_TABLES: message.tables = attr; break;
		}
	}
	return message;
}

static int take_message(struct mapping_out *out, const struct nlmsghdr *nlh)
{
	struct map_message message = parse_message(nlh);
	int err;

	if (message.next < out->cursor || message.next > out->end || !open_records(&message) ||
	    !are_sound_vmas(out, &message) || !take_tables(out, message.tables))
		return -EBADMSG;
	err = take_regions(out, &message);
	out->cursor = message.next;
	return err;
}

static int take_map(const struct nlmsghdr *nlh, void *data)
{
	int err = take_message(data, nlh);

	if (!err)
		return MNL_CB_OK;
	errno = -err;
	return MNL_CB_ERROR;
}

/* ---- the request ---- */

/* Most of the reply is still under way, and nobody is to take it for the answer to another request. */
static void hang_up(struct kmod_walker *walker)
{
	mnl_socket_close(walker->socket);
	walker->socket = NULL;
}

static int ask_map(struct mapping_out *out, uint32_t pid, uint64_t start)
{
	struct kmod_walker *walker = out->walker;
	struct nlmsghdr *nlh = start_request(walker, walker->family, NLM_F_DUMP, PFWALK_CMD_MAP,
					     PFWALK_FAMILY_VERSION);
	int err;

	mnl_attr_put_u32(nlh, PFWALK_A_PID, pid);
	mnl_attr_put_u64(nlh, PFWALK_A_START, start);
	mnl_attr_put_u64(nlh, PFWALK_A_END, out->end);
	err = exchange(walker, nlh, take_map, out);
	if (err == -ECANCELED)
		hang_up(walker);
	if (!err && out->cursor < out->end) {
		set_error(walker, "the module answered for a part of what it was asked for");
		return -EBADMSG;
	}
	return err ? err : tell_pending(out);
}

int kmod_map(struct walker *base, uint32_t pid, uint64_t start, uint64_t end, const struct map_sink *sink,
	     struct table_pages *tables)
{
	uint64_t page = (1ULL << base->geometry.page_shift) - 1;
	struct mapping_out out = { .walker = (struct kmod_walker *)base, .sink = sink, .tables = tables };

	if (end > base->geometry.task_size_max)
		end = base->geometry.task_size_max;
	out.cursor = start & ~page;
	out.end = (end + page) & ~page;
	out.walker->offer = sizeof(out.walker->reply);
	*tables = (struct table_pages){ 0 };
	return ask_map(&out, pid, start);
}
