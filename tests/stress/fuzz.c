// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * fuzz SEED COUNT: requests that are right but for some random part of them, and the module's answers to them held
 * against the manual. The same seed makes the same requests. Prints TAP; exit status 1 if a check failed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client.h"

#define ERRNOS 256

static struct request request;
static unsigned long answered, errors[ERRNOS], broken, silent;
static uint64_t state;
static int family;

static uint64_t dice(uint64_t sides)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 11) % sides;
}

static bool one_in(unsigned int n)
{
	return dice(n) == 0;
}

static uint64_t any_address(void)
{
	switch (dice(4)) {
	case 0:
		return (uintptr_t)&request + dice(sizeof(request));
	case 1:
		return dice(1ULL << 53) << 11 | dice(4096);
	case 2:
		return -dice(1ULL << 48);
	default:
		return dice(1ULL << 47);
	}
}

static uint32_t any_pid(void)
{
	return one_in(3) ? dice(1ULL << 32) : one_in(2) ? dice(300) : (uint32_t)getpid();
}

static size_t any_size(int type)
{
	if (one_in(20))
		return dice(200);
	if (type == PFWALK_A_PID)
		return 4;
	return type == PFWALK_A_ADDRS ? 8 * dice(one_in(30) ? 5000 : 300) : 8;
}

static void add_any(int type)
{
	static uint64_t data[8192];
	size_t size = any_size(type);
	uint32_t pid = any_pid();

	for (size_t i = 0; i < size / 8 + 1; i++)
		data[i] = any_address();
	if (type == PFWALK_A_PID)
		memcpy(data, &pid, sizeof(pid));
	request_add(&request, type | (one_in(50) ? NLA_F_NESTED : 0), data, size);
}

static void make_request(void)
{
	static const int usual[] = { PFWALK_A_PID, PFWALK_A_ADDRS, PFWALK_A_SPACE, PFWALK_A_START, PFWALK_A_END };
	int cmd = one_in(20) ? dice(256) : one_in(3) ? PFWALK_CMD_MAP : PFWALK_CMD_RESOLVE;

	request_begin(&request, family, one_in(20) ? dice(65536) : NLM_F_DUMP, cmd,
		      one_in(20) ? dice(256) : PFWALK_FAMILY_VERSION);
	if (!one_in(20))
		add_any(PFWALK_A_PID);
	if (!one_in(20))
		add_any(PFWALK_A_ADDRS);
	for (uint64_t i = one_in(3) ? dice(4) : 0; i; i--)
		add_any(one_in(6) ? (int)dice(PFWALK_A_MAX + 4) : usual[dice(5)]);
}

/* Bytes of it changed behind the header, whose length and type lead it to the module. */
static void spoil(void)
{
	char *bytes = (char *)&request.genl;
	size_t size = request.head.nlmsg_len - NLMSG_HDRLEN;

	for (uint64_t i = dice(4); i; i--)
		bytes[dice(size < 128 ? size : 128)] = dice(256);
	if (one_in(4))
		request.head.nlmsg_len = NLMSG_HDRLEN + dice(size + 1);
}

/* Without NLM_F_ACK a request that is no dump may be answered by nothing: so it is always asked for. */
static void run_one(int *fd, unsigned long number)
{
	struct reply reply = { 0 };
	int error;

	make_request();
	if (one_in(3))
		spoil();
	request.head.nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	error = client_send(*fd, &request, request.head.nlmsg_len);
	if (error)
		return;
	if (one_in(10)) {	/* nobody comes for the answer */
		close(*fd);
		*fd = client_open();
		return;
	}
	while (client_take(*fd, &reply))
		;
	if (reply.broken && broken++ < 5)
		printf("# request %lu: %s\n", number, reply.why);
	if (!reply.ended && silent++ < 5)
		printf("# request %lu, command %u, flags %#x: no answer\n", number, request.genl.cmd,
		       request.head.nlmsg_flags);
	answered += reply.ended;
	errors[reply.error > -ERRNOS && reply.error <= 0 ? -reply.error : 0]++;
	if (!reply.ended || reply.broken || !(request.head.nlmsg_flags & NLM_F_DUMP)) {
		close(*fd);
		*fd = client_open();
	}
}

int main(int argc, char **argv)
{
	unsigned long seed = argc > 1 ? strtoul(argv[1], NULL, 0) : 1;
	unsigned long count = argc > 2 ? strtoul(argv[2], NULL, 0) : 10000;
	int fd = client_open();

	state = seed * 0x9e3779b97f4a7c15 + 1;
	family = client_family(fd);
	for (unsigned long i = 0; i < count; i++)
		run_one(&fd, i);
	printf("# seed %lu: %lu requests, %lu answered, %lu broken answers, %lu without:", seed, count, answered, broken,
	       silent);
	for (int i = 0; i < ERRNOS; i++)
		if (errors[i])
			printf(" %lu %s,", errors[i], i ? strerror(i) : "ok");
	printf("\n%s - random requests are answered as the manual says, or refused (seed %lu)\n",
	       answered > count / 2 && !broken && !silent ? "ok" : "not ok", seed);
	return !(answered > count / 2 && !broken && !silent);
}
