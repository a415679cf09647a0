/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef PFWATCH_RENDER_JSON_H
#define PFWATCH_RENDER_JSON_H

#include "path.h"
#include "render.h"

/* "state":…, and what goes with it, up to "levels":[…]. swap_name: NULL if it isn't known. */
void json_put_path(const struct render *render, const struct path *path, uint64_t addr, const char *swap_name);

#endif
