/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The way of the faults: drained, asked for, rendered, batch by batch. */
#ifndef PFWATCH_STREAM_H
#define PFWATCH_STREAM_H

#include "attribution.h"
#include "fault.h"
#include "render.h"
#include "summary.h"
#include "tracer.h"
#include "walker.h"

struct stream;

/* limit: faults to print, 0 for all. NULL: out of memory. */
struct stream *stream_new(struct tracer *tracer, struct walker *walker, const struct render *render,
			  const struct form *form, uint64_t limit);
void stream_free(struct stream *stream);

/* The others are filtered. Bits by enum cause_word. */
void stream_show_causes(struct stream *stream, uint32_t causes);

/* Faults are added to it instead of being written; those that tell all it wants to know aren't walked either. */
void stream_sum_up(struct stream *stream, struct summary *summary);

/* Finds out for the faults that are shown whose they were. Has to live as long. */
void stream_attribute(struct stream *stream, struct attribution *attribution);

/* Takes what is in the buffer (a bounded part of it), prints it and flushes. 0, or the errno of the output. */
int stream_drain(struct stream *stream);
bool stream_has_more(const struct stream *stream);

/* The limit is reached. */
bool stream_is_full(const struct stream *stream);

/*
 * The end: no fault is seen any more, what is in the buffer is taken step by step (until stream_finish() returns
 * true), then the totals are made final: seen = printed + filtered + lost. What was not taken by then is lost.
 */
void stream_stop(struct stream *stream);
bool stream_finish(struct stream *stream, int *err);	/* *err: errno of the output, kept */
void stream_settle(struct stream *stream);
const struct totals *stream_totals(const struct stream *stream);

#endif
