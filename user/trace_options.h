/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the command line of a stream asks for. */
#ifndef PFWATCH_TRACE_OPTIONS_H
#define PFWATCH_TRACE_OPTIONS_H

#include "options.h"
#include "render.h"
#include "tracer.h"
#include "walker.h"

struct trace_options {
	struct pid_list pids;
	char **command;		/* NULL: none */
	const char *file;	/* NULL: standard output */
	const struct form *form;
	uint64_t count;		/* 0: no limit */
	struct tracer_options tracer;
	uint32_t causes;	/* that are shown, bits by enum cause_word; all, if none is named */
	uint64_t duration;	/* ns, 0: no limit */
	enum walker_choice walker;
	bool summary;		/* totals only, nothing per fault */
	bool help;		/* nothing else counts */
};

/* EXIT_OK, or EXIT_USAGE with the reason said. */
int trace_options_parse(struct trace_options *options, int argc, char **argv);

#endif
