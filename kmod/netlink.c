// SPDX-License-Identifier: GPL-2.0-only
/*
 * The protocol of uapi/pfwalk.h: the family, the geometry, and what the dumps (netlink_resolve.c, netlink_map.c) have in
 * common. Parse the request, let walk.c and map.c collect with their locks, write the reply when these are gone. Nothing
 * here holds a lock of the process that is looked at; what is held of netlink's is said at dump_round().
 */
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <net/genetlink.h>

#include "netlink.h"
#include "netlink_dump.h"
#include "space.h"
#include "uapi/pfwalk.h"
#include "vma.h"
#include "walk.h"

static const struct nla_policy pfwalk_policy[PFWALK_A_MAX + 1] = {
	[PFWALK_A_PID] = { .type = NLA_U32 },
	[PFWALK_A_SPACE] = { .type = NLA_U64 },
	[PFWALK_A_ADDRS] = { .type = NLA_BINARY },
	[PFWALK_A_START] = { .type = NLA_U64 },
	[PFWALK_A_END] = { .type = NLA_U64 },
	[PFWALK_A_COMPACT] = { .type = NLA_FLAG },
};

#define PATIENCE (HZ / 10)

/* ---- the geometry ---- */

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
	int err;

	err = dump_check_caller(request, info->nlhdr, info->extack);
	if (err)
		return err;
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

/* ---- what the dumps have in common ---- */

/*
 * Who may ask, and in which version. No flag of the operation for the capability: GENL_ADMIN_PERM would ask for
 * CAP_NET_ADMIN, which is neither needed nor enough.
 */
int dump_check_caller(struct sk_buff *request, const struct nlmsghdr *nlh, struct netlink_ext_ack *extack)
{
	const struct genlmsghdr *genl = nlmsg_data(nlh);

	if (!netlink_capable(request, CAP_SYS_ADMIN)) {
		NL_SET_ERR_MSG(extack, "CAP_SYS_ADMIN in the initial user namespace is needed");
		return -EPERM;
	}
	if (genl->version != PFWALK_FAMILY_VERSION) {
		NL_SET_ERR_MSG(extack, "not the version of the protocol that this module speaks, which is 1");
		return -EINVAL;
	}
	return 0;
}

int dump_parse_target(struct dump *dump, struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	if (!attrs[PFWALK_A_PID]) {
		NL_SET_ERR_MSG(extack, "PFWALK_A_PID is missing");
		return -EINVAL;
	}
	if (attrs[PFWALK_A_SPACE])
		dump->space = nla_get_u64(attrs[PFWALK_A_SPACE]);
	/* current sent the request: the number is one of its PID namespace. */
	dump->pid = find_get_pid(nla_get_u32(attrs[PFWALK_A_PID]));
	if (!dump->pid) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[PFWALK_A_PID], "no such process");
		return -ESRCH;
	}
	return 0;
}

void dump_release(struct dump *dump)
{
	put_pid(dump->pid);
}

void *dump_put_header(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &pfwalk_family, NLM_F_MULTI, cmd);
}

int dump_put_vmas(struct sk_buff *skb, const struct walk_vma *vmas, unsigned int n)
{
	struct nlattr *attr;
	unsigned int i;

	if (nla_put_u32(skb, PFWALK_A_VMA_SIZE, sizeof(struct pfwalk_vma)))
		return -EMSGSIZE;
	attr = nla_reserve(skb, PFWALK_A_VMAS, n * sizeof(struct pfwalk_vma));
	if (!attr)
		return -EMSGSIZE;
	for (i = 0; i < n; i++) {
		struct pfwalk_vma vma = {
			.start = vmas[i].start, .end = vmas[i].end,
			.offset = vmas[i].offset, .inode = vmas[i].inode,
			.dev = vmas[i].dev, .flags = vmas[i].flags,
		};

		memcpy(nla_data(attr) + i * sizeof(vma), &vma, sizeof(vma));
	}
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

/*
 * A reference on the address space for this round alone: a reader that doesn't come back must not keep a dead process'
 * memory. The space stays the one of the first round.
 */
static int put_messages(struct sk_buff *skb, struct netlink_callback *cb, struct dump *dump, const struct dump_ops *ops)
{
	struct mm_struct *mm = space_get(dump->pid, &dump->space);
	int err;

	if (IS_ERR(mm)) {
		explain_no_mm(PTR_ERR(mm), cb->extack);
		return PTR_ERR(mm);
	}
	err = ops->messages(skb, cb, mm);
	space_put(mm);
	return err;
}

/*
 * Again as long as somebody holds a lock of the process, for PATIENCE at the most. Nothing is held meanwhile but the
 * socket's mutex. By trying, not by queueing: read-write semaphores have no wait with an end.
 */
static int put_messages_patiently(struct sk_buff *skb, struct netlink_callback *cb, struct dump *dump,
				  const struct dump_ops *ops)
{
	unsigned long end = jiffies + PATIENCE;
	int err = put_messages(skb, cb, dump, ops);

	while (err == -EAGAIN && !skb->len && time_before(jiffies, end)) {
		schedule_timeout_killable(1);
		if (fatal_signal_pending(current))
			return -EINTR;
		err = put_messages(skb, cb, dump, ops);
	}
	return err;
}

/*
 * One round of a dump, called again as long as it returns a length.
 *
 * The first round is part of the sender's send(), with genetlink's cb_lock held: were it to wait for the process'
 * mmap lock, whoever holds that for long (a fault on a file system that hangs) would stop all of genetlink. So it
 * never waits; if it would have to, it answers with nothing yet. The others are part of recv(), and hold the socket's
 * own mutex only. But a second request on the same socket waits for that mutex with cb_lock held: so these wait for a
 * bounded time, and then have nothing yet either.
 */
int dump_round(struct sk_buff *skb, struct netlink_callback *cb, struct dump *dump, const struct dump_ops *ops)
{
	int err = dump->err;

	if (err && dump->refusal._msg)
		cb->extack->_msg = dump->refusal._msg;
	if (!err && dump->may_wait)
		err = put_messages_patiently(skb, cb, dump, ops);
	else if (!err)
		err = put_messages(skb, cb, dump, ops);
	dump->may_wait = true;
	switch (err) {
	case -EAGAIN:
		return skb->len ?: ops->nothing_yet(skb, cb) ?: skb->len;
	case -EMSGSIZE:
		return skb->len ?: err;
	case 0:
		return 0;
	default:
		dump->err = err;	/* told by the next round if this one has something to send */
		return skb->len ?: err;
	}
}

/* ---- the family ---- */

/* Not GENL_DONT_VALIDATE: unknown attributes and trailing bytes are refused. */
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
	{
		.cmd = PFWALK_CMD_MAP,
		.start = map_start,
		.dumpit = map_dumpit,
		.done = map_done,
	},
};

struct genl_family pfwalk_family __ro_after_init = {
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
