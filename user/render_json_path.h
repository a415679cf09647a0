/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A path as members of a JSON object; the first one comes without a comma. */
#ifndef PFWATCH_RENDER_JSON_PATH_H
#define PFWATCH_RENDER_JSON_PATH_H

#include "path.h"
#include "render.h"

/* "levels":[…] */
void put_json_levels(const struct render *render, const struct path *path, uint64_t addr);

/* "state":…, and what goes with it, up to "levels":[…]. swap_name: NULL if it isn't known. */
void put_json_path(const struct render *render, const struct path *path, uint64_t addr, const char *swap_name);

#endif
