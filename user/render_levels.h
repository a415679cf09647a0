/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A path for people: the columns that each line about one has, and a block with a line for each level. */
#ifndef PFWATCH_RENDER_LEVELS_H
#define PFWATCH_RENDER_LEVELS_H

#include "path.h"
#include "render.h"

/* Of the columns ADDRESS and PHYSICAL, without the blank behind them. */
enum { WIDTH_ADDR = 14, WIDTH_PHYS = 12 };

unsigned int width_path(const struct render *render);	/* that of the highest indices */
void put_path_header(const struct render *render);	/* the address and the indices */

/* 254.74.293.1: the index at each level that was read. To store it see store.h; it takes STORE_NUMBER. */
char *store_indices(char *at, const struct render *render, const struct path *path, uint64_t addr);
void put_indices(const struct render *render, const struct path *path, uint64_t addr);

void put_markers(struct output *out, const struct path *path);

/* What is behind the entry, in words; nothing for a plain mapped page. swap_name: NULL if it isn't known. */
void put_detail(const struct render *render, const struct path *path, const char *swap_name);

void put_block(const struct render *render, const struct path *path, uint64_t addr, const char *swap_name);

/* The last line of a block: the page and the offset in it, or what there is instead. */
void put_block_end(const struct render *render, const struct path *path, uint64_t addr, const char *swap_name);

/* The first part of a level's line, up to its entry; and the entry, up to its flags. */
void put_level_head(const struct render *render, unsigned int i, uint64_t addr);
void put_level_entry(const struct render *render, const struct path *path, unsigned int i);

#endif
