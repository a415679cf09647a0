// SPDX-License-Identifier: GPL-2.0-only
/* PFWALK_CMD_MAP: what an address space holds, as regions. */
#include <linux/mm.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "compat.h"
#include "map.h"
#include "netlink_dump.h"
#include "uapi/pfwalk.h"

static_assert(sizeof(struct map_region) == sizeof(struct pfwalk_region) && sizeof(struct pfwalk_region) == 24);
static_assert(offsetof(struct map_region, page) == offsetof(struct pfwalk_region, page));
static_assert(sizeof(struct map_tables) == sizeof(struct pfwalk_tables));

#define PREAMBLE_SIZE	(nla_total_size_64bit(sizeof(u64)) * 2 + nla_total_size(sizeof(u32)) * 2 + \
			 nla_total_size(sizeof(struct pfwalk_tables)) + 2 * NLA_HDRLEN)

/* Of the room in a message, a mapping may take this part: one with a single region takes what both need. */
#define ROOM_MIN	(sizeof(struct pfwalk_vma) + sizeof(struct pfwalk_region))

struct map_request {
	struct dump dump;
	struct map_cursor cursor;
	struct map_batch batch;
};

static struct map_request *map_of(struct netlink_callback *cb)
{
	return (struct map_request *)cb->args[0];
}

static int parse_range(struct map_cursor *cursor, struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	u64 start = attrs[PFWALK_A_START] ? nla_get_u64(attrs[PFWALK_A_START]) : 0;
	u64 end = attrs[PFWALK_A_END] ? nla_get_u64(attrs[PFWALK_A_END]) : TASK_SIZE_MAX;

	if (start >= end) {
		NL_SET_ERR_MSG(extack, "PFWALK_A_START is not below PFWALK_A_END");
		return -EINVAL;
	}
	if (start >= TASK_SIZE_MAX) {
		NL_SET_ERR_MSG(extack, "PFWALK_A_START is not an address of the user half");
		return -EINVAL;
	}
	cursor->next = start & PAGE_MASK;
	cursor->end = end < TASK_SIZE_MAX ? PAGE_ALIGN(end) : TASK_SIZE_MAX;
	return 0;
}

/* As resolve_start(). */
int map_start(struct netlink_callback *cb)
{
	struct nlattr **attrs = dump_attrs(cb);
	struct map_request *r;
	int err;

	err = dump_check_caller(cb->skb, cb->nlh, cb->extack);
	if (err == -EPERM)
		return err;
	r = kvzalloc(sizeof(*r), GFP_KERNEL_ACCOUNT);
	if (!r)
		return -ENOMEM;
	err = dump_check_caller(cb->skb, cb->nlh, &r->dump.refusal);
	if (!err)
		err = parse_range(&r->cursor, attrs, &r->dump.refusal);
	if (!err)
		err = dump_parse_target(&r->dump, attrs, &r->dump.refusal);
	r->dump.err = err;
	cb->args[0] = (long)r;
	return 0;
}

int map_done(struct netlink_callback *cb)
{
	struct map_request *r = map_of(cb);

	dump_release(&r->dump);
	kvfree(r);
	return 0;
}

static int put_batch(struct sk_buff *skb, const struct map_request *r)
{
	const struct map_batch *batch = &r->batch;

	if (nla_put_u64_64bit(skb, PFWALK_A_TIME, batch->time, PFWALK_A_PAD) ||
	    nla_put_u64_64bit(skb, PFWALK_A_NEXT, r->cursor.next, PFWALK_A_PAD) ||
	    dump_put_vmas(skb, batch->vma, batch->vmas) ||
	    nla_put_u32(skb, PFWALK_A_REGION_SIZE, sizeof(struct pfwalk_region)) ||
	    nla_put(skb, PFWALK_A_REGIONS, batch->regions * sizeof(struct pfwalk_region), batch->region) ||
	    nla_put(skb, PFWALK_A_TABLES, sizeof(struct pfwalk_tables), &r->cursor.tables))
		return -EMSGSIZE;
	return 0;
}

/* Most mappings have a few regions: of the room for both, a quarter is the mappings'. */
static void divide_room(struct map_batch *batch, unsigned int room)
{
	batch->vmas_max = clamp_t(unsigned int, room / 4 / sizeof(struct pfwalk_vma), 1, MAP_VMAS);
	room -= batch->vmas_max * sizeof(struct pfwalk_vma);
	batch->regions_max = clamp_t(unsigned int, room / sizeof(struct pfwalk_region), 1, MAP_REGIONS);
}

/* One message: what one hold of the mmap lock brings. -EAGAIN: what there was before a lock was taken. */
static int put_regions(struct sk_buff *skb, struct netlink_callback *cb, struct map_request *r, struct mm_struct *mm)
{
	void *header = dump_put_header(skb, cb, PFWALK_CMD_MAP);
	int err = -EMSGSIZE;

	if (!header)
		return err;
	if (skb_tailroom(skb) < PREAMBLE_SIZE + ROOM_MIN)
		goto cancel;
	divide_room(&r->batch, skb_tailroom(skb) - PREAMBLE_SIZE);
	err = map_walk(mm, &r->cursor, &r->batch);
	if (err && !(err == -EAGAIN && r->batch.regions))
		goto cancel;
	if (put_batch(skb, r)) {
		err = -EMSGSIZE;
		goto cancel;
	}
	genlmsg_end(skb, header);
	return err;

cancel:
	genlmsg_cancel(skb, header);
	return err;
}

/* One message a round: it has all of the skb's room, and what is left of that is not worth another hold of the lock. */
static int map_messages(struct sk_buff *skb, struct netlink_callback *cb, struct mm_struct *mm)
{
	struct map_request *r = map_of(cb);
	int err;

	if (r->cursor.next == r->cursor.end)
		return 0;
	err = put_regions(skb, cb, r, mm);
	return err ?: -EMSGSIZE;	/* there may be more */
}

static int map_nothing_yet(struct sk_buff *skb, struct netlink_callback *cb)
{
	void *header = dump_put_header(skb, cb, PFWALK_CMD_MAP);

	if (!header || nla_put_u64_64bit(skb, PFWALK_A_NEXT, map_of(cb)->cursor.next, PFWALK_A_PAD))
		return -EMSGSIZE;
	genlmsg_end(skb, header);
	return 0;
}

int map_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	static const struct dump_ops ops = { .messages = map_messages, .nothing_yet = map_nothing_yet };

	return dump_round(skb, cb, &map_of(cb)->dump, &ops);
}
