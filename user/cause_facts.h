/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a fault's cause is concluded from; between the parts of cause.h. */
#ifndef PFWATCH_CAUSE_FACTS_H
#define PFWATCH_CAUSE_FACTS_H

#include "cause.h"

#define BIT(n)		(1ULL << (n))

uint64_t facts_of(const struct fault *fault, const struct geometry *geometry);	/* bits by enum fact */

#endif
