/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What many faults come to: parts of the forms of render.h. */
#ifndef PFWATCH_RENDER_SUMMARY_H
#define PFWATCH_RENDER_SUMMARY_H

#include "render.h"

/* Most that is shown of what has no end: mappings in JSON; mappings as text, and pages, instructions and files. */
#define REPORT_MAPPINGS	100
#define REPORT_TOP	10

void text_report(const struct render *render, const struct totals *totals, const struct summary *summary);
void json_report(const struct render *render, const struct totals *totals, const struct summary *summary);

/* {"type":"summary",… without the brace at its end. */
void json_put_totals(const struct render *render, const struct totals *totals);

#endif
