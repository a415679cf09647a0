/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An address space: parts of the forms of render.h. */
#ifndef PFWATCH_RENDER_MAP_H
#define PFWATCH_RENDER_MAP_H

#include "render.h"

void text_map_header(const struct render *render);
void text_map_vma(const struct render *render, const struct map *map, const char *name);
void verbose_map_vma(const struct render *render, const struct map *map, const char *name);
void text_map_end(const struct render *render, const struct map *map);
void no_map_region(const struct render *render, const struct map *map, const struct region *region);

void json_map_region(const struct render *render, const struct map *map, const struct region *region);
void json_map_vma(const struct render *render, const struct map *map, const char *name);
void json_map_end(const struct render *render, const struct map *map);

#endif
