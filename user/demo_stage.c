// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE
#include "demo_stage.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "nodes.h"
#include "stream.h"
#include "tracer.h"

/* Room for the faults of tens of MB of memory that is touched while we don't get to run. */
#define RING		(32ULL << 20)

/* How long a fault that has been seen may be on its way to us. Slow machines are very slow. */
#define SETTLE_NS	(20 * 1000000000ULL)

#define PLAYERS		4

struct player {
	pid_t pid;		/* 0: the place is free */
	int socket;
	bool traced;
};

/* What is kept of each fault of a phase. */
struct kept {
	uint64_t addr, latency;
	uint32_t pid;
	uint8_t cause;
	bool has_latency, has_nodes, other_node;
};

struct stage {
	struct walker *walker;
	const struct render *live;
	unsigned int shown;	/* so many are still to be shown live */
	bool has_header;	/* of those */
	char error[256];
	struct player player[PLAYERS];

	struct tracer *tracer;	/* NULL: nobody is traced */
	struct stream *stream;
	struct render render;	/* of the stream: its form finds the stage by it */
	struct nodes *nodes;
	uint64_t taken;		/* faults that came out of the stream */
	const struct order *order;	/* that is being carried out */
	struct phase *phase;
	unsigned int n_first;
	struct kept *kept;
	size_t n_kept, room;
};

static bool fail(struct stage *stage, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool fail(struct stage *stage, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(stage->error, sizeof(stage->error), format, args);
	va_end(args);
	return false;
}

const char *stage_error(const struct stage *stage)
{
	return stage->error;
}

/* ---- faults, as they come out of the stream ---- */

static struct stage *stage_of(const struct render *render)
{
	return (struct stage *)((char *)render - offsetof(struct stage, render));
}

static bool lies_in(uint64_t addr, uint64_t start, uint64_t length)
{
	return addr - start < length;
}

static bool get_room(struct stage *stage)
{
	size_t room = stage->room ? stage->room * 2 : 4096;
	struct kept *kept;

	if (stage->n_kept < stage->room)
		return true;
	kept = realloc(stage->kept, room * sizeof(*kept));
	if (!kept)
		return false;
	stage->kept = kept;
	stage->room = room;
	return true;
}

static void find_nodes(struct stage *stage, const struct fault *fault, struct kept *kept)
{
	const struct path *after = fault_after(fault);
	int page, cpu;

	if (!stage->nodes || !after || !path_has_page(after))
		return;
	page = nodes_of_page(stage->nodes, after->value >> walker_geometry(stage->walker)->page_shift);
	cpu = nodes_of_cpu(stage->nodes, fault->cpu);
	kept->has_nodes = page >= 0 && cpu >= 0;
	kept->other_node = kept->has_nodes && page != cpu;
}

static void show_live(struct stage *stage, const struct fault *fault)
{
	if (!stage->shown || !stage->live)
		return;
	if (!stage->has_header)
		form_text.fault_header(stage->live);
	stage->has_header = true;
	stage->shown--;
	form_text.fault(stage->live, fault);
	output_flush(stage->live->out);
}

static void keep_fault(const struct render *render, const struct fault *fault)
{
	struct stage *stage = stage_of(render);
	const struct order *order = stage->order;
	struct kept *kept;

	stage->taken++;
	if (!order || !get_room(stage))
		return;
	if (lies_in(fault->addr, order->address, order->length)) {
		if (stage->n_first < PHASE_FAULTS)
			stage->phase->first[stage->n_first++] = *fault;
		show_live(stage, fault);
	}
	kept = &stage->kept[stage->n_kept++];
	*kept = (struct kept){ .addr = fault->addr, .latency = fault->latency, .pid = fault->pid,
			       .cause = fault->cause.word, .has_latency = fault->has_latency };
	find_nodes(stage, fault, kept);
}

static const struct form form_keep = { .fault = keep_fault };

/* ---- the phases ---- */

/* Nothing that was seen is still on its way. */
static bool is_settled(const struct stage *stage)
{
	struct tracer_counts counts = tracer_count(stage->tracer);

	return stage->taken + counts.lost + counts.filtered >= counts.seen;
}

static void settle(struct stage *stage)
{
	uint64_t until = clock_now() + SETTLE_NS;

	do
		stream_drain(stage->stream);
	while (!is_settled(stage) && clock_now() < until && !usleep(1000));
}

static void sum_up(struct stage *stage, struct phase *phase)
{
	for (size_t i = 0; i < stage->n_kept; i++) {
		const struct kept *kept = &stage->kept[i];

		if (!lies_in(kept->addr, phase->said.address, phase->said.length))
			continue;
		phase->faults++;
		phase->causes[kept->cause]++;
		if (kept->has_latency)
			histogram_add(&phase->latency, kept->latency);
		phase->node_known += kept->has_nodes;
		phase->other_node += kept->other_node;
	}
}

/* What it says is waited for; what it does meanwhile is taken, lest the buffer be full. */
static bool hear(struct stage *stage, struct player *player, struct said *said)
{
	struct pollfd answer = { .fd = player->socket, .events = POLLIN };
	int ready;

	do {
		ready = poll(&answer, 1, player->traced ? 5 : -1);
		if (player->traced)
			stream_drain(stage->stream);
	} while (!ready || (ready < 0 && errno == EINTR));
	return recv(player->socket, said, sizeof(*said), 0) == sizeof(*said);
}

bool stage_order(struct stage *stage, struct player *player, const struct order *order, struct phase *phase)
{
	uint64_t lost = player->traced ? tracer_count(stage->tracer).lost : 0;
	bool heard;

	memset(phase, 0, sizeof(*phase));
	stage->order = order;
	stage->phase = phase;
	stage->n_kept = stage->n_first = 0;
	heard = send(player->socket, order, sizeof(*order), MSG_NOSIGNAL) == sizeof(*order) &&
		hear(stage, player, &phase->said);
	if (player->traced) {
		settle(stage);
		sum_up(stage, phase);
		phase->lost = tracer_count(stage->tracer).lost - lost;
	}
	stage->order = NULL;
	if (!heard)
		return fail(stage, "the program that was watched has ended");
	return !phase->said.error || fail(stage, "%s", strerror(phase->said.error));
}

uint64_t stage_missed(const struct stage *stage)
{
	return stage->tracer ? tracer_missed(stage->tracer) + tracer_missed_ends(stage->tracer) : 0;
}

void stage_show(struct stage *stage, unsigned int n)
{
	stage->shown = n;
}

bool stage_has_shown(const struct stage *stage)
{
	return stage->has_header;
}

/* ---- actors ---- */

/* Whatever the watcher has open is closed there; a standard output would be one for others to wait for. */
static _Noreturn void become_actor(int socket, bool randomize)
{
	int nothing = open("/dev/null", O_RDWR);
	char number[16];

	for (int fd = STDIN_FILENO; fd <= STDOUT_FILENO; fd++)
		dup2(nothing, fd);
	snprintf(number, sizeof(number), "%d", socket);
	fcntl(socket, F_SETFD, 0);
	if (!randomize)
		personality(ADDR_NO_RANDOMIZE);
	execl("/proc/self/exe", "pfwatch", "demo", "--act", number, (char *)NULL);
	_exit(127);
}

static struct player *free_place(struct stage *stage)
{
	for (unsigned int i = 0; i < PLAYERS; i++)
		if (!stage->player[i].pid)
			return &stage->player[i];
	fail(stage, "too many processes");
	return NULL;
}

static bool start(struct stage *stage, struct player *player, bool randomize)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return fail(stage, "cannot make a socket: %s", strerror(errno));
	player->pid = fork();
	if (!player->pid)
		become_actor(pair[1], randomize);
	close(pair[1]);
	player->socket = pair[0];
	if (player->pid > 0)
		return true;
	close(pair[0]);
	player->pid = 0;
	return fail(stage, "cannot start a process: %s", strerror(errno));
}

struct player *stage_enter(struct stage *stage, bool randomize)
{
	const struct order hello = { .act = ACT_HELLO };
	struct player *player = free_place(stage);
	struct phase phase;
	int err = 0;

	if (!player || !start(stage, player, randomize))
		return NULL;
	player->traced = false;
	if (!stage_order(stage, player, &hello, &phase)) {
		stage_leave(stage, player);
		return NULL;
	}
	if (stage->tracer)
		err = tracer_add(stage->tracer, player->pid, false);
	player->traced = stage->tracer;
	if (!err)
		return player;
	fail(stage, "PID %d cannot be watched: %s", player->pid, strerror(-err));
	stage_leave(stage, player);
	return NULL;
}

void stage_leave(struct stage *stage, struct player *player)
{
	close(player->socket);
	waitpid(player->pid, NULL, 0);
	if (player->traced)
		tracer_remove(stage->tracer, player->pid);
	player->pid = 0;
}

uint32_t player_pid(const struct player *player)
{
	return player->pid;
}

bool player_is_traced(const struct player *player)
{
	return player->traced;
}

/* ---- the stage itself ---- */

struct stage *stage_new(struct walker *walker, const struct render *live)
{
	struct stage *stage = calloc(1, sizeof(*stage));

	if (!stage)
		return NULL;
	stage->walker = walker;
	stage->live = live;
	return stage;
}

bool stage_trace(struct stage *stage)
{
	const struct tracer_options options = { .follow = true, .ring = RING };

	stage->tracer = tracer_open(&options, stage->error, sizeof(stage->error));
	if (!stage->tracer)
		return false;
	stage->render = (struct render){
		.out = output_open("/dev/null"), .geometry = walker_geometry(stage->walker),
		.walker = walker_name(stage->walker),
	};
	stage->stream = stage->render.out ? stream_new(stage->tracer, stage->walker, &stage->render, &form_keep, 0) :
					    NULL;
	if (!stage->stream)
		return fail(stage, "out of memory");
	stage->nodes = nodes_open("/sys");
	tracer_start(stage->tracer);
	return true;
}

void stage_free(struct stage *stage)
{
	if (!stage)
		return;
	for (unsigned int i = 0; i < PLAYERS; i++)
		if (stage->player[i].pid)
			stage_leave(stage, &stage->player[i]);
	stream_free(stage->stream);
	tracer_close(stage->tracer);
	if (stage->nodes)
		nodes_close(stage->nodes);
	if (stage->render.out)
		output_close(stage->render.out);
	free(stage->kept);
	free(stage);
}

/* ---- what the walker finds ---- */

bool stage_path(struct stage *stage, uint32_t pid, uint64_t addr, struct path *path)
{
	uint64_t time;
	int err = walker_resolve(stage->walker, pid, NULL, &addr, 1, path, &time);

	return !err || fail(stage, "PID %u cannot be walked: %s", pid, walker_error(stage->walker));
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *one = a, *other = b;

	return (*one > *other) - (*one < *other);
}

static uint64_t count_distinct(uint64_t *values, size_t n)
{
	uint64_t distinct = 0;

	qsort(values, n, sizeof(*values), by_value);
	for (size_t i = 0; i < n; i++)
		distinct += !i || values[i] != values[i - 1];
	return distinct;
}

/* A table is known by the entry that points to it: entry i is the way into the table of level i + 1. */
static void count_tables(const struct geometry *geometry, const struct path *paths, size_t n, uint64_t *tables,
			 struct table_counts *counts)
{
	for (unsigned int i = 0; i + 1 < geometry->levels; i++) {
		enum level level = path_level(geometry, i + 1);
		size_t found = 0;

		for (size_t j = 0; j < n; j++)
			if (paths[j].levels > i + 1)
				tables[found++] = paths[j].entry[i] & geometry->pfn_mask;
		counts->of[level] = count_distinct(tables, found);
		counts->all += counts->of[level];
	}
}

/* Their paths, and room for as many numbers; the caller frees both. */
static bool resolve_all(struct stage *stage, uint32_t pid, const struct addresses *addresses, uint64_t **addrs,
			struct path **paths)
{
	uint64_t time;

	*addrs = calloc(addresses->n, sizeof(**addrs));
	*paths = calloc(addresses->n, sizeof(**paths));
	if (!*addrs || !*paths)
		return fail(stage, "out of memory");
	for (size_t i = 0; i < addresses->n; i++)
		(*addrs)[i] = addresses->start + i * addresses->step;
	return !walker_resolve(stage->walker, pid, NULL, *addrs, addresses->n, *paths, &time) ||
	       fail(stage, "PID %u cannot be walked: %s", pid, walker_error(stage->walker));
}

bool stage_tables(struct stage *stage, uint32_t pid, const struct addresses *addresses, struct table_counts *counts)
{
	struct path *paths = NULL;
	uint64_t *addrs = NULL;
	bool ok = resolve_all(stage, pid, addresses, &addrs, &paths);

	*counts = (struct table_counts){ 0 };
	if (ok && !paths[0].levels)
		ok = fail(stage, "the walker %s doesn't see tables", walker_name(stage->walker));
	if (ok)
		count_tables(walker_geometry(stage->walker), paths, addresses->n, addrs, counts);
	free(addrs);
	free(paths);
	return ok;
}

bool stage_pages(struct stage *stage, uint32_t pid, const struct addresses *addresses, struct page_counts *counts)
{
	struct path *paths = NULL;
	uint64_t *addrs = NULL;
	struct access_rights rights;
	bool ok = resolve_all(stage, pid, addresses, &addrs, &paths);

	*counts = (struct page_counts){ 0 };
	for (size_t i = 0; ok && i < addresses->n; i++) {
		counts->swapped += paths[i].state == STATE_SWAP;
		if (!path_has_page(&paths[i]))
			continue;
		addrs[counts->mapped++] = paths[i].value;
		counts->with_entries += paths[i].levels > 0;
		counts->writable += path_rights(&paths[i], &rights) && rights.write;
		counts->huge += paths[i].levels && paths[i].levels < walker_geometry(stage->walker)->levels;
	}
	counts->distinct = count_distinct(addrs, counts->mapped);
	free(addrs);
	free(paths);
	return ok;
}

uint64_t stage_table_pages(uint32_t pid)
{
	unsigned long long kib = 0;
	char name[32], line[128];
	FILE *status;

	snprintf(name, sizeof(name), "/proc/%u/status", pid);
	status = fopen(name, "re");
	if (!status)
		return 0;
	while (fgets(line, sizeof(line), status) && sscanf(line, "VmPTE: %llu", &kib) != 1)
		;
	fclose(status);
	return kib / 4;
}
