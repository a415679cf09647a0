/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The way of the faults: drained, asked for, rendered, batch by batch. */
#ifndef PFWATCH_STREAM_H
#define PFWATCH_STREAM_H

#include "fault.h"
#include "render.h"
#include "tracer.h"
#include "walker.h"

struct stream;

/* limit: faults to print, 0 for all. NULL: out of memory. */
struct stream *stream_new(struct tracer *tracer, struct walker *walker, const struct render *render,
			  const struct form *form, uint64_t limit);
void stream_free(struct stream *stream);

/* Takes what is in the buffer (a bounded part of it), prints it and flushes. 0, or the errno of the output. */
int stream_drain(struct stream *stream);
bool stream_has_more(const struct stream *stream);

/* The limit is reached. */
bool stream_is_full(const struct stream *stream);

/* Ends the tracing, drains the rest; then the totals are final: seen = printed + filtered + lost. */
int stream_finish(struct stream *stream);
const struct totals *stream_totals(const struct stream *stream);

#endif
