/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A client of the module of its own, by the manual in uapi/pfwalk.h alone: it shares no code with pfwatch, and takes
 * nothing in a reply for granted.
 */
#ifndef STRESS_CLIENT_H
#define STRESS_CLIENT_H

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../kmod/uapi/pfwalk.h"

#define REQUEST_ROOM	140000

struct request {
	struct nlmsghdr head;
	struct genlmsghdr genl;
	char room[REQUEST_ROOM];
};

/* What came back. error: 0 or a negative errno, of the end or of recv(). */
struct reply {
	int error;
	bool ended;		/* by NLMSG_DONE, NLMSG_ERROR or, of a request that is no dump, by its answer */
	bool refused;		/* by NLMSG_ERROR */
	char why[200];		/* the extack's message; with broken, what is wrong with the reply */
	bool broken;		/* the reply is not what the manual says */
	unsigned int messages;
	size_t paths, vmas, regions;
	uint64_t next;		/* of a map: the cursor */
	uint64_t covered;	/* of a map: bytes in regions */
	struct pfwalk_tables tables;

	/* For the caller, each may be NULL. index: of the address in the request. */
	void (*on_path)(struct reply *reply, size_t index, const struct pfwalk_path *path, const uint64_t *entry);
	void (*on_region)(struct reply *reply, const struct pfwalk_region *region, const struct pfwalk_vma *vma);
	void *context;
};

int client_open(void);			/* a socket, or -1: errno */
int client_family(int fd);		/* the family's number, or a negative errno */

void request_begin(struct request *request, int family, int flags, int cmd, int version);
void request_add(struct request *request, int type, const void *data, size_t size);
/* The whole of a request for the paths of addresses, and for a map. */
void request_resolve(struct request *request, int family, uint32_t pid, const uint64_t *addrs, size_t n);
void request_map(struct request *request, int family, uint32_t pid);

/* 0, or a negative errno of send(). */
int client_send(int fd, const struct request *request, size_t size);
/* One recv(). False: the reply has ended, or failed. */
bool client_take(int fd, struct reply *reply);
/* Sends, and takes until the reply has ended. The callbacks and context of the reply are the caller's. */
void client_ask(int fd, const struct request *request, struct reply *reply);

#endif
