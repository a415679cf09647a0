/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a fault did to the tables, for people. Only of a fault that has both its paths. */
#ifndef PFWATCH_RENDER_CHANGE_H
#define PFWATCH_RENDER_CHANGE_H

#include "fault.h"
#include "render.h"

/* In a word or two: the tables that are new, and what the entry was and is. See store.h. */
#define CHANGE_ROOM 64
char *store_change(char *at, const struct render *render, const struct fault *fault);

/* Level by level: an entry that is not as it was stands there twice, and behind it the bits that are not. */
void put_change_block(const struct render *render, const struct fault *fault);

#endif
