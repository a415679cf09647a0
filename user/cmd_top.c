// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Who faults how often, as top(1) has it for processors. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cause.h"
#include "clock.h"
#include "cmd.h"
#include "events.h"
#include "log.h"
#include "options.h"
#include "render_top.h"
#include "screen.h"
#include "tracer.h"
#include "tracer_log.h"
#include "walker.h"
#include "watched.h"

const char usage_top[] =
	"pfwatch top [OPTIONS]\n"
	"\n"
	"The processes that fault most, and the rates of their faults by cause, every two seconds.\n"
	"\n"
	"  -p PID[,PID...]  only these processes\n"
	"  -d SECONDS       between two pictures (default 2)\n"
	"  -n COUNT         end after so many pictures\n"
	"  -b               batch: one picture after the other as lines, for files and pipes\n"
	"  --sort KEY       faults (the default), major, time, pid\n"
	"\n"
	"Keys: q ends it, space draws at once, f m t p sort by faults, major faults, time, PID.\n";

#define PROCESSES	16384	/* that are kept at once */
#define BATCH		1024
#define MAX_ROUNDS	64	/* batches before one looks at the clock */
#define WAIT_MS		20
#define MAX_ROWS	512

struct top_command {
	struct pid_list pids;
	uint64_t delay, count;	/* ns; 0: no end */
	enum top_sort sort;
	bool batch, help;

	sigset_t mask;
	struct events *events;
	struct walker *walker;	/* it is asked for nothing but the geometry */
	struct tracer *tracer;
	struct top *top;
	struct output *out;
	uint64_t drawn, drawn_at;
	struct fault faults[BATCH];
	const struct top_row *rows[MAX_ROWS];
};

/* ---- faults in, pictures out ---- */

static void drain(struct top_command *t)
{
	size_t n = BATCH;

	for (unsigned int round = 0; n == BATCH && round < MAX_ROUNDS; round++) {
		n = tracer_drain(t->tracer, t->faults, BATCH);
		for (size_t i = 0; i < n; i++) {
			struct fault *fault = &t->faults[i];

			fault->walk_status = WALK_NONE;
			cause_find(fault, walker_geometry(t->walker), &fault->cause);
			top_add(t->top, fault);
		}
	}
}

/* The rows that there is room for, below the head and above a last line, which would scroll. */
static size_t count_room(const struct top_command *t)
{
	unsigned int height;

	if (t->batch)
		return MAX_ROWS;
	height = screen_height();
	return height <= TOP_HEAD_LINES + 1 ? 0 : height - TOP_HEAD_LINES - 1;
}

/* 0, or the errno of the output. */
static int draw(struct top_command *t)
{
	struct tracer_counts counts = tracer_count(t->tracer);
	size_t room = count_room(t), all = top_rows(t->top, t->sort, t->rows, room < MAX_ROWS ? room : MAX_ROWS);
	uint64_t time = clock_now();
	struct top_frame frame = {
		.sum = top_sum(t->top), .rows = t->rows, .processes = all, .sort = t->sort,
		.ns = time > t->drawn_at ? time - t->drawn_at : 1, .seen = counts.seen, .lost = counts.lost,
		.line_end = t->batch ? "\n" : SCREEN_LINE_END,
	};

	room = room < MAX_ROWS ? room : MAX_ROWS;
	frame.n = all < room ? all : room;
	if (!t->batch)
		screen_frame(t->out);
	else if (t->drawn)
		put_char(t->out, '\n');
	render_top(t->out, &frame);
	if (!t->batch)
		screen_frame_end(t->out);
	t->drawn++;
	return output_flush(t->out);
}

/* What is asked for is drawn at once, of as much of the interval as is over. Returns whether we go on. */
static bool take_keys(struct top_command *t, bool *draw_now)
{
	static const struct { char key; enum top_sort sort; } orders[] = {
		{ 'f', TOP_BY_FAULTS }, { 'm', TOP_BY_MAJOR }, { 't', TOP_BY_TIME }, { 'p', TOP_BY_PID },
	};
	int key;

	while (!t->batch && (key = screen_key()) >= 0) {
		if (key == 'q')
			return false;
		*draw_now |= key == ' ';
		for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++)
			if (orders[i].key == key) {
				t->sort = orders[i].sort;
				*draw_now = true;
			}
	}
	return true;
}

/* Returns whether we go on: of those that are watched by their PID the last one may have ended. */
static bool take_happening(struct top_command *t, size_t *alive, bool *draw_now)
{
	struct happening happening = events_wait(t->events, WAIT_MS);

	if (happening.kind == EVENT_EXIT) {
		tracer_remove(t->tracer, happening.pid);
		*draw_now = --*alive == 0;
	}
	return happening.kind != EVENT_SIGNAL && !*draw_now;
}

static int run_top(struct top_command *t)
{
	size_t alive = t->pids.n;
	bool ends = false;
	int err = 0;

	t->drawn_at = clock_now();
	while (!err && !ends) {
		bool draw_now = false;

		ends = !take_happening(t, &alive, &draw_now);
		drain(t);
		ends |= !take_keys(t, &draw_now);
		if (!draw_now && clock_now() - t->drawn_at < t->delay)
			continue;
		err = draw(t);
		top_next_interval(t->top);
		t->drawn_at = clock_now();
		ends |= t->count && t->drawn >= t->count;
	}
	return err;
}

/* ---- setting up and taking down ---- */

static int fail(const char *why)
{
	log_error("%s", why);
	return EXIT_FAILED;
}

/* What pictures lack on this kernel. */
static void tell_lacks(const struct top_command *t)
{
	const char *reason = tracer_end_reason(t->tracer), *no_paths = tracer_paths_reason(t->tracer);

	log_tracer(t->tracer);
	if (!strcmp(tracer_end_name(t->tracer), "none"))
		log_info("a fault's end: %s%s%s%s", tracer_end_source(t->tracer), *reason ? " (" : "", reason,
			 *reason ? ")" : "");
	if (no_paths)
		log_info("the paths before and after a fault are not read, so few causes are known: %s", no_paths);
}

/* On a terminal the pictures tell that it watches. */
static void tell_watching(const struct top_command *t)
{
	if (t->batch && !t->pids.n)
		log_info("watching every process");
	for (size_t i = 0; t->batch && i < t->pids.n; i++)
		log_info("watching PID %u", t->pids.pid[i]);
}

static int watch(struct top_command *t)
{
	for (size_t i = 0; i < t->pids.n; i++)
		if (watch_process(t->events, t->tracer, t->pids.pid[i], false) != EXIT_OK)
			return EXIT_FAILED;
	tracer_start(t->tracer);
	tell_watching(t);
	return EXIT_OK;
}

static int open_parts(struct top_command *t)
{
	const struct tracer_options options = { .all = !t->pids.n };
	char why[512];

	if (check_processes(&t->pids) != EXIT_OK)
		return EXIT_FAILED;
	t->walker = walker_open(WALKER_BEST, why, sizeof(why));
	if (!t->walker)
		return fail(why);
	t->events = events_open(&t->mask);
	if (!t->events)
		return fail(strerror(errno));
	t->tracer = tracer_open(&options, why, sizeof(why));
	if (!t->tracer)
		return fail(why);
	tell_lacks(t);
	t->top = top_new(PROCESSES);
	t->out = output_open(NULL);
	if (!t->top || !t->out)
		return fail("out of memory");
	if (events_add_buffer(t->events, tracer_fd(t->tracer)))
		return fail("cannot wait for events");
	return EXIT_OK;
}

static void close_parts(struct top_command *t)
{
	tracer_close(t->tracer);
	events_close(t->events);
	walker_close(t->walker);
	top_free(t->top);
	free(t->pids.pid);
}

static int run(struct top_command *t)
{
	int status = open_parts(t), err;

	if (status == EXIT_OK)
		status = watch(t);	/* what it has to say is said before the screen is another one */
	if (status == EXIT_OK && !t->batch && !screen_begin(t->out))
		status = fail("standard input and output are no terminal (-b writes to files and pipes)");
	if (status == EXIT_OK) {
		err = run_top(t);
		screen_end(t->out);
		if (err)
			log_error("cannot write to standard output: %s", strerror(err));
		status = err ? EXIT_FAILED : EXIT_OK;
	}
	if (t->out) {
		screen_end(t->out);
		output_close(t->out);
	}
	return status;
}

/* ---- the command line ---- */

static int parse_option(struct top_command *t, int option, const char *word)
{
	switch (option) {
	case 'p':
		if (!parse_pids(optarg, &t->pids))
			return usage_error("top", "-p takes PIDs from 1 on, separated by commas, not '%s'", optarg);
		break;
	case 'd':
		if (!parse_seconds(optarg, &t->delay))
			return usage_error("top", "-d takes a number of seconds, more than 0, not '%s'", optarg);
		break;
	case 'n':
		if (!parse_u64(optarg, &t->count) || !t->count)
			return usage_error("top", "-n takes a number of pictures, at least 1, not '%s'", optarg);
		break;
	case 'b':
		t->batch = true;
		break;
	case 's':
		if (!top_sort_by_name(optarg, &t->sort))
			return usage_error("top", "--sort takes faults, major, time or pid, not '%s'", optarg);
		break;
	case 'h':
		t->help = true;
		break;
	case ':':
		return usage_error("top", "option '%s' needs a value", word);
	default:
		return unknown_option("top", word);
	}
	return EXIT_OK;
}

static int parse(struct top_command *t, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "sort", required_argument, NULL, 's' }, { "help", no_argument, NULL, 'h' }, { 0 }
	};
	int status = EXIT_OK, option;

	t->delay = 2000000000;
	opterr = 0;
	while (status == EXIT_OK && !t->help && (option = getopt_long(argc, argv, ":p:d:n:b", longs, NULL)) != -1)
		status = parse_option(t, option, argv[optind - 1]);
	if (status == EXIT_OK && !t->help && optind < argc)
		return usage_error("top", "top takes no argument: '%s' (-p PID selects a process)", argv[optind]);
	return status;
}

int cmd_top(int argc, char **argv)
{
	struct top_command *t = calloc(1, sizeof(*t));
	int status;

	if (!t)
		return fail("out of memory");
	status = parse(t, argc, argv);
	if (status == EXIT_OK)
		status = t->help ? print_usage(usage_top) : run(t);
	close_parts(t);
	free(t);
	return status;
}
