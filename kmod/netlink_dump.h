/* SPDX-License-Identifier: GPL-2.0-only */
/* What the commands that dump have in common. For the netlink*.c files alone. */
#ifndef PFWALK_NETLINK_DUMP_H
#define PFWALK_NETLINK_DUMP_H

#include <linux/mm_types.h>
#include <linux/netlink.h>
#include <linux/pid.h>

extern struct genl_family pfwalk_family;

/* What a request carries from one message of its reply to the next. */
struct dump {
	struct pid *pid;
	u64 space;			/* 0 until it is known: all of a reply is of one address space */
	bool may_wait;			/* not in the first round */
	int err;			/* ends the dump with the next message */
	struct netlink_ext_ack refusal;	/* what start() has to say */
};

int dump_check_caller(struct sk_buff *request, const struct nlmsghdr *nlh, struct netlink_ext_ack *extack);
int dump_parse_target(struct dump *dump, struct nlattr **attrs, struct netlink_ext_ack *extack);
void dump_release(struct dump *dump);

/*
 * What a command puts into a message, with the address space at hand. Both return 0 or -EMSGSIZE, and leave nothing in
 * the skb with an error; messages() may also return what batch_walk() does, and -EAGAIN with messages in the skb.
 */
struct dump_ops {
	int (*messages)(struct sk_buff *skb, struct netlink_callback *cb, struct mm_struct *mm);
	int (*nothing_yet)(struct sk_buff *skb, struct netlink_callback *cb);
};

int dump_round(struct sk_buff *skb, struct netlink_callback *cb, struct dump *dump, const struct dump_ops *ops);
void *dump_put_header(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd);

int resolve_start(struct netlink_callback *cb);
int resolve_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int resolve_done(struct netlink_callback *cb);

int map_start(struct netlink_callback *cb);
int map_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int map_done(struct netlink_callback *cb);

struct walk_vma;
int dump_put_vmas(struct sk_buff *skb, const struct walk_vma *vmas, unsigned int n);

#endif
