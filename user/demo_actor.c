// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE
#include "demo_actor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mempolicy.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

#define PAGE 4096UL

struct actor {
	int socket;		/* to who tells us */
	int file;		/* the open one; -1: none */
	uint64_t file_length;
	int child_socket;	/* to our child; -1: there is none */
	pid_t child;
};

/* ---- memory ---- */

static int allocate(const struct order *order, struct said *said)
{
	void *memory = NULL;
	int err = posix_memalign(&memory, order->step, order->length);

	said->address = (uint64_t)memory;
	return err;
}

/* Room of the length wanted, at a multiple of align; nothing of it can be used yet. */
static uint64_t reserve(uint64_t length, uint64_t align)
{
	char *room = mmap(NULL, length + align, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	uint64_t start = ((uint64_t)room + align - 1) & -align;

	if (room == MAP_FAILED)
		return 0;
	if (start > (uint64_t)room)
		munmap(room, start - (uint64_t)room);
	munmap((void *)(start + length), (uint64_t)room + align - start);
	return start;
}

static int map(struct actor *actor, const struct order *order, struct said *said)
{
	int flags = order->flags | (order->address ? MAP_FIXED_NOREPLACE : MAP_FIXED);
	uint64_t address = order->address;
	uint64_t start;
	void *mapped;

	if (!address)
		address = reserve(order->length, order->step ? order->step : PAGE);
	if (!address)
		return errno;
	start = clock_now();
	mapped = mmap((void *)address, order->length, order->prot, flags, order->open_file ? actor->file : -1, 0);
	said->ns = clock_now() - start;
	said->address = address;
	return mapped == MAP_FAILED ? errno : 0;
}

static void pause_ns(uint64_t ns)
{
	nanosleep(&(const struct timespec){ .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 }, NULL);
}

static void touch(const struct order *order)
{
	for (uint64_t i = 0; i < order->count; i++) {
		volatile char *at = (volatile char *)(order->address + i * order->step);

		if (order->pause)
			pause_ns(order->pause);
		if (order->write)
			*at = 1;
		else
			(void)*at;
	}
}

/* ---- stack ---- */

/* Half a page each time, so that no page is left out. */
static __attribute__((noinline)) uint64_t descend(uint64_t depth)
{
	volatile char room[PAGE / 2];

	room[0] = depth;
	return depth ? descend(depth - 1) + room[0] : 0;
}

/* step: the limit of the stack's size from now on; 0: as it is. */
static int go_down(const struct order *order)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_STACK, &limit))
		return errno;
	if (order->step) {
		limit.rlim_cur = order->step;
		prctl(PR_SET_DUMPABLE, 0);	/* nobody wants a core of what is to go too far */
	}
	if (setrlimit(RLIMIT_STACK, &limit))
		return errno;
	descend(order->count);
	return 0;
}

/* ---- threads ---- */

struct toucher {
	struct order order;
	pthread_barrier_t *start;
	uint64_t begun, ended;	/* CLOCK_MONOTONIC, ns */
};

static void *touch_part(void *data)
{
	struct toucher *toucher = data;

	pthread_barrier_wait(toucher->start);
	toucher->begun = clock_now();
	touch(&toucher->order);
	toucher->ended = clock_now();
	return NULL;
}

static int touch_by_threads(const struct order *order, struct said *said)
{
	uint32_t n = order->threads < MAX_ACTOR_THREADS ? order->threads : MAX_ACTOR_THREADS, started;
	struct toucher toucher[MAX_ACTOR_THREADS];
	pthread_t thread[MAX_ACTOR_THREADS];
	uint64_t begun = UINT64_MAX, ended = 0;
	pthread_barrier_t barrier;
	int err = 0;

	pthread_barrier_init(&barrier, NULL, n);
	for (started = 0; started < n && !err; started++) {
		toucher[started] = (struct toucher){ .order = *order, .start = &barrier };
		toucher[started].order.count = order->count / n;
		toucher[started].order.address += started * (order->count / n) * order->step;
		err = pthread_create(&thread[started], NULL, touch_part, &toucher[started]);
	}
	if (err)
		_exit(1);	/* those that wait would wait for ever */
	for (uint32_t i = 0; i < n; i++) {
		pthread_join(thread[i], NULL);
		begun = toucher[i].begun < begun ? toucher[i].begun : begun;
		ended = toucher[i].ended > ended ? toucher[i].ended : ended;
	}
	said->ns = ended - begun;
	return 0;
}

/* ---- files ---- */

static int fill_file(struct actor *actor, uint64_t length)
{
	static const char block[64 * 1024] = { 1 };
	uint64_t done = 0;
	ssize_t n = 1;

	for (; done < length && n > 0; done += n)
		n = write(actor->file, block, length - done < sizeof(block) ? length - done : sizeof(block));
	actor->file_length = length;
	return n > 0 && !fsync(actor->file) ? 0 : errno;
}

static int open_file(struct actor *actor, const struct order *order, struct said *said)
{
	if (actor->file >= 0)
		close(actor->file);
	actor->file = *order->path ? open(order->path, order->flags | O_CLOEXEC, 0600) :
				     memfd_create("pfwatch-demo", MFD_CLOEXEC);
	said->fd = actor->file;
	if (actor->file < 0)
		return errno;
	return order->length ? fill_file(actor, order->length) : 0;
}

/* Out of the page cache; that of this file alone, whatever else it has. */
static int evict(struct actor *actor)
{
	return fsync(actor->file) ? errno : posix_fadvise(actor->file, 0, 0, POSIX_FADV_DONTNEED);
}

/* ---- children ---- */

static void serve(struct actor *actor);

static int fork_child(struct actor *actor, struct said *said)
{
	int pair[2];

	if (actor->child_socket >= 0)
		return EBUSY;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return errno;
	actor->child = fork();
	if (!actor->child) {
		struct actor child = { .socket = pair[1], .file = actor->file, .child_socket = -1 };

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(pair[0]);
		close(actor->socket);
		serve(&child);
		_exit(0);
	}
	close(pair[1]);
	actor->child_socket = pair[0];
	said->pid = actor->child;
	return actor->child < 0 ? errno : 0;
}

static int end_child(struct actor *actor, struct said *said)
{
	int status = 0;

	close(actor->child_socket);
	actor->child_socket = -1;
	waitpid(actor->child, &status, 0);
	said->pid = actor->child;
	said->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	return 0;
}

/* What it says is what we say. A child that dies of it says nothing. */
static int tell_child(struct actor *actor, const struct order *order, struct said *said)
{
	struct order own = *order;

	own.in_child = false;
	if (actor->child_socket < 0)
		return ESRCH;
	if (send(actor->child_socket, &own, sizeof(own), MSG_NOSIGNAL) != sizeof(own) ||
	    recv(actor->child_socket, said, sizeof(*said), 0) != sizeof(*said)) {
		memset(said, 0, sizeof(*said));
		said->address = order->address;
		said->length = order->length;
		return end_child(actor, said);
	}
	return said->error;
}

/* ---- all of it ---- */

static int timed(int err, uint64_t start, struct said *said)
{
	said->ns = clock_now() - start;
	return err ? errno : 0;
}

static int act(struct actor *actor, const struct order *order, struct said *said)
{
	void *address = (void *)order->address;
	uint64_t start = clock_now();

	switch (order->act) {
	case ACT_HELLO: return 0;
	case ACT_ALLOCATE: return allocate(order, said);
	case ACT_MAP: return map(actor, order, said);
	case ACT_UNMAP: return timed(munmap(address, order->length), start, said);
	case ACT_TOUCH: touch(order); return timed(0, start, said);
	case ACT_ADVISE: return timed(madvise(address, order->length, order->advice), start, said);
	case ACT_PROTECT: return timed(mprotect(address, order->length, order->prot), start, said);
	case ACT_LOCK: return timed(mlock(address, order->length), start, said);
	case ACT_FORK: return fork_child(actor, said);
	case ACT_END_CHILD: return end_child(actor, said);
	case ACT_OPEN: return open_file(actor, order, said);
	case ACT_EVICT: return evict(actor);
	case ACT_DESCEND: return go_down(order);
	case ACT_THREADS: return touch_by_threads(order, said);
	default: return EINVAL;
	}
}

static void serve(struct actor *actor)
{
	struct order order;
	struct said said;

	while (recv(actor->socket, &order, sizeof(order), 0) == sizeof(order)) {
		said = (struct said){ .pid = getpid(), .address = order.address, .length = order.length };
		said.error = order.in_child ? tell_child(actor, &order, &said) : act(actor, &order, &said);
		if (send(actor->socket, &said, sizeof(said), MSG_NOSIGNAL) != sizeof(said))
			break;
	}
}

/*
 * As it is without a policy, memory comes from the node of the CPU that asks; but who has one of its own is left alone
 * by NUMA balancing, which takes access away to see who comes for a page (vma_policy_mof()): faults of nobody's doing.
 */
static void keep_balancing_out(void)
{
	syscall(SYS_set_mempolicy, MPOL_PREFERRED, NULL, 0);
}

int actor_main(int socket)
{
	struct actor actor = { .socket = socket, .file = -1, .child_socket = -1 };

	prctl(PR_SET_NAME, "demo");	/* not the name of the link that it was executed by */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fcntl(socket, F_SETFD, FD_CLOEXEC);
	keep_balancing_out();
	serve(&actor);
	if (actor.child_socket >= 0)
		end_child(&actor, &(struct said){ 0 });
	return 0;
}
