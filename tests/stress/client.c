// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE
#include "client.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define PATIENCE	60	/* seconds; an answer that takes longer is none */

/* The attributes of a message that this client has a use for. */
struct attrs {
	const char *data[__PFWALK_A_MAX];
	size_t size[__PFWALK_A_MAX];
};

/* ---- asking ---- */

int client_open(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	struct timeval patience = { PATIENCE, 0 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC), one = 1;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	/* With all of the request in it, as it would be, a refusal may be longer than what it is read into. */
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (!bind(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	close(fd);
	return -1;
}

void request_begin(struct request *request, int family, int flags, int cmd, int version)
{
	static unsigned int sequence;

	request->head = (struct nlmsghdr) {
		.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN), .nlmsg_type = family, .nlmsg_flags = NLM_F_REQUEST | flags,
		.nlmsg_seq = __atomic_add_fetch(&sequence, 1, __ATOMIC_RELAXED),
	};
	request->genl = (struct genlmsghdr){ .cmd = cmd, .version = version };
}

void request_add(struct request *request, int type, const void *data, size_t size)
{
	char *end = (char *)request + NLMSG_ALIGN(request->head.nlmsg_len);
	struct nlattr head = { .nla_len = NLA_HDRLEN + size, .nla_type = type };

	memset(end, 0, NLA_ALIGN(NLA_HDRLEN + size));
	memcpy(end, &head, sizeof(head));
	if (size)
		memcpy(end + NLA_HDRLEN, data, size);
	request->head.nlmsg_len = NLMSG_ALIGN(request->head.nlmsg_len) + NLA_ALIGN(NLA_HDRLEN + size);
}

void request_resolve(struct request *request, int family, uint32_t pid, const uint64_t *addrs, size_t n)
{
	request_begin(request, family, NLM_F_DUMP, PFWALK_CMD_RESOLVE, PFWALK_FAMILY_VERSION);
	request_add(request, PFWALK_A_PID, &pid, sizeof(pid));
	request_add(request, PFWALK_A_ADDRS, addrs, n * sizeof(*addrs));
}

void request_map(struct request *request, int family, uint32_t pid)
{
	request_begin(request, family, NLM_F_DUMP, PFWALK_CMD_MAP, PFWALK_FAMILY_VERSION);
	request_add(request, PFWALK_A_PID, &pid, sizeof(pid));
}

int client_send(int fd, const struct request *request, size_t size)
{
	return send(fd, request, size, 0) < 0 ? -errno : 0;
}

/* ---- reading ---- */

static bool broken(struct reply *reply, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool broken(struct reply *reply, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(reply->why, sizeof(reply->why), format, args);
	va_end(args);
	reply->broken = true;
	reply->ended = true;
	return false;
}

/* Runs over attributes from `at` to `end`; false if they don't fill that exactly. */
static bool next_attr(const char **at, const char *end, struct nlattr *head, const char **data)
{
	if (end - *at < (long)sizeof(*head))
		return false;
	memcpy(head, *at, sizeof(*head));
	if (head->nla_len < NLA_HDRLEN || head->nla_len > end - *at)
		return false;
	*data = *at + NLA_HDRLEN;
	*at += NLA_ALIGN(head->nla_len);
	return true;
}

static bool read_attrs(struct reply *reply, const struct nlmsghdr *message, struct attrs *attrs)
{
	const char *at = (const char *)message + NLMSG_HDRLEN + GENL_HDRLEN;
	const char *end = (const char *)message + message->nlmsg_len, *data;
	struct nlattr head;

	memset(attrs, 0, sizeof(*attrs));
	while (at < end) {
		if (!next_attr(&at, end, &head, &data))
			return broken(reply, "an attribute is longer than its message");
		if (head.nla_type >= __PFWALK_A_MAX || attrs->data[head.nla_type] != NULL)
			if (head.nla_type != PFWALK_A_PAD)
				return broken(reply, "attribute %u is unknown, or there twice", head.nla_type);
		attrs->data[head.nla_type] = data;
		attrs->size[head.nla_type] = head.nla_len - NLA_HDRLEN;
	}
	return true;
}

static uint64_t number(const struct attrs *attrs, int type)
{
	uint64_t value = 0;

	if (attrs->data[type])
		memcpy(&value, attrs->data[type], attrs->size[type] < 8 ? attrs->size[type] : 8);
	return value;
}

/* One record behind `*at`, whose entries begin with those of the record before. */
static bool read_path(struct reply *reply, const char **at, size_t *left, size_t head, uint64_t *entry, size_t vmas)
{
	unsigned int before = entry[PFWALK_MAX_LEVELS];
	struct pfwalk_path path;
	size_t size;

	if (*left < head)
		return broken(reply, "a path's head is cut off");
	memcpy(&path, *at, sizeof(path));
	if (path.levels > PFWALK_MAX_LEVELS || path.same > path.levels || path.same > before)
		return broken(reply, "levels %u, same %u, before %u", path.levels, path.same, before);
	if (path.vma > vmas || path.page > PFWALK_PAGE_KERNEL || path.kind > PFWALK_BAD ||
	    path.status > PFWALK_CHANGED)
		return broken(reply, "vma %u of %zu, page %u, kind %u, status %u", path.vma, vmas, path.page,
			      path.kind, path.status);
	size = head + (path.levels - path.same) * sizeof(*entry);
	if (*left < size)
		return broken(reply, "a path's entries are cut off");
	memcpy(entry + path.same, *at + head, size - head);
	entry[PFWALK_MAX_LEVELS] = path.levels;
	if (reply->on_path)
		reply->on_path(reply, reply->paths, &path, entry);
	reply->paths++;
	*at += size;
	*left -= size;
	return true;
}

static bool read_paths(struct reply *reply, const struct attrs *attrs)
{
	size_t left = attrs->size[PFWALK_A_PATHS], head = number(attrs, PFWALK_A_HEAD), vma_size;
	uint64_t entry[PFWALK_MAX_LEVELS + 1] = { 0 };	/* and how many of them the last record had */
	const char *at = attrs->data[PFWALK_A_PATHS];

	if (number(attrs, PFWALK_A_FIRST) != reply->paths)
		return broken(reply, "PFWALK_A_FIRST is %llu after %zu paths",
			      (unsigned long long)number(attrs, PFWALK_A_FIRST), reply->paths);
	if (!at)
		return true;	/* nothing yet */
	vma_size = number(attrs, PFWALK_A_VMA_SIZE);
	if (head < sizeof(struct pfwalk_path) || vma_size < sizeof(struct pfwalk_vma) ||
	    attrs->size[PFWALK_A_VMAS] % vma_size || !number(attrs, PFWALK_A_TIME))
		return broken(reply, "head %zu, vma size %zu in %zu bytes", head, vma_size,
			      attrs->size[PFWALK_A_VMAS]);
	while (left)
		if (!read_path(reply, &at, &left, head, entry, attrs->size[PFWALK_A_VMAS] / vma_size))
			return false;
	return true;
}

static bool read_region(struct reply *reply, const struct attrs *attrs, size_t i, uint64_t *floor)
{
	size_t vma_size = number(attrs, PFWALK_A_VMA_SIZE), size = number(attrs, PFWALK_A_REGION_SIZE);
	size_t vmas = attrs->size[PFWALK_A_VMAS] / vma_size;
	struct pfwalk_region region;
	struct pfwalk_vma vma;

	memcpy(&region, attrs->data[PFWALK_A_REGIONS] + i * size, sizeof(region));
	if (!region.vma || region.vma > vmas)
		return broken(reply, "a region's mapping is %u of %zu", region.vma, vmas);
	memcpy(&vma, attrs->data[PFWALK_A_VMAS] + (region.vma - 1) * vma_size, sizeof(vma));
	if (region.start < *floor || region.start >= region.end || region.start < vma.start ||
	    region.end > vma.end || region.end > number(attrs, PFWALK_A_NEXT))
		return broken(reply, "region %llx-%llx behind %llx in mapping %llx-%llx, cursor %llx",
			      region.start, region.end, (unsigned long long)*floor, vma.start, vma.end,
			      (unsigned long long)number(attrs, PFWALK_A_NEXT));
	if (region.kind > PFWALK_BAD || region.level > 2 || region.page > PFWALK_PAGE_KERNEL)
		return broken(reply, "region of kind %u, level %u, page %u", region.kind, region.level, region.page);
	*floor = region.end;
	reply->covered += region.end - region.start;
	reply->regions++;
	if (reply->on_region)
		reply->on_region(reply, &region, &vma);
	return true;
}

static bool read_regions(struct reply *reply, const struct attrs *attrs)
{
	size_t size = number(attrs, PFWALK_A_REGION_SIZE), vma_size = number(attrs, PFWALK_A_VMA_SIZE);
	uint64_t floor = reply->next;

	if (!attrs->data[PFWALK_A_NEXT] || number(attrs, PFWALK_A_NEXT) < reply->next)
		return broken(reply, "the cursor goes back, to %llx", (unsigned long long)number(attrs, PFWALK_A_NEXT));
	reply->next = number(attrs, PFWALK_A_NEXT);
	if (!attrs->data[PFWALK_A_REGIONS])
		return true;	/* nothing yet */
	if (size < sizeof(struct pfwalk_region) || attrs->size[PFWALK_A_REGIONS] % size ||
	    vma_size < sizeof(struct pfwalk_vma) || attrs->size[PFWALK_A_VMAS] % vma_size ||
	    attrs->size[PFWALK_A_TABLES] < sizeof(reply->tables))
		return broken(reply, "region size %zu, vma size %zu, %zu bytes of tables", size, vma_size,
			      attrs->size[PFWALK_A_TABLES]);
	memcpy(&reply->tables, attrs->data[PFWALK_A_TABLES], sizeof(reply->tables));
	for (size_t i = 0; i < attrs->size[PFWALK_A_REGIONS] / size; i++)
		if (!read_region(reply, attrs, i, &floor))
			return false;
	return true;
}

/* ---- the end ---- */

static void read_why(struct reply *reply, const char *at, const char *end)
{
	struct nlattr head;
	const char *data;

	while (at < end && next_attr(&at, end, &head, &data))
		if ((head.nla_type & NLA_TYPE_MASK) == NLMSGERR_ATTR_MSG)
			snprintf(reply->why, sizeof(reply->why), "%.*s", (int)(head.nla_len - NLA_HDRLEN), data);
}

static void read_end(struct reply *reply, const struct nlmsghdr *message)
{
	const char *at = NLMSG_DATA(message), *end = (const char *)message + message->nlmsg_len;
	const struct nlmsgerr *error = NLMSG_DATA(message);

	reply->ended = true;
	reply->refused = message->nlmsg_type == NLMSG_ERROR;
	memcpy(&reply->error, at, sizeof(reply->error));
	if (!(message->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	at += sizeof(int);
	if (reply->refused) {
		at = (const char *)(error + 1);
		if (!(message->nlmsg_flags & NLM_F_CAPPED))
			at += NLMSG_ALIGN(error->msg.nlmsg_len) - NLMSG_HDRLEN;
	}
	read_why(reply, at, end);
}

/* False: no message may follow. */
static bool read_message(struct reply *reply, const struct nlmsghdr *message)
{
	const struct genlmsghdr *genl = NLMSG_DATA(message);
	struct attrs attrs;

	if (message->nlmsg_type == NLMSG_ERROR || message->nlmsg_type == NLMSG_DONE) {
		read_end(reply, message);
		return false;
	}
	reply->messages++;
	if (!(message->nlmsg_flags & NLM_F_MULTI))
		reply->ended = true;
	if (genl->cmd != PFWALK_CMD_RESOLVE && genl->cmd != PFWALK_CMD_MAP)
		return !reply->ended;
	if (!read_attrs(reply, message, &attrs))
		return false;
	return genl->cmd == PFWALK_CMD_MAP ? read_regions(reply, &attrs) : read_paths(reply, &attrs);
}

bool client_take(int fd, struct reply *reply)
{
	static __thread char buffer[65536] __attribute__((aligned(8)));
	ssize_t size = recv(fd, buffer, sizeof(buffer), 0);
	struct nlmsghdr *message = (struct nlmsghdr *)buffer;

	if (size < 0 && (errno == ENOBUFS || errno == EINTR))
		return true;	/* the reply follows all the same */
	if (size < 0) {
		reply->error = -errno;
		return false;
	}
	for (; NLMSG_OK(message, size); message = NLMSG_NEXT(message, size))
		if (!read_message(reply, message))
			return false;
	return !reply->ended;
}

void client_ask(int fd, const struct request *request, struct reply *reply)
{
	reply->error = client_send(fd, request, request->head.nlmsg_len);
	if (reply->error)
		return;
	while (client_take(fd, reply))
		;
}

/* ---- the family ---- */

static int family_in(const struct nlmsghdr *message)
{
	const char *at = (const char *)message + NLMSG_HDRLEN + GENL_HDRLEN, *data;
	const char *end = (const char *)message + message->nlmsg_len;
	struct nlattr head;
	uint16_t id;

	while (at < end && next_attr(&at, end, &head, &data))
		if (head.nla_type == CTRL_ATTR_FAMILY_ID) {
			memcpy(&id, data, sizeof(id));
			return id;
		}
	return -EPROTO;
}

int client_family(int fd)
{
	char buffer[8192] __attribute__((aligned(8)));
	struct nlmsghdr *message = (struct nlmsghdr *)buffer;
	static struct request request;
	ssize_t size;
	int error;

	request_begin(&request, GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY, 1);
	request_add(&request, CTRL_ATTR_FAMILY_NAME, PFWALK_FAMILY_NAME, sizeof(PFWALK_FAMILY_NAME));
	error = client_send(fd, &request, request.head.nlmsg_len);
	if (error)
		return error;
	size = recv(fd, buffer, sizeof(buffer), 0);
	if (size < (ssize_t)NLMSG_HDRLEN)
		return size < 0 ? -errno : -EPROTO;
	if (message->nlmsg_type != NLMSG_ERROR)
		return family_in(message);
	memcpy(&error, NLMSG_DATA(message), sizeof(error));
	return error;
}
