// SPDX-License-Identifier: GPL-2.0-only
/*
 * The protocol of uapi/pfwalk.h: parse the request, let walk.c collect with its locks, write the reply when they are
 * gone. Nothing here holds a lock of the process that is looked at.
 */
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
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
	u64 space;
	bool has_space;
	u32 next;			/* index of the first address that is not answered yet */
	int err;			/* ends the dump with the next message */
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

/* The permission is asked of the socket that sent the request (cb->skb), not of whoever reads the reply later. */
static int resolve_start(struct netlink_callback *cb)
{
	struct resolve *r;

	if (!netlink_capable(cb->skb, CAP_SYS_ADMIN)) {
		NL_SET_ERR_MSG(cb->extack, NOT_ALLOWED);
		return -EPERM;
	}
	r = kvzalloc(sizeof(*r), GFP_KERNEL);
	if (!r)
		return -ENOMEM;
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

/* In the dump's first round rather than in start(), where 5.10 to 6.1 have no way to send an extack. */
static int resolve_parse(struct resolve *r, struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	int err = check_addrs(attrs[PFWALK_A_ADDRS], extack);

	if (err)
		return err;
	if (!attrs[PFWALK_A_PID]) {
		NL_SET_ERR_MSG(extack, "PFWALK_A_PID is missing");
		return -EINVAL;
	}
	if (attrs[PFWALK_A_SPACE]) {
		r->has_space = true;
		r->space = nla_get_u64(attrs[PFWALK_A_SPACE]);
	}
	/* current sent the request: the number is one of its PID namespace. */
	r->pid = find_get_pid(nla_get_u32(attrs[PFWALK_A_PID]));
	if (!r->pid) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[PFWALK_A_PID], "no such process");
		return -ESRCH;
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
		NL_SET_ERR_MSG(extack, "the address space is gone: the process has executed another program, or exited");
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

/*
 * One message: as many paths as it has room for and as one hold of the mmap lock may resolve.
 * Return: 0, or an error with nothing left in the skb.
 */
static int put_paths(struct sk_buff *skb, struct netlink_callback *cb, struct resolve *r, struct mm_struct *mm,
		     const struct nlattr *addrs)
{
	unsigned int left = nla_len(addrs) / sizeof(u64) - r->next;
	unsigned int room, n, i;
	struct nlattr *paths;
	void *header;
	u64 now = ktime_get_ns();
	int err;

	header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &pfwalk_family, NLM_F_MULTI,
			     PFWALK_CMD_RESOLVE);
	if (!header || skb_tailroom(skb) < PREAMBLE_SIZE + PATH_SIZE_MAX)
		goto no_room;
	room = (skb_tailroom(skb) - PREAMBLE_SIZE) / PATH_SIZE_MAX;
	n = min3(room, left, (unsigned int)WALK_BATCH);

	err = walk_addresses(mm, (const u8 *)nla_data(addrs) + r->next * sizeof(u64), n, r->paths);
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

/*
 * One round of the dump, called again as long as it returns a length: fills the skb with messages. The reference on
 * the address space is taken anew in each round: a reader that doesn't come back must not keep a dead process' memory.
 */
static int resolve_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_dumpit_info(cb)->attrs;
	struct resolve *r = resolve_of(cb);
	struct mm_struct *mm;
	unsigned int total;
	int err = r->err;

	if (!err && !r->pid)
		err = resolve_parse(r, attrs, cb->extack);
	if (err)
		return err;
	total = nla_len(attrs[PFWALK_A_ADDRS]) / sizeof(u64);

	mm = walk_mm_get(r->pid, r->has_space ? &r->space : NULL);
	if (IS_ERR(mm)) {
		explain_no_mm(PTR_ERR(mm), cb->extack);
		return PTR_ERR(mm);
	}
	while (!err && r->next < total)
		err = put_paths(skb, cb, r, mm, attrs[PFWALK_A_ADDRS]);
	walk_mm_put(mm);

	/* An skb that is full is sent, and this function called again; so is one before an error, to be told next. */
	if (err && err != -EMSGSIZE)
		r->err = err;
	if (err && !skb->len)
		return err;
	return err ? skb->len : 0;
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
