// SPDX-License-Identifier: GPL-2.0-only
/*
 * The protocol of uapi/pfwalk.h: parse the request, let walk.c collect with its locks, write the reply when they are
 * gone. Nothing here holds a lock of the process that is looked at; what is held of netlink's is said at
 * resolve_dumpit().
 */
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "netlink.h"
#include "uapi/pfwalk.h"
#include "walk.h"

static_assert(WALK_MAX_LEVELS == PFWALK_MAX_LEVELS);
static_assert((int)WALK_CHANGING == (int)PFWALK_CHANGING);
static_assert((int)WALK_BAD == (int)PFWALK_BAD);
static_assert(sizeof(struct pfwalk_path) == 16);

/* The longest record, and the attributes that stand before the first one in a message. */
#define PATH_SIZE_MAX	(sizeof(struct pfwalk_path) + PFWALK_MAX_LEVELS * sizeof(u64))
#define PREAMBLE_SIZE	(nla_total_size(sizeof(u32)) * 2 + nla_total_size_64bit(sizeof(u64)) + NLA_HDRLEN)

static struct genl_family pfwalk_family;

static const struct nla_policy pfwalk_policy[PFWALK_A_MAX + 1] = {
	[PFWALK_A_PID] = { .type = NLA_U32 },
	[PFWALK_A_SPACE] = { .type = NLA_U64 },
	[PFWALK_A_ADDRS] = { .type = NLA_BINARY },
};

#define NOT_ALLOWED "CAP_SYS_ADMIN in the initial user namespace is needed"

/* What a RESOLVE request carries from one message of its reply to the next. */
struct resolve {
	struct pid *pid;
	u64 space;			/* 0 until it is known: all paths of a reply are of one address space */
	u32 next;			/* index of the first address that is not answered yet */
	bool may_wait;			/* not in the first round */
	int err;			/* ends the dump with the next message */
	struct netlink_ext_ack refusal;	/* what start() has to say */
	struct walk_path paths[WALK_BATCH];
};

static struct resolve *resolve_of(struct netlink_callback *cb)
{
	return (struct resolve *)cb->args[0];
}

static int put_layout(struct sk_buff *skb, const struct walk_layout *l)
{
	const struct { u16 type; u32 value; } numbers[] = {
		{ PFWALK_LAYOUT_LEVELS, l->levels },
		{ PFWALK_LAYOUT_PAGE_SHIFT, l->page_shift },
		{ PFWALK_LAYOUT_PMD_SHIFT, l->pmd_shift },
		{ PFWALK_LAYOUT_PUD_SHIFT, l->pud_shift },
		{ PFWALK_LAYOUT_P4D_SHIFT, l->p4d_shift },
		{ PFWALK_LAYOUT_PGDIR_SHIFT, l->pgdir_shift },
		{ PFWALK_LAYOUT_PTRS_PER_PTE, l->ptrs_per_pte },
		{ PFWALK_LAYOUT_PTRS_PER_PMD, l->ptrs_per_pmd },
		{ PFWALK_LAYOUT_PTRS_PER_PUD, l->ptrs_per_pud },
		{ PFWALK_LAYOUT_PTRS_PER_P4D, l->ptrs_per_p4d },
		{ PFWALK_LAYOUT_PTRS_PER_PGD, l->ptrs_per_pgd },
	};
	const struct { u16 type; u64 value; } addresses[] = {
		{ PFWALK_LAYOUT_PAGE_OFFSET, l->page_offset },
		{ PFWALK_LAYOUT_VMALLOC_START, l->vmalloc_start },
		{ PFWALK_LAYOUT_VMEMMAP_START, l->vmemmap_start },
		{ PFWALK_LAYOUT_TASK_SIZE_MAX, l->task_size_max },
		{ PFWALK_LAYOUT_PFN_MASK, l->pfn_mask },
	};
	struct nlattr *nest = nla_nest_start(skb, PFWALK_A_LAYOUT);
	unsigned int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		if (nla_put_u32(skb, numbers[i].type, numbers[i].value))
			return -EMSGSIZE;
	for (i = 0; i < ARRAY_SIZE(addresses); i++)
		if (nla_put_u64_64bit(skb, addresses[i].type, addresses[i].value, PFWALK_LAYOUT_PAD))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int layout_doit(struct sk_buff *request, struct genl_info *info)
{
	struct walk_layout layout;
	struct sk_buff *skb;
	void *header;

	if (!netlink_capable(request, CAP_SYS_ADMIN)) {
		GENL_SET_ERR_MSG(info, NOT_ALLOWED);
		return -EPERM;
	}
	walk_get_layout(&layout);
	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	header = genlmsg_put_reply(skb, info, &pfwalk_family, 0, PFWALK_CMD_LAYOUT);
	if (!header || put_layout(skb, &layout)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);
	return genlmsg_reply(skb, info);
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

static int resolve_parse(struct resolve *r, struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	int err = check_addrs(attrs[PFWALK_A_ADDRS], extack);

	if (err)
		return err;
	if (!attrs[PFWALK_A_PID]) {
		NL_SET_ERR_MSG(extack, "PFWALK_A_PID is missing");
		return -EINVAL;
	}
	if (attrs[PFWALK_A_SPACE])
		r->space = nla_get_u64(attrs[PFWALK_A_SPACE]);
	/* current sent the request: the number is one of its PID namespace. */
	r->pid = find_get_pid(nla_get_u32(attrs[PFWALK_A_PID]));
	if (!r->pid) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[PFWALK_A_PID], "no such process");
		return -ESRCH;
	}
	return 0;
}

/*
 * Runs in the sender's context, always; what follows runs in that of whoever reads the socket. What is wrong with the
 * request is kept and told by the first round, since 5.10 to 6.1 have no way to send an extack from here.
 */
static int resolve_start(struct netlink_callback *cb)
{
	struct resolve *r;

	if (!netlink_capable(cb->skb, CAP_SYS_ADMIN)) {
		NL_SET_ERR_MSG(cb->extack, NOT_ALLOWED);
		return -EPERM;
	}
	r = kvzalloc(sizeof(*r), GFP_KERNEL_ACCOUNT);
	if (!r)
		return -ENOMEM;
	r->err = resolve_parse(r, genl_dumpit_info(cb)->attrs, &r->refusal);
	cb->args[0] = (long)r;
	return 0;
}

static int resolve_done(struct netlink_callback *cb)
{
	struct resolve *r = resolve_of(cb);

	put_pid(r->pid);
	kvfree(r);
	return 0;
}

static void explain_no_mm(int err, struct netlink_ext_ack *extack)
{
	if (err == -ESRCH)
		NL_SET_ERR_MSG(extack, "the process has exited");
	else if (err == -ENXIO)
		NL_SET_ERR_MSG(extack, "no address space (a kernel thread, or the process has exited)");
	else if (err == -ESTALE)
		NL_SET_ERR_MSG(extack, "the address space is gone: the process executed another program, or exited");
}

/* Entries that two paths have in common from the PGD downwards. The last of a path is never shared: it is its own. */
static unsigned int same_tables(const struct walk_path *a, const struct walk_path *b)
{
	unsigned int max = min(a->levels, b->levels), i = 0;

	while (i + 1 < max && a->entry[i] == b->entry[i])
		i++;
	return i;
}

/* The caller has made sure of PATH_SIZE_MAX bytes of room. */
static void put_path(struct sk_buff *skb, const struct walk_path *path, const struct walk_path *before)
{
	unsigned int same = before ? same_tables(path, before) : 0;
	unsigned int entries = (path->levels - same) * sizeof(u64);
	struct pfwalk_path head = {
		.status = path->status,
		.kind = path->kind,
		.levels = path->levels,
		.same = same,
		.swap_type = path->swap_type,
		.value = path->value,
	};

	skb_put_data(skb, &head, sizeof(head));
	skb_put_data(skb, path->entry + same, entries);
}

/* A message without paths. The reader sees that there is more to come, and comes for it. */
static int put_nothing_yet(struct sk_buff *skb, struct netlink_callback *cb, const struct resolve *r)
{
	void *header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &pfwalk_family, NLM_F_MULTI,
				   PFWALK_CMD_RESOLVE);

	if (!header || nla_put_u32(skb, PFWALK_A_FIRST, r->next))
		return -EMSGSIZE;
	genlmsg_end(skb, header);
	return skb->len;
}

/*
 * One message: as many paths as it has room for and as one hold of the mmap lock may resolve.
 * Return: 0, or an error with nothing of it left in the skb.
 */
static int put_paths(struct sk_buff *skb, struct netlink_callback *cb, struct resolve *r, struct mm_struct *mm,
		     const struct nlattr *addrs)
{
	unsigned int left = nla_len(addrs) / sizeof(u64) - r->next;
	unsigned int room, n, i;
	struct nlattr *paths;
	void *header;
	u64 now;
	int err;

	header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &pfwalk_family, NLM_F_MULTI,
			     PFWALK_CMD_RESOLVE);
	if (!header || skb_tailroom(skb) < PREAMBLE_SIZE + PATH_SIZE_MAX)
		goto no_room;
	room = (skb_tailroom(skb) - PREAMBLE_SIZE) / PATH_SIZE_MAX;
	n = min3(room, left, (unsigned int)WALK_BATCH);

	err = walk_addresses(mm, (const u8 *)nla_data(addrs) + r->next * sizeof(u64), n, r->may_wait,
			     r->paths, &now);
	if (err)
		goto cancel;

	if (nla_put_u32(skb, PFWALK_A_FIRST, r->next) || nla_put_u32(skb, PFWALK_A_HEAD, sizeof(struct pfwalk_path)) ||
	    nla_put_u64_64bit(skb, PFWALK_A_TIME, now, PFWALK_A_PAD))
		goto no_room;
	paths = nla_reserve(skb, PFWALK_A_PATHS, 0);
	if (!paths)
		goto no_room;
	for (i = 0; i < n; i++)
		put_path(skb, &r->paths[i], i ? &r->paths[i - 1] : NULL);
	paths->nla_len = skb_tail_pointer(skb) - (unsigned char *)paths;
	genlmsg_end(skb, header);
	r->next += n;
	return 0;

no_room:
	err = -EMSGSIZE;
cancel:
	if (header)
		genlmsg_cancel(skb, header);
	return err;
}

/* Fills the skb with messages. 0: all is answered; -EMSGSIZE: there is no room for more; -EAGAIN: it had to wait. */
static int put_messages(struct sk_buff *skb, struct netlink_callback *cb, struct resolve *r)
{
	const struct nlattr *addrs = genl_dumpit_info(cb)->attrs[PFWALK_A_ADDRS];
	unsigned int total = nla_len(addrs) / sizeof(u64);
	struct mm_struct *mm;
	int err = 0;

	/*
	 * A reference for this round alone: a reader that doesn't come back must not keep a dead process' memory. The
	 * space stays the one of the first round.
	 */
	mm = walk_mm_get(r->pid, &r->space);
	if (IS_ERR(mm)) {
		explain_no_mm(PTR_ERR(mm), cb->extack);
		return PTR_ERR(mm);
	}
	while (!err && r->next < total)
		err = put_paths(skb, cb, r, mm, addrs);
	walk_mm_put(mm);
	return err;
}

/*
 * One round of the dump, called again as long as it returns a length.
 *
 * The first round is part of the sender's send(), with genetlink's cb_lock held: were it to wait for the process'
 * mmap lock, whoever holds that for long (a fault on a file system that hangs) would stop all of genetlink. So it
 * never waits; if it would have to, it answers with nothing yet. The others are part of recv(), and hold the socket's
 * own mutex only.
 */
static int resolve_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct resolve *r = resolve_of(cb);
	int err = r->err;

	if (err && r->refusal._msg)
		cb->extack->_msg = r->refusal._msg;
	if (!err)
		err = put_messages(skb, cb, r);
	r->may_wait = true;
	switch (err) {
	case -EAGAIN:
		return skb->len ?: put_nothing_yet(skb, cb, r);
	case -EMSGSIZE:
		return skb->len ?: err;
	case 0:
		return 0;
	default:
		r->err = err;	/* told by the next round if this one has something to send */
		return skb->len ?: err;
	}
}

/*
 * Not GENL_DONT_VALIDATE: unknown attributes and trailing bytes are refused. No flag for a capability: GENL_ADMIN_PERM
 * would ask for CAP_NET_ADMIN, which is neither needed nor enough.
 */
static const struct genl_ops pfwalk_ops[] = {
	{
		.cmd = PFWALK_CMD_LAYOUT,
		.doit = layout_doit,
	},
	{
		.cmd = PFWALK_CMD_RESOLVE,
		.start = resolve_start,
		.dumpit = resolve_dumpit,
		.done = resolve_done,
	},
};

static struct genl_family pfwalk_family __ro_after_init = {
	.name = PFWALK_FAMILY_NAME,
	.version = PFWALK_FAMILY_VERSION,
	.module = THIS_MODULE,
	.maxattr = PFWALK_A_MAX,
	.policy = pfwalk_policy,
	.ops = pfwalk_ops,
	.n_ops = ARRAY_SIZE(pfwalk_ops),
	.netnsok = true,	/* the capability is asked for in the initial user namespace, wherever the socket is */
	.parallel_ops = true,	/* nothing is shared between requests */
};

int __init pfwalk_netlink_register(void)
{
	return genl_register_family(&pfwalk_family);
}

void pfwalk_netlink_unregister(void)
{
	genl_unregister_family(&pfwalk_family);
}

MODULE_ALIAS_GENL_FAMILY(PFWALK_FAMILY_NAME);
