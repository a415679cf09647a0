// SPDX-License-Identifier: GPL-2.0-only
/* PFWALK_CMD_RESOLVE: the paths of a batch of addresses. */
#include <linux/slab.h>
#include <net/genetlink.h>

#include "compat.h"
#include "netlink_dump.h"
#include "uapi/pfwalk.h"
#include "walk.h"

static_assert(WALK_MAX_LEVELS == PFWALK_MAX_LEVELS);
static_assert((int)WALK_CHANGED == (int)PFWALK_CHANGED);
static_assert((int)WALK_BAD == (int)PFWALK_BAD);
static_assert((int)PAGE_KIND_KERNEL == (int)PFWALK_PAGE_KERNEL);
static_assert((int)WALK_VMA_FILE == (int)PFWALK_VMA_FILE);
static_assert(sizeof(struct pfwalk_path) == 16);
static_assert(sizeof(struct pfwalk_vma) == 40);

/* What an address may take in a message, and the attributes that stand before the first one. */
#define RECORD_SIZE	(sizeof(struct pfwalk_path) + PFWALK_MAX_LEVELS * sizeof(u64) + sizeof(struct pfwalk_vma))
#define PREAMBLE_SIZE	(nla_total_size(sizeof(u32)) * 3 + nla_total_size_64bit(sizeof(u64)) + 2 * NLA_HDRLEN)

struct resolve {
	struct dump dump;
	u32 next;		/* index of the first address that is not answered yet */
	struct walk_batch batch;
};

static struct resolve *resolve_of(struct netlink_callback *cb)
{
	return (struct resolve *)cb->args[0];
}

static int check_addrs(const struct nlattr *addrs, struct netlink_ext_ack *extack)
{
	if (!addrs) {
		NL_SET_ERR_MSG(extack, "PFWALK_A_ADDRS is missing");
		return -EINVAL;
	}
	if (!nla_len(addrs) || nla_len(addrs) % sizeof(u64)) {
		NL_SET_ERR_MSG_ATTR(extack, addrs, "PFWALK_A_ADDRS is not one or more addresses of 8 bytes");
		return -EINVAL;
	}
	if (nla_len(addrs) / sizeof(u64) > PFWALK_MAX_ADDRS) {
		NL_SET_ERR_MSG_ATTR(extack, addrs, "more than 4096 addresses in one request");
		return -E2BIG;
	}
	return 0;
}

/*
 * Runs in the sender's context, always; what follows runs in that of whoever reads the socket. What is wrong with the
 * request is kept and told by the first round, since 5.10 to 6.1 have no way to send an extack from here.
 */
int resolve_start(struct netlink_callback *cb)
{
	struct nlattr **attrs = dump_attrs(cb);
	struct resolve *r;
	int err;

	err = dump_check_caller(cb->skb, cb->nlh, cb->extack);
	if (err == -EPERM)
		return err;
	r = kvzalloc(sizeof(*r), GFP_KERNEL_ACCOUNT);
	if (!r)
		return -ENOMEM;
	err = dump_check_caller(cb->skb, cb->nlh, &r->dump.refusal);
	if (!err)
		err = check_addrs(attrs[PFWALK_A_ADDRS], &r->dump.refusal);
	if (!err)
		err = dump_parse_target(&r->dump, attrs, &r->dump.refusal);
	r->dump.err = err;
	cb->args[0] = (long)r;
	return 0;
}

int resolve_done(struct netlink_callback *cb)
{
	struct resolve *r = resolve_of(cb);

	dump_release(&r->dump);
	kvfree(r);
	return 0;
}

/* Entries that two paths have in common from the PGD downwards. The last of a path is never shared: it is its own. */
static unsigned int same_tables(const struct walk_path *a, const struct walk_path *b)
{
	unsigned int max = min(a->levels, b->levels), i = 0;

	while (i + 1 < max && a->entry[i] == b->entry[i])
		i++;
	return i;
}

/* The caller has made sure of RECORD_SIZE bytes of room. */
static void put_path(struct sk_buff *skb, const struct walk_path *path, const struct walk_path *before)
{
	unsigned int same = before ? same_tables(path, before) : 0;
	unsigned int entries = (path->levels - same) * sizeof(u64);
	struct pfwalk_path head = {
		.status = path->status,
		.kind = path->leaf.kind,
		.levels = path->levels,
		.same = same,
		.swap_type = path->leaf.swap_type,
		.page = path->page,
		.vma = path->vma,
		.value = path->leaf.value,
	};

	skb_put_data(skb, &head, sizeof(head));
	skb_put_data(skb, path->entry + same, entries);
}

static int put_batch(struct sk_buff *skb, const struct resolve *r, unsigned int n)
{
	const struct walk_batch *batch = &r->batch;
	struct nlattr *paths;
	unsigned int i;

	if (nla_put_u32(skb, PFWALK_A_FIRST, r->next) || nla_put_u32(skb, PFWALK_A_HEAD, sizeof(struct pfwalk_path)) ||
	    nla_put_u64_64bit(skb, PFWALK_A_TIME, batch->time, PFWALK_A_PAD) ||
	    dump_put_vmas(skb, batch->vma, batch->vmas))
		return -EMSGSIZE;
	paths = nla_reserve(skb, PFWALK_A_PATHS, 0);
	if (!paths)
		return -EMSGSIZE;
	for (i = 0; i < n; i++)
		put_path(skb, &batch->path[i], i ? &batch->path[i - 1] : NULL);
	paths->nla_len = skb_tail_pointer(skb) - (unsigned char *)paths;
	return 0;
}

/* One message: as many paths as it has room for and as one hold of the mmap lock may resolve. */
static int put_paths(struct sk_buff *skb, struct netlink_callback *cb, struct resolve *r, struct mm_struct *mm,
		     const struct nlattr *addrs)
{
	unsigned int left = nla_len(addrs) / sizeof(u64) - r->next, n;
	void *header = dump_put_header(skb, cb, PFWALK_CMD_RESOLVE);
	int err = -EMSGSIZE;

	if (!header)
		return err;
	if (skb_tailroom(skb) < PREAMBLE_SIZE + RECORD_SIZE)
		goto cancel;
	n = min3((unsigned int)((skb_tailroom(skb) - PREAMBLE_SIZE) / RECORD_SIZE), left, (unsigned int)WALK_BATCH);
	err = walk_addresses(mm, (const u8 *)nla_data(addrs) + r->next * sizeof(u64), n, &r->batch);
	if (!err)
		err = put_batch(skb, r, n);
	if (err)
		goto cancel;
	genlmsg_end(skb, header);
	r->next += n;
	return 0;

cancel:
	genlmsg_cancel(skb, header);
	return err;
}

/* Fills the skb with messages. 0: all is answered; -EMSGSIZE: there is no room for more; -EAGAIN: it had to wait. */
static int resolve_messages(struct sk_buff *skb, struct netlink_callback *cb, struct mm_struct *mm)
{
	const struct nlattr *addrs = dump_attrs(cb)[PFWALK_A_ADDRS];
	unsigned int total = nla_len(addrs) / sizeof(u64);
	struct resolve *r = resolve_of(cb);
	int err = 0;

	while (!err && r->next < total)
		err = put_paths(skb, cb, r, mm, addrs);
	return err;
}

/* A message without paths. The reader sees that there is more to come, and comes for it. */
static int resolve_nothing_yet(struct sk_buff *skb, struct netlink_callback *cb)
{
	void *header = dump_put_header(skb, cb, PFWALK_CMD_RESOLVE);

	if (!header || nla_put_u32(skb, PFWALK_A_FIRST, resolve_of(cb)->next))
		return -EMSGSIZE;
	genlmsg_end(skb, header);
	return 0;
}

int resolve_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	static const struct dump_ops ops = { .messages = resolve_messages, .nothing_yet = resolve_nothing_yet };

	return dump_round(skb, cb, &resolve_of(cb)->dump, &ops);
}
