/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The options that say which faults are wanted. */
#ifndef PFWATCH_FILTER_OPTIONS_H
#define PFWATCH_FILTER_OPTIONS_H

#include <stdbool.h>

#include "tracer.h"

/* Their values for getopt_long(): no letter's. */
enum filter_option {
	FILTER_BY_COMM = 256, FILTER_BY_ACCESS, FILTER_BY_MODE, FILTER_BY_ADDR, FILTER_BY_MAJOR, FILTER_BY_LATENCY,
	FILTER_BY_CHANCE, FILTER_OPTIONS_END,
};

#define FILTER_LONG_OPTIONS								\
	{ "comm", required_argument, NULL, FILTER_BY_COMM },				\
	{ "access", required_argument, NULL, FILTER_BY_ACCESS },			\
	{ "mode", required_argument, NULL, FILTER_BY_MODE },				\
	{ "addr", required_argument, NULL, FILTER_BY_ADDR },				\
	{ "major", no_argument, NULL, FILTER_BY_MAJOR },				\
	{ "min-latency", required_argument, NULL, FILTER_BY_LATENCY },			\
	{ "sample", required_argument, NULL, FILTER_BY_CHANCE }

static inline bool is_filter_option(int option)
{
	return option >= FILTER_BY_COMM && option < FILTER_OPTIONS_END;
}

/* value lives as long as filter. NULL: taken; else what would have been right, to be said. */
const char *filter_option_take(struct fault_filter *filter, enum filter_option option, const char *value);

#endif
