/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The demonstrations: a table of them, and what each of them is made of. */
#ifndef PFWATCH_DEMO_H
#define PFWATCH_DEMO_H

#include "demo_result.h"
#include "demo_stage.h"

struct demo_run {
	struct stage *stage;
	struct walker *walker;
	const struct geometry *geometry;
	struct demo_result *result;
};

struct demo {
	const char *name, *title, *shows, *expects;
	void (*run)(struct demo_run *run);
};

/* In the order in which they are listed; the last one has no name. */
extern const struct demo demos[];
const struct demo *demo_find(const char *name);

/* What is known of it before it runs. */
void demo_prepare(const struct demo *demo, const struct walker *walker, struct demo_result *result);

/* live: where its first faults are shown as they come; NULL: nowhere. */
void demo_play(const struct demo *demo, struct walker *walker, const struct render *live, struct demo_result *result);

void demo_first_touch(struct demo_run *run);
void demo_zero_page(struct demo_run *run);
void demo_cow(struct demo_run *run);
void demo_stride(struct demo_run *run);
void demo_same_address(struct demo_run *run);
void demo_thp(struct demo_run *run);
void demo_walk(struct demo_run *run);
void demo_stack(struct demo_run *run);
void demo_file(struct demo_run *run);
void demo_swap(struct demo_run *run);
void demo_prefault(struct demo_run *run);
void demo_threads(struct demo_run *run);

/*
 * ---- what they are made of ----
 *
 * Each returns false if it could not be done: the result has the reason then, and there is nothing more to be shown.
 */

#define PAGE_SIZE	4096ULL
#define KIB		1024ULL
#define MIB		(1024 * KIB)
#define GIB		(1024 * MIB)

bool play_trace(struct demo_run *run);
struct player *play_enter(struct demo_run *run);
bool play_order(struct demo_run *run, struct player *player, const struct order *order, struct phase *phase);

/* Anonymous and private, with pages of 4 KiB alone; where it is, or 0. */
uint64_t play_memory(struct demo_run *run, struct player *player, uint64_t length, uint64_t align);

/* A part of memory, of which a byte of each page is touched. */
enum touch { TOUCH_READ, TOUCH_WRITE };
bool play_touch(struct demo_run *run, struct player *player, uint64_t address, uint64_t pages, enum touch touch,
		struct phase *phase);

bool play_pages(struct demo_run *run, uint32_t pid, uint64_t address, uint64_t pages, struct page_counts *counts);
bool play_path(struct demo_run *run, uint32_t pid, uint64_t addr, struct path *path);

/* Of some tries the best, since a time may be that of an interruption; 0: there was none yet. */
static inline uint64_t least_ns(uint64_t best, uint64_t ns)
{
	return best && best < ns ? best : ns;
}

/* That nothing was lost is what counts rest on. */
void claim_nothing_lost(struct demo_run *run, uint64_t lost);

/* The path of an address as it is now, as one more view of a section. */
bool play_view(struct demo_run *run, struct demo_section *section, uint32_t pid, uint64_t addr, const char *label);
const struct path *view_path(const struct demo_section *section, unsigned int view);
bool path_is_writable(const struct path *path);

#endif
