// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * requests            each request that the module has to refuse, by errno and message, and some it has to serve
 * requests denied     as somebody who is not to be served: EPERM
 * requests served     as somebody who is
 * requests unseen PID PID is of a process that this PID namespace does not have
 *
 * Prints TAP; exit status 1 if a check failed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"

#define ANY_MESSAGE	"?"	/* one that is not empty; the kernel's own differ from version to version */

static struct request request;
static uint64_t addrs[PFWALK_MAX_ADDRS + 1];
static int family, failures;
static uint32_t self;

static void report(bool ok, const char *name, const struct reply *reply)
{
	printf("%s - %s\n", ok ? "ok" : "not ok", name);
	if (ok)
		return;
	failures++;
	printf("# error %d (%s), %s, '%s', %u messages, %zu paths, %zu regions\n", reply->error,
	       strerror(-reply->error), reply->ended ? "ended" : "not ended", reply->why, reply->messages,
	       reply->paths, reply->regions);
}

static struct reply ask(void)
{
	struct reply reply = { 0 };
	int fd = client_open();

	client_ask(fd, &request, &reply);
	close(fd);
	return reply;
}

/* The request ends in this error; where a message is to be had, with it. */
static void refused(const char *name, int error, const char *message)
{
	struct reply reply = ask();
	bool said = !message || (strcmp(message, ANY_MESSAGE) ? strstr(reply.why, message) != NULL : *reply.why);

	report(reply.ended && !reply.broken && reply.error == -error && said && !reply.paths, name, &reply);
}

static void served(const char *name, size_t paths)
{
	struct reply reply = ask();

	report(reply.ended && !reply.broken && !reply.error && reply.paths == paths, name, &reply);
}

static void begin(int cmd)
{
	request_begin(&request, family, NLM_F_DUMP, cmd, PFWALK_FAMILY_VERSION);
}

static void resolve(uint32_t pid, size_t n)
{
	request_resolve(&request, family, pid, addrs, n);
}

/* ---- RESOLVE ---- */

static void test_addrs(void)
{
	resolve(self, 1);
	served("1 address", 1);
	resolve(self, PFWALK_MAX_ADDRS);
	served("4,096 addresses", PFWALK_MAX_ADDRS);
	resolve(self, PFWALK_MAX_ADDRS + 1);
	refused("4,097 addresses", E2BIG, "4096");
	resolve(self, 0);
	refused("no addresses in ADDRS", EINVAL, "PFWALK_A_ADDRS");
	for (size_t size = 1; size < 24; size += size % 8 ? 3 : 1) {
		char name[64];

		if (size % 8 == 0)
			continue;
		snprintf(name, sizeof(name), "%zu bytes in ADDRS", size);
		begin(PFWALK_CMD_RESOLVE);
		request_add(&request, PFWALK_A_PID, &self, sizeof(self));
		request_add(&request, PFWALK_A_ADDRS, addrs, size);
		refused(name, EINVAL, "PFWALK_A_ADDRS");
	}
	begin(PFWALK_CMD_RESOLVE);
	request_add(&request, PFWALK_A_PID, &self, sizeof(self));
	refused("ADDRS is missing", EINVAL, "PFWALK_A_ADDRS is missing");
}

static void note_path(struct reply *reply, size_t i, const struct pfwalk_path *path, const uint64_t *entry)
{
	struct pfwalk_path *paths = reply->context;

	(void)entry;
	paths[i] = *path;
	paths[i].same = 0;	/* of the neighbours in the reply */
	paths[i].vma = 0;
}

/* The same page again and again among others: the same answer each time, in the order asked. */
static void test_order(void)
{
	static struct pfwalk_path paths[PFWALK_MAX_ADDRS];
	struct reply reply = { .on_path = note_path, .context = paths };
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	bool same = true;
	int fd = client_open();

	mlock(page, 8192);
	for (size_t i = 0; i < PFWALK_MAX_ADDRS; i++)
		addrs[i] = i % 3 == 0 ? (uintptr_t)page : i % 3 == 1 ? (uintptr_t)page + 4096 : i * 0x123456789000 >> 20;
	resolve(self, PFWALK_MAX_ADDRS);
	client_ask(fd, &request, &reply);
	close(fd);
	for (size_t i = 3; i < PFWALK_MAX_ADDRS; i++)
		same &= i % 3 == 2 || !memcmp(&paths[i], &paths[i % 3], sizeof(*paths));
	report(reply.paths == PFWALK_MAX_ADDRS && same && paths[0].kind == PFWALK_PAGE && paths[1].kind == PFWALK_PAGE &&
	       paths[0].value != paths[1].value, "duplicate and unsorted addresses: one answer each, in order", &reply);
	munmap(page, 8192);
}

static void test_pids(void)
{
	static const uint32_t nobodies[] = { 0, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffe, 4194305 };
	uint64_t wide = self;

	for (size_t i = 0; i < sizeof(nobodies) / sizeof(*nobodies); i++) {
		char name[64];

		snprintf(name, sizeof(name), "PID %#x", nobodies[i]);
		resolve(nobodies[i], 1);
		refused(name, ESRCH, "no such process");
	}
	resolve(2, 1);
	refused("a kernel thread", ENXIO, "no address space");
	begin(PFWALK_CMD_RESOLVE);
	request_add(&request, PFWALK_A_ADDRS, addrs, 8);
	refused("PID is missing", EINVAL, "PFWALK_A_PID is missing");
	for (size_t size = 0; size <= 8; size += size == 3 ? 2 : 1) {
		char name[64];

		snprintf(name, sizeof(name), "PID of %zu bytes", size);
		begin(PFWALK_CMD_RESOLVE);
		request_add(&request, PFWALK_A_PID, &wide, size);
		request_add(&request, PFWALK_A_ADDRS, addrs, 8);
		if (size != 4)
			refused(name, EINVAL, ANY_MESSAGE);
	}
}

static void test_exited(void)
{
	pid_t child = fork();

	if (!child)
		_exit(0);
	waitid(P_PID, child, NULL, WEXITED | WNOWAIT);
	resolve(child, 1);
	refused("a zombie", ENXIO, "no address space");
	waitpid(child, NULL, 0);
	resolve(child, 1);
	refused("a process that was there", ESRCH, "no such process");
}

static void test_space(void)
{
	uint64_t space = ~0ULL, half = 1;

	resolve(self, 1);
	request_add(&request, PFWALK_A_SPACE, &space, sizeof(space));
	refused("another address space", ESTALE, "address space is gone");
	resolve(self, 1);
	request_add(&request, PFWALK_A_SPACE, &half, 4);
	refused("SPACE of 4 bytes", EINVAL, ANY_MESSAGE);
}

/* ---- MAP ---- */

static void map_range(uint64_t start, uint64_t end)
{
	request_map(&request, family, self);
	request_add(&request, PFWALK_A_START, &start, sizeof(start));
	request_add(&request, PFWALK_A_END, &end, sizeof(end));
}

static void test_map(void)
{
	uint64_t space = ~0ULL;
	uint32_t half = 4096;
	struct reply reply;

	request_map(&request, family, self);
	reply = ask();
	report(!reply.error && !reply.broken && reply.regions > 3, "map: all of a process", &reply);
	map_range(0x1000, 0x1000);
	refused("map: an empty range", EINVAL, "PFWALK_A_START");
	map_range(0x2000, 0x1000);
	refused("map: a range backwards", EINVAL, "PFWALK_A_START");
	map_range(0xffff800000000000, ~0ULL);
	refused("map: a range of the kernel half", EINVAL, "PFWALK_A_START");
	map_range((uintptr_t)&family, ~0ULL);
	reply = ask();
	report(!reply.error && !reply.broken && reply.regions, "map: an end beyond the user half", &reply);
	request_map(&request, family, self);
	request_add(&request, PFWALK_A_START, &half, sizeof(half));
	refused("map: START of 4 bytes", EINVAL, ANY_MESSAGE);
	begin(PFWALK_CMD_MAP);
	refused("map: PID is missing", EINVAL, "PFWALK_A_PID is missing");
	request_map(&request, family, 2);
	refused("map: a kernel thread", ENXIO, "no address space");
	request_map(&request, family, 0x80000000);
	refused("map: no such process", ESRCH, "no such process");
	request_map(&request, family, self);
	request_add(&request, PFWALK_A_SPACE, &space, sizeof(space));
	refused("map: another address space", ESTALE, "address space is gone");
}

/* ---- what the message is ---- */

static void test_flags(void)
{
	uint32_t cmds[] = { PFWALK_CMD_RESOLVE, PFWALK_CMD_MAP };

	for (int i = 0; i < 2; i++) {
		resolve(self, 1);
		request.genl.cmd = cmds[i];
		request.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
		refused(i ? "map: no NLM_F_DUMP" : "no NLM_F_DUMP", EOPNOTSUPP, NULL);
	}
	request_begin(&request, family, NLM_F_DUMP, PFWALK_CMD_LAYOUT, PFWALK_FAMILY_VERSION);
	refused("LAYOUT as a dump", EOPNOTSUPP, NULL);
	for (int cmd = 0; cmd <= 255; cmd += cmd ? 84 : PFWALK_CMD_MAX + 1) {
		char name[64];

		snprintf(name, sizeof(name), "command %d", cmd);
		request_begin(&request, family, NLM_F_ACK, cmd, PFWALK_FAMILY_VERSION);
		refused(name, EOPNOTSUPP, NULL);
	}
}

static void test_versions(void)
{
	static const int versions[] = { 0, 2, 77, 255 };

	for (size_t i = 0; i < sizeof(versions) / sizeof(*versions); i++)
		for (int cmd = PFWALK_CMD_LAYOUT; cmd <= PFWALK_CMD_MAX; cmd++) {
			char name[64];

			resolve(self, 1);
			request.genl.cmd = cmd;
			request.genl.version = versions[i];
			if (cmd == PFWALK_CMD_LAYOUT)
				request.head.nlmsg_flags = NLM_F_REQUEST;
			snprintf(name, sizeof(name), "command %d of version %d", cmd, versions[i]);
			refused(name, EINVAL, "version");
		}
}

/* The attribute that was added last, to be spoilt. */
static struct nlattr *last_attr(size_t size)
{
	return (struct nlattr *)((char *)&request + request.head.nlmsg_len - NLA_ALIGN(NLA_HDRLEN + size));
}

static void test_attributes(void)
{
	uint32_t value = 0;

	for (int type = PFWALK_A_MAX + 1; type < 16384; type = type * 5) {
		char name[64];

		snprintf(name, sizeof(name), "an attribute of the unknown type %d", type);
		resolve(self, 1);
		request_add(&request, type, &value, sizeof(value));
		refused(name, EINVAL, ANY_MESSAGE);
	}
	resolve(self, 1);
	request.head.nlmsg_len += 3;
	refused("bytes behind the attributes", EINVAL, ANY_MESSAGE);
	resolve(self, 1);
	last_attr(8)->nla_len += 64;
	refused("an attribute longer than the message", EINVAL, ANY_MESSAGE);
	resolve(self, 1);
	last_attr(8)->nla_len = 3;
	refused("an attribute shorter than its head", EINVAL, ANY_MESSAGE);
	resolve(self, 1);
	last_attr(8)->nla_type |= NLA_F_NESTED;
	refused("ADDRS said to be a nest", EINVAL, ANY_MESSAGE);
	resolve(self, 1);
	request.head.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN) - 2;
	request.head.nlmsg_flags |= NLM_F_ACK;
	refused("a message without the generic header", EINVAL, NULL);
}

/* ---- dumps that don't go their way ---- */

/* Far apart, so that each path has entries of its own and the reply takes more than one message. */
static void spread_addrs(void)
{
	for (size_t i = 0; i < PFWALK_MAX_ADDRS; i++)
		addrs[i] = i * 0x7f0000000 % 0x7fff00000000;
}

static void test_busy(void)
{
	struct reply reply = { 0 };
	int fd = client_open();
	bool busy;

	spread_addrs();
	resolve(self, PFWALK_MAX_ADDRS);
	client_send(fd, &request, request.head.nlmsg_len);
	resolve(self, PFWALK_MAX_ADDRS);
	client_send(fd, &request, request.head.nlmsg_len);
	while (client_take(fd, &reply))
		;
	/* The refusal of the second comes among the messages of the first. */
	busy = reply.refused && reply.error == -EBUSY;
	report(busy, "a second dump on a socket: EBUSY", &reply);
	reply.ended = reply.refused = false;
	reply.error = 0;
	while (busy && client_take(fd, &reply))
		;
	report(busy && reply.ended && !reply.broken && !reply.error && reply.paths == PFWALK_MAX_ADDRS,
	       "... and the first goes on to its end", &reply);
	close(fd);
}

/* The rest of a reply that another process's end cuts off. how: exit, or execve(). */
static void test_cut(const char *name, const char *how, int error, int other)
{
	struct reply reply = { 0 };
	int fd = client_open(), go[2];
	pid_t child;
	char byte;

	if (pipe(go))
		return;
	child = fork();
	if (!child) {
		if (read(go[0], &byte, 1) == 1 && *how)
			execl("/bin/sleep", "sleep", "1000", NULL);
		_exit(0);
	}
	spread_addrs();
	resolve(child, PFWALK_MAX_ADDRS);
	client_send(fd, &request, request.head.nlmsg_len);
	client_take(fd, &reply);
	if (write(go[1], "", 1) != 1)
		return;
	usleep(500000);
	while (client_take(fd, &reply))
		;
	report(reply.ended && !reply.broken && (reply.error == -error || reply.error == -other) && *reply.why &&
	       reply.paths < PFWALK_MAX_ADDRS, name, &reply);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(fd);
	close(go[0]);
	close(go[1]);
}

static long references(void)
{
	FILE *file = fopen("/sys/module/pfwalk/refcnt", "r");
	long n = -1;

	if (file && fscanf(file, "%ld", &n) != 1)
		n = -1;
	if (file)
		fclose(file);
	return n;
}

/* Nobody comes for the rest: the socket's end ends it, and nothing is kept. */
static void test_abandoned(void)
{
	long before = references(), during;
	int fds[100];

	spread_addrs();
	for (int i = 0; i < 100; i++) {
		struct reply reply = { 0 };

		fds[i] = client_open();
		if (i % 2)
			resolve(self, PFWALK_MAX_ADDRS);
		else
			request_map(&request, family, self);
		client_send(fds[i], &request, request.head.nlmsg_len);
		if (i % 4 == 1)
			client_take(fds[i], &reply);
	}
	during = references();
	for (int i = 0; i < 100; i++)
		close(fds[i]);
	for (int i = 0; i < 50 && references() != before; i++)
		usleep(100000);
	printf("%s - abandoned dumps hold the module, their sockets' end lets go (%ld, %ld, %ld)\n",
	       during > before && references() == before ? "ok" : "not ok", before, during, references());
	failures += !(during > before && references() == before);
}

/* ---- who asks ---- */

static void name_of(char *name, size_t size, int cmd, const char *what)
{
	static const char *const names[] = { "", "LAYOUT", "RESOLVE", "MAP" };

	snprintf(name, size, "%s: %s", names[cmd], what);
}

static void any_request(int cmd)
{
	request_begin(&request, family, cmd == PFWALK_CMD_LAYOUT ? 0 : NLM_F_DUMP, cmd, PFWALK_FAMILY_VERSION);
	if (cmd != PFWALK_CMD_LAYOUT)
		request_add(&request, PFWALK_A_PID, &self, sizeof(self));
	if (cmd == PFWALK_CMD_RESOLVE)
		request_add(&request, PFWALK_A_ADDRS, addrs, 8);
}

/* Up to 6.1 the kernel has no way to pass on what a dump's start says. */
static void test_denied(void)
{
	char name[64];

	for (int cmd = PFWALK_CMD_LAYOUT; cmd <= PFWALK_CMD_MAX; cmd++) {
		any_request(cmd);
		name_of(name, sizeof(name), cmd, "EPERM");
		refused(name, EPERM, cmd == PFWALK_CMD_LAYOUT ? "CAP_SYS_ADMIN" : NULL);
	}
}

static void test_served(void)
{
	char name[64];

	for (int cmd = PFWALK_CMD_LAYOUT; cmd <= PFWALK_CMD_MAX; cmd++) {
		any_request(cmd);
		name_of(name, sizeof(name), cmd, "served");
		served(name, cmd == PFWALK_CMD_RESOLVE);
	}
}

/* A socket that somebody without rights opened and root is made to write to. */
static void test_opener(void)
{
	char name[64];
	int fd;

	if (seteuid(65534))
		return;
	fd = client_open();
	if (seteuid(0))
		exit(1);
	for (int cmd = PFWALK_CMD_LAYOUT; cmd <= PFWALK_CMD_MAX; cmd++) {
		struct reply reply = { 0 };

		any_request(cmd);
		client_ask(fd, &request, &reply);
		name_of(name, sizeof(name), cmd, "EPERM for root on a socket of nobody's");
		report(reply.ended && reply.error == -EPERM && !reply.paths, name, &reply);
	}
	close(fd);
}

static void test_unseen(uint32_t pid)
{
	resolve(pid, 1);
	refused("a PID of another namespace", ESRCH, "no such process");
	resolve(self, 1);
	served("a PID of this namespace", 1);
}

static void test_all(void)
{
	test_addrs();
	test_order();
	test_pids();
	test_exited();
	test_space();
	test_map();
	test_flags();
	test_versions();
	test_attributes();
	test_busy();
	test_cut("a process that exits during the dump", "", ESRCH, ENXIO);
	test_cut("a process that executes another program during the dump", "execve", ESTALE, ESTALE);
	test_abandoned();
	test_opener();
}

int main(int argc, char **argv)
{
	int fd = client_open();
	const char *what = argc > 1 ? argv[1] : "all";

	family = client_family(fd);
	close(fd);
	if (family < 0) {
		printf("not ok - the family is there: %s\n", strerror(-family));
		return 1;
	}
	self = getpid();
	addrs[0] = (uintptr_t)&request;
	if (!strcmp(what, "denied"))
		test_denied();
	else if (!strcmp(what, "served"))
		test_served();
	else if (!strcmp(what, "unseen") && argc > 2)
		test_unseen(strtoul(argv[2], NULL, 0));
	else
		test_all();
	return failures != 0;
}
