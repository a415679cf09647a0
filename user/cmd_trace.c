// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The live stream. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attribution.h"
#include "clock.h"
#include "cmd.h"
#include "command.h"
#include "events.h"
#include "log.h"
#include "stream.h"
#include "trace_options.h"
#include "tracer_log.h"
#include "utf8.h"
#include "walker_log.h"
#include "watched.h"

/* How long a fault may wait in the buffer before it is shown: short for an eye, long for a CPU. */
#define DRAIN_MS 10

struct trace {
	struct trace_options options;
	struct events *events;
	sigset_t mask;		/* the signal mask we were started with */
	struct walker *walker;
	struct tracer *tracer;
	struct attribution *attribution;	/* NULL: nobody asks */
	struct stream *stream;
	struct summary *summary;	/* NULL: each fault is shown */
	struct render render;
	struct command command;
	size_t alive;		/* processes of the command line that have not ended */
	bool command_runs;
	bool command_ended;
	int command_status;
};

static int fail(const char *why)
{
	log_error("%s", why);
	return EXIT_FAILED;
}

/* ---- what is watched ---- */

/* Who is watched doesn't go by PID; a command only tells how long. */
static bool watches_others(const struct trace *trace)
{
	return trace->options.tracer.all || trace->options.tracer.cgroup;
}

static int watch(struct trace *trace, uint32_t pid, bool after_exec)
{
	int status = watch_process(trace->events, trace->tracer, pid, after_exec);

	trace->alive += status == EXIT_OK;
	return status;
}

/* Behind the choice of COMMAND, which is one of everybody, too: what it does before it is executed is not its own. */
static void begin(struct trace *trace)
{
	tracer_start(trace->tracer);
	if (trace->options.tracer.all)
		log_info("watching every process, walker %s", trace->render.walker);
	else if (trace->options.tracer.cgroup)
		log_info("watching the cgroup %s, walker %s", trace->options.tracer.cgroup, trace->render.walker);
}

static int start_command(struct trace *trace)
{
	/* Where our data goes, nothing else does: COMMAND's output would be lines among ours that are none. */
	int out = trace->options.file ? STDOUT_FILENO : STDERR_FILENO;
	char **argv = trace->options.command;
	int err = command_fork(&trace->command, argv, &trace->mask, out);

	if (err) {
		log_error("cannot start a process: %s", strerror(-err));
		return EXIT_FAILED;
	}
	if (watch(trace, trace->command.pid, true) != EXIT_OK) {
		command_cancel(&trace->command);
		return EXIT_FAILED;
	}
	begin(trace);
	err = command_execute(&trace->command);
	if (err) {
		log_error("cannot run %s: %s", argv[0], strerror(-err));
		return err == -ENOENT ? 127 : 126;	/* as a shell has it */
	}
	trace->command_runs = true;
	log_info("watching %s, PID %d, walker %s", argv[0], trace->command.pid, trace->render.walker);
	return EXIT_OK;
}

static int watch_processes(struct trace *trace)
{
	const struct pid_list *pids = &trace->options.pids;

	begin(trace);
	for (size_t i = 0; i < pids->n; i++) {
		if (watch(trace, pids->pid[i], false) != EXIT_OK)
			return EXIT_FAILED;
		log_info("watching PID %u, walker %s", pids->pid[i], trace->render.walker);
	}
	return EXIT_OK;
}

/* The time of -d begins when there is something to see: COMMAND may take a while to come to its first instruction. */
static int start_watching(struct trace *trace)
{
	int status = trace->options.command ? start_command(trace) : watch_processes(trace);

	if (status == EXIT_OK && trace->options.duration)
		status = events_set_duration(trace->events, trace->options.duration) ? fail("cannot set a timer") : EXIT_OK;
	return status;
}

/* ---- the end of COMMAND ---- */

static void take_command_status(struct trace *trace)
{
	trace->command_status = command_wait(&trace->command);
	trace->command_ended = true;
}

/* Handed on to COMMAND, unless the terminal has given it to both. */
static void pass_on(struct trace *trace, const struct happening *happening)
{
	if (trace->command_runs && !trace->command_ended && !happening->from_terminal)
		kill(trace->command.pid, happening->signal);
}

/* The stream has ended, COMMAND has not: its status is ours, so wait. A second signal ends that, too. */
static int wait_for_command(struct trace *trace, bool was_signalled)
{
	while (trace->command_runs && !trace->command_ended) {
		struct happening happening = events_wait(trace->events, -1);

		if (happening.kind == EVENT_EXIT && (pid_t)happening.pid == trace->command.pid) {
			take_command_status(trace);
		} else if (happening.kind == EVENT_SIGNAL) {
			pass_on(trace, &happening);
			if (was_signalled)
				return 128 + happening.signal;
			was_signalled = true;
		}
	}
	return trace->command_runs ? trace->command_status : EXIT_OK;
}

/* ---- the stream ---- */

/* Whether there is anybody left who might fault. What runs COMMAND alone doesn't outlive it. */
static bool somebody_lives(const struct trace *trace)
{
	if (watches_others(trace))
		return !trace->command_ended;
	return trace->alive || (trace->options.tracer.follow && tracer_follows_anyone(trace->tracer));
}

/* Returns whether the stream goes on. */
static bool take_happening(struct trace *trace, const struct happening *happening, bool *was_signalled)
{
	switch (happening->kind) {
	case EVENT_EXIT:
		tracer_remove(trace->tracer, happening->pid);
		if (trace->command_runs)
			take_command_status(trace);
		else
			log_info("PID %u has exited", happening->pid);
		trace->alive--;
		break;
	case EVENT_SIGNAL:
		*was_signalled = true;
		pass_on(trace, happening);
		return false;
	case EVENT_TIME:
		if (trace->command_runs && !trace->command_ended)
			kill(trace->command.pid, SIGTERM);
		return false;
	case EVENT_NONE:
		break;
	}
	return true;
}

/* What the stream is made of on this kernel, and what is missing in it. */
static void tell_sources(const struct trace *trace)
{
	const char *reason = tracer_end_reason(trace->tracer), *no_paths = tracer_paths_reason(trace->tracer);

	log_info("a fault's beginning: %s; its end: %s%s%s%s", tracer_begin_source(trace->tracer),
		 tracer_end_source(trace->tracer), *reason ? " (" : "", reason, *reason ? ")" : "");
	if (no_paths)
		log_info("the paths before and after a fault are not read: %s", no_paths);
}

static void tell_unpaired(const struct trace *trace)
{
	uint64_t unpaired = tracer_count(trace->tracer).unpaired;

	if (unpaired)
		log_info("%llu pages were asked for by other means than a fault, and are not counted",
			 (unsigned long long)unpaired);
}

/* What makes an answer incomplete is said without being asked for. */
static void tell_unfollowed(const struct trace *trace)
{
	const struct fault_filter *filter = &trace->options.tracer.filter;
	uint64_t unfollowed = tracer_count(trace->tracer).unfollowed, processes = tracer_not_followed(trace->tracer);

	if (processes)
		log_info("%llu new processes could not be followed, or were not seen to begin",
			 (unsigned long long)processes);
	if (unfollowed)
		log_info("%llu faults could not be followed to their end, there were too many threads%s",
			 (unsigned long long)unfollowed,
			 filter->major || filter->min_latency ? ": they are filtered" : "");
}

static void print_summary(struct trace *trace)
{
	const struct totals *totals = stream_totals(trace->stream);
	struct render to_stderr = trace->render;
	uint64_t missed = tracer_missed(trace->tracer), ends = tracer_missed_ends(trace->tracer);
	uint64_t stacks = tracer_lost_stacks(trace->tracer);

	if (ends)
		log_info("up to %llu ends of faults, of whatever process, came in the middle of looking at another and went "
			 "unseen", (unsigned long long)ends);
	if (missed)
		log_info("%llu faults, of whatever process, came in the middle of looking at another%s and went unseen",
			 (unsigned long long)missed, trace->options.tracer.stacks ? ", or at its stack," : "");
	if (stacks)
		log_info("%llu stacks found no room beside others, and are missing", (unsigned long long)stacks);
	tell_unfollowed(trace);
	if (trace->options.form == &form_verbose)
		tell_unpaired(trace);
	if (trace->summary) {
		summary_finish(trace->summary);
		trace->options.form->report(&trace->render, totals, trace->summary);
		return;
	}
	if (trace->options.form == &form_json) {
		form_json.summary(&trace->render, totals);
		return;
	}
	to_stderr.out = output_to(STDERR_FILENO);
	if (!to_stderr.out)
		return;
	trace->options.form->summary(&to_stderr, totals);
	output_close(to_stderr.out);
}

/* Shows what is still in the buffer. That may be a lot: a signal (a second one, if one was the end) ends this, too. */
static void finish_stream(struct trace *trace, int *err, bool *was_signalled)
{
	stream_stop(trace->stream);
	while (!stream_finish(trace->stream, err)) {
		struct happening happening = events_wait(trace->events, 0);

		if (happening.kind == EVENT_EXIT && trace->command_runs)
			take_command_status(trace);
		if (happening.kind != EVENT_SIGNAL)
			continue;
		*was_signalled = true;
		pass_on(trace, &happening);
		break;
	}
	stream_settle(trace->stream);
}

/* Waits, drains, waits. Returns the errno of the output, or 0. */
static int run_stream(struct trace *trace, bool *was_signalled)
{
	bool goes_on = true;
	int err = 0;

	if (!trace->summary)
		trace->options.form->fault_header(&trace->render);
	err = output_flush(trace->render.out);
	while (!err && goes_on && !stream_is_full(trace->stream)) {
		int timeout = stream_has_more(trace->stream) ? 0 : DRAIN_MS;
		struct happening happening = events_wait(trace->events, timeout);

		goes_on = take_happening(trace, &happening, was_signalled) && somebody_lives(trace);
		err = stream_drain(trace->stream);
	}
	finish_stream(trace, &err, was_signalled);
	print_summary(trace);
	return err;
}

/* ---- setting up and taking down ---- */

static int open_output(struct trace *trace)
{
	const char *file = trace->options.file;

	trace->render.out = output_open(file);
	if (trace->render.out)
		return EXIT_OK;
	log_error("cannot open %s: %s", file ? file : "standard output", strerror(errno));
	return EXIT_FAILED;
}

static int sum_up(struct trace *trace)
{
	trace->summary = summary_new(trace->render.geometry, &summary_limits);
	if (!trace->summary)
		return fail("out of memory");
	stream_sum_up(trace->stream, trace->summary);
	return EXIT_OK;
}

/* Lines of text have no room for it. */
static bool wants_attribution(const struct trace *trace)
{
	const struct trace_options *options = &trace->options;

	return options->form->shows_origin || options->summary || options->tracer.stacks;
}

static int find_attribution(struct trace *trace)
{
	trace->attribution = attribution_new(trace->walker, trace->tracer);
	if (!trace->attribution)
		return fail("out of memory");
	stream_attribute(trace->stream, trace->attribution);
	return EXIT_OK;
}

/* In the order of what is cheap to find out, and all before anything is attached or started. */
static int open_parts(struct trace *trace)
{
	char why[512];

	if (check_processes(&trace->options.pids) != EXIT_OK)
		return EXIT_FAILED;
	trace->walker = walker_open(trace->options.walker, why, sizeof(why));
	if (!trace->walker)
		return fail(why);
	log_walker(trace->walker);
	trace->events = events_open(&trace->mask);
	if (!trace->events)
		return fail(strerror(errno));
	trace->tracer = tracer_open(&trace->options.tracer, why, sizeof(why));
	if (!trace->tracer)
		return fail(why);
	log_tracer(trace->tracer);
	if (trace->options.form == &form_verbose)
		tell_sources(trace);
	if (open_output(trace) != EXIT_OK)
		return EXIT_FAILED;
	output_set_interrupt(trace->render.out, events_signal_fd(trace->events));
	trace->render.start = clock_now();
	trace->render.geometry = walker_geometry(trace->walker);
	trace->render.walker = walker_name(trace->walker);
	trace->render.begin = tracer_begin_name(trace->tracer);
	trace->render.end = tracer_end_name(trace->tracer);
	trace->render.one_in = trace->options.tracer.filter.one_in;
	trace->render.utf8 = utf8_is_wanted();
	trace->stream = stream_new(trace->tracer, trace->walker, &trace->render, trace->options.form,
				   trace->options.count);
	if (!trace->stream)
		return fail("out of memory");
	stream_show_causes(trace->stream, trace->options.causes);
	if (wants_attribution(trace) && find_attribution(trace) != EXIT_OK)
		return EXIT_FAILED;
	if (trace->options.summary && sum_up(trace) != EXIT_OK)
		return EXIT_FAILED;
	return events_add_buffer(trace->events, tracer_fd(trace->tracer)) ? fail("cannot wait for events") : EXIT_OK;
}

static void close_parts(struct trace *trace)
{
	stream_free(trace->stream);
	summary_free(trace->summary);
	attribution_free(trace->attribution);
	tracer_close(trace->tracer);
	events_close(trace->events);
	walker_close(trace->walker);
	free(trace->options.pids.pid);
}

static int close_output(struct trace *trace, int err)
{
	const char *name = output_name(trace->render.out);
	int failed = output_close(trace->render.out);

	err = err ? err : failed;
	if (err)
		log_error("cannot write to %s: %s", name,
			  err == EINTR ? "nobody reads it, and we were told to end" : strerror(err));
	return err ? EXIT_FAILED : EXIT_OK;
}

static int run(struct trace *trace)
{
	bool was_signalled = false;
	int status, output, err;

	status = open_parts(trace);
	if (status == EXIT_OK)
		status = start_watching(trace);
	if (status != EXIT_OK)
		return status;
	err = run_stream(trace, &was_signalled);
	output = close_output(trace, err);
	trace->render.out = NULL;
	tracer_close(trace->tracer);	/* nothing stays attached while we wait for COMMAND */
	trace->tracer = NULL;
	status = wait_for_command(trace, was_signalled);
	return output == EXIT_OK ? status : output;
}

int cmd_trace(int argc, char **argv)
{
	struct trace trace = { 0 };
	int status = trace_options_parse(&trace.options, argc, argv);

	if (trace.options.help)
		return print_usage(usage_trace);
	if (status == EXIT_OK)
		status = run(&trace);
	if (trace.render.out)
		output_close(trace.render.out);	/* empty: nothing was begun */
	close_parts(&trace);
	return status;
}
