// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A request to the module, and all of its reply. What the reply holds is others' business. */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "walker_kmod.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))

/* One exchange: what takes the messages of the reply, and what its end said. */
struct exchange {
	struct kmod_walker *walker;
	mnl_cb_t take;
	void *data;
};

void set_error(struct kmod_walker *walker, const char *text)
{
	snprintf(walker->base.error, sizeof(walker->base.error), "%s", text);
}

/* The kernel's own words, if it sent any: the attributes behind the head of an error or an end. */
static void take_extack(struct kmod_walker *walker, const struct nlmsghdr *nlh, size_t head, int error)
{
	const struct nlattr *attr;

	set_error(walker, strerror(error));
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	mnl_attr_for_each(attr, nlh, head)
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG && mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			set_error(walker, mnl_attr_get_str(attr));
}

static int on_error(const struct nlmsghdr *nlh, void *data)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(nlh);
	const struct exchange *exchange = data;
	size_t head = sizeof(*error);

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*error)) {
		errno = EBADMSG;
		return MNL_CB_ERROR;
	}
	if (!error->error)
		return MNL_CB_STOP;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		head += error->msg.nlmsg_len - sizeof(error->msg);
	take_extack(exchange->walker, nlh, head, -error->error);
	errno = -error->error;
	return MNL_CB_ERROR;
}

static int on_done(const struct nlmsghdr *nlh, void *data)
{
	const struct exchange *exchange = data;
	int error = 0;

	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(error))
		error = *(const int *)mnl_nlmsg_get_payload(nlh);
	if (!error)
		return MNL_CB_STOP;
	take_extack(exchange->walker, nlh, sizeof(error), -error);
	errno = -error;
	return MNL_CB_ERROR;
}

static int on_message(const struct nlmsghdr *nlh, void *data)
{
	const struct exchange *exchange = data;

	return exchange->take(nlh, exchange->data);
}

struct nlmsghdr *start_request(struct kmod_walker *walker, uint16_t type, uint16_t flags, uint8_t cmd, uint8_t version)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(walker->request);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++walker->seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = version;
	return nlh;
}

/* ---- the socket ---- */

int open_socket(struct kmod_walker *walker)
{
	int on = 1;

	walker->socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!walker->socket || mnl_socket_bind(walker->socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		int error = errno;

		set_error(walker, strerror(error));
		return -error;
	}
	/* Old kernels have neither; then errors come without words, and with the whole request in their tail. */
	mnl_socket_setsockopt(walker->socket, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(walker->socket, NETLINK_CAP_ACK, &on, sizeof(on));
	walker->portid = mnl_socket_get_portid(walker->socket);
	if (!walker->seq)
		walker->seq = time(NULL);
	return 0;
}

/* ---- an exchange ---- */

/*
 * The kernel said why, and the exchange is over. Or what it said makes no sense: then more of it may be under way,
 * which would be taken for the answer to the next request, unless that comes from another socket.
 */
static int end_badly(struct kmod_walker *walker, int error)
{
	char text[64];

	if (walker->base.error[0])
		return -error;
	snprintf(text, sizeof(text), "an answer that makes no sense: %s", strerror(error));
	mnl_socket_close(walker->socket);
	walker->socket = NULL;
	open_socket(walker);
	set_error(walker, text);
	return -error;
}

int exchange(struct kmod_walker *walker, const struct nlmsghdr *nlh, mnl_cb_t take, void *data)
{
	static mnl_cb_t control[] = { [NLMSG_ERROR] = on_error, [NLMSG_DONE] = on_done };
	size_t offer = walker->offer ? walker->offer : SMALL_OFFER;
	bool in_pieces = false;
	struct exchange state = { walker, take, data };
	ssize_t len;
	int more;

	if (!walker->socket && open_socket(walker))
		return -ENOTCONN;
	if (mnl_socket_sendto(walker->socket, nlh, nlh->nlmsg_len) < 0) {
		set_error(walker, strerror(errno));
		return -errno;
	}
	for (;; in_pieces = true) {
		do
			len = mnl_socket_recvfrom(walker->socket, walker->reply, offer);
		while (len < 0 && errno == EINTR);
		if (len < 0) {
			set_error(walker, strerror(errno));
			return -errno;
		}
		walker->base.error[0] = '\0';
		more = mnl_cb_run2(walker->reply, len, walker->seq, walker->portid, on_message, &state, control,
				   ARRAY_SIZE(control));
		if (more < 0)
			return end_badly(walker, errno);
		if (!more)
			break;
	}
	if (in_pieces && offer < OFFER && nlh->nlmsg_flags & NLM_F_DUMP)
		walker->offer = OFFER;
	return 0;
}
