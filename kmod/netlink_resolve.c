// SPDX-License-Identifier: GPL-2.0-only
/* PFWALK_CMD_RESOLVE: the paths of a batch of addresses. */
#include <linux/slab.h>
#include <net/genetlink.h>

#include "batch.h"
#include "compat.h"
#include "netlink_dump.h"
#include "uapi/pfwalk.h"

static_assert(WALK_MAX_LEVELS == PFWALK_MAX_LEVELS);
static_assert((int)WALK_CHANGED == (int)PFWALK_CHANGED);
static_assert((int)WALK_BAD == (int)PFWALK_BAD);
static_assert((int)PAGE_KIND_KERNEL == (int)PFWALK_PAGE_KERNEL);
static_assert((int)WALK_VMA_FILE == (int)PFWALK_VMA_FILE);
static_assert(sizeof(struct pfwalk_path) == sizeof(struct pfwalk_run) + sizeof(u64));
static_assert(offsetof(struct pfwalk_path, value) == sizeof(struct record_head));
static_assert(offsetof(struct record_head, swap_type) == offsetof(struct pfwalk_path, swap_type));
static_assert(offsetof(struct record_head, vma) == offsetof(struct pfwalk_path, vma));
static_assert(offsetof(struct record_head, swap_type) == offsetof(struct pfwalk_run, more));
static_assert(offsetof(struct record_head, vma) == offsetof(struct pfwalk_run, vma));
static_assert(sizeof(struct pfwalk_vma) == 40);

/* The attributes that stand in a message before the first path, with the head of theirs; and those behind the last. */
#define HEAD_SIZE	(nla_total_size(sizeof(u32)) * 2 + NLA_HDRLEN)
#define TAIL_SIZE	(nla_total_size_64bit(sizeof(u64)) + nla_total_size(sizeof(u32)) + \
			 nla_total_size(BATCH_VMAS * sizeof(struct pfwalk_vma)))

/*
 * What is left of each skb, and takes NLMSG_DONE: so much is PFWALK_BUFFER less than the smallest that netlink_dump()
 * makes, NLMSG_GOODSIZE.
 */
#define SPARE		256
static_assert(NLMSG_GOODSIZE - SPARE + NLMSG_HDRLEN + sizeof(int) <= PFWALK_BUFFER);

struct resolve {
	struct dump dump;
	u32 next;		/* index of the first address that is not answered yet */
	struct batch batch;
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
	r->batch.runs = attrs[PFWALK_A_COMPACT];
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

/* Records are written into the skb itself, behind what `batch_walk()` is given as its room. */
static int walk_into(struct sk_buff *skb, struct resolve *r, struct mm_struct *mm, const struct nlattr *addrs)
{
	unsigned int left = nla_len(addrs) / sizeof(u64) - r->next;
	struct nlattr *paths = nla_reserve(skb, r->batch.runs ? PFWALK_A_RUNS : PFWALK_A_PATHS, 0);
	int err;

	if (!paths)
		return -EMSGSIZE;
	r->batch.at = skb_tail_pointer(skb);
	r->batch.end = skb_end_pointer(skb) - TAIL_SIZE - SPARE;
	err = batch_walk(mm, (const u8 *)nla_data(addrs) + r->next * sizeof(u64), left, &r->batch);
	if (err)
		return err;
	skb_put(skb, r->batch.at - skb_tail_pointer(skb));
	paths->nla_len = skb_tail_pointer(skb) - (unsigned char *)paths;
	return 0;
}

/* One message: as many paths as it has room for and as one hold of the mmap lock resolves. */
static int put_paths(struct sk_buff *skb, struct netlink_callback *cb, struct resolve *r, struct mm_struct *mm,
		     const struct nlattr *addrs)
{
	void *header = dump_put_header(skb, cb, PFWALK_CMD_RESOLVE);
	u32 head = r->batch.runs ? sizeof(struct pfwalk_run) : sizeof(struct pfwalk_path);
	int err = -EMSGSIZE;

	if (!header)
		return err;
	if (skb_tailroom(skb) < HEAD_SIZE + RECORD_SIZE + TAIL_SIZE + SPARE)
		goto cancel;
	if (nla_put_u32(skb, PFWALK_A_FIRST, r->next) || nla_put_u32(skb, PFWALK_A_HEAD, head))
		goto cancel;
	err = walk_into(skb, r, mm, addrs);
	if (err)
		goto cancel;
	if (nla_put_u64_64bit(skb, PFWALK_A_TIME, r->batch.time, PFWALK_A_PAD) ||
	    dump_put_vmas(skb, r->batch.vma, r->batch.vmas)) {
		err = -EMSGSIZE;
		goto cancel;
	}
	genlmsg_end(skb, header);
	r->next += r->batch.done;
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

	while (!err && r->next < total) {
		err = put_paths(skb, cb, r, mm, addrs);
		cond_resched();
	}
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
