/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Faults and paths for people: parts of the forms of render.h. */
#ifndef PFWATCH_RENDER_TEXT_H
#define PFWATCH_RENDER_TEXT_H

#include "render.h"

/* Since when the stream's time counts, ns. */
static inline uint64_t text_time(const struct render *render, const struct fault *fault)
{
	return fault->ts > render->start ? fault->ts - render->start : 0;
}

/* Where there is no path afterwards: why. */
static inline const char *text_no_path(const struct fault *fault)
{
	return fault->walk_status == WALK_GONE ? "gone" : "failed";
}

void text_sample(const struct render *render);	/* that the faults are some of them only */
void text_fault_header(const struct render *render);
void text_fault(const struct render *render, const struct fault *fault);
void verbose_fault(const struct render *render, const struct fault *fault);
void text_lost(const struct render *render, uint64_t n);
void verbose_summary(const struct render *render, const struct totals *totals);
void text_summary(const struct render *render, const struct totals *totals);

void text_path_header(const struct render *render);
void text_path(const struct render *render, const struct answer *answer);
void verbose_path(const struct render *render, const struct answer *answer);

#endif
