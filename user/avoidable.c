// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "avoidable.h"

#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "chains.h"
#include "slow.h"

#define PAGE_BITS	12
#define AREA_BITS	21
#define PAGES		512	/* of an area */
#define WINDOW		16	/* pages */

/* What the pages of an area have in common; the same addresses may be an area of each. */
enum use { USE_FIRST_TOUCH, USE_ZERO_PAGE, USE_FILE_MINOR, USE_FILE_MAJOR };

struct area_key {
	uint64_t space, number;
	uint32_t pid;
	uint8_t use;		/* enum use */
};

struct area {
	struct area_key key;
	uint16_t n;		/* pages that came */
	bool had_room;		/* at each of the faults, the mapping was there for a huge page */
	uint64_t origin;	/* that of the last fault: */
	struct vma vma;		/* its mapping */
	uint64_t start, end;	/* of the mapping as it was at the first one */
	uint64_t time;		/* of the faults of these pages */
	uint64_t came[PAGES / 64];
};

struct avoidable {
	struct amount amounts[AVOID_WAYS];
	uint32_t capacity, n;
	uint32_t oldest;	/* the next one to be let go, when all are in use */
	uint64_t let_go;
	struct chains chains;
	struct area *areas;
	struct area *last;	/* that was asked for; NULL: none */
};

struct avoidable *avoidable_new(uint32_t areas)
{
	struct avoidable *avoidable = calloc(1, sizeof(*avoidable));

	if (!avoidable)
		return NULL;
	avoidable->capacity = areas;
	avoidable->areas = calloc(areas, sizeof(*avoidable->areas));
	if (chains_init(&avoidable->chains, areas) && avoidable->areas)
		return avoidable;
	avoidable_free(avoidable);
	return NULL;
}

void avoidable_free(struct avoidable *avoidable)
{
	if (!avoidable)
		return;
	chains_free(&avoidable->chains);
	free(avoidable->areas);
	free(avoidable);
}

static uint64_t time_of(const struct fault *fault)
{
	return fault->has_latency ? fault->latency : 0;
}

static unsigned int page_of(const struct fault *fault)
{
	return fault->addr >> PAGE_BITS & (PAGES - 1);
}

static bool has_come(const struct area *area, unsigned int page)
{
	return area->came[page / 64] >> page % 64 & 1;
}

/* Their share of the area's time. */
static void count(struct avoidable *avoidable, enum avoid_way way, const struct area *area, unsigned int faults)
{
	avoidable->amounts[way].faults += faults;
	avoidable->amounts[way].time += area->n ? area->time * faults / area->n : 0;
}

/* ---- counting an area ---- */

/* The pages of one unit that came. */
static unsigned int pages_in(const struct area *area, unsigned int first, unsigned int unit)
{
	unsigned int n = 0;

	for (unsigned int page = first; page < first + unit; page++)
		n += has_come(area, page);
	return n;
}

/* All faults but one of each run of at least so many neighbouring units (of so many pages each) that had any. */
static unsigned int count_runs(const struct area *area, unsigned int unit, unsigned int least)
{
	unsigned int avoidable = 0, units = 0, faults = 0;

	for (unsigned int page = 0; page <= PAGES; page += unit) {
		unsigned int n = page < PAGES ? pages_in(area, page, unit) : 0;

		if (n) {
			units++;
			faults += n;
			continue;
		}
		if (units >= least)
			avoidable += faults - 1;
		units = faults = 0;
	}
	return avoidable;
}

/* In this mapping a huge page would have its place. */
static bool has_room(const struct area *area, const struct vma *vma)
{
	uint64_t start = area->key.number << AREA_BITS;

	return vma->start <= start && vma->end >= start + (1ULL << AREA_BITS);
}

/* What came is counted, and forgotten. */
static SLOW void close_area(struct avoidable *avoidable, struct area *area)
{
	if (area->key.use == USE_FIRST_TOUCH) {
		count(avoidable, AVOID_POPULATE, area, count_runs(area, 1, RUN_PAGES));
		if (area->n == PAGES && area->had_room)
			count(avoidable, AVOID_HUGE_PAGE, area, PAGES - 1);
	} else if (area->key.use == USE_FILE_MINOR) {
		count(avoidable, AVOID_POPULATE_FILE, area, count_runs(area, WINDOW, RUN_WINDOWS));
	}
	memset(area->came, 0, sizeof(area->came));
	area->n = 0;
	area->time = 0;
}

/* ---- finding an area ---- */

static uint64_t hash_of(const struct area_key *key)
{
	return chains_hash(key->space, key->number << 2 | key->use, key->pid);
}

static bool is_at(const struct area *area, struct area_key key)
{
	return area->key.number == key.number && area->key.space == key.space && area->key.pid == key.pid &&
	       area->key.use == key.use;
}

static SLOW struct area *find(const struct avoidable *avoidable, const struct area_key *key)
{
	uint32_t i = chains_first(&avoidable->chains, hash_of(key));

	for (; i != CHAIN_END; i = chains_next(&avoidable->chains, i))
		if (is_at(&avoidable->areas[i], *key))
			return &avoidable->areas[i];
	return NULL;
}

static struct area *let_go(struct avoidable *avoidable)
{
	struct area *area = &avoidable->areas[avoidable->oldest];

	close_area(avoidable, area);
	chains_remove(&avoidable->chains, hash_of(&area->key), avoidable->oldest);
	avoidable->oldest = (avoidable->oldest + 1) % avoidable->capacity;
	avoidable->let_go++;
	return area;
}

static SLOW struct area *enter(struct avoidable *avoidable, const struct area_key *key, const struct fault *fault)
{
	bool has_place = avoidable->n < avoidable->capacity;
	struct area *area = has_place ? &avoidable->areas[avoidable->n++] : let_go(avoidable);

	*area = (struct area){ .key = *key, .origin = fault->origin, .vma = fault->vma };
	chains_insert(&avoidable->chains, hash_of(key), area - avoidable->areas);
	return area;
}

/* A mapping grows, and neighbours become one: of anonymous memory it is the same if it has an address in common. */
static bool is_same_mapping(const struct vma *a, const struct vma *b)
{
	if ((a->flags ^ b->flags) & VMA_FILE)
		return false;
	if (a->flags & VMA_FILE)
		return a->inode == b->inode && a->major == b->major && a->minor == b->minor &&
		       a->offset - a->start == b->offset - b->start;
	return a->start < b->end && b->start < a->end;
}

/* The mapping that is there now may be another one: then what came is none of it. */
static SLOW void set_mapping(struct avoidable *avoidable, struct area *area, const struct fault *fault)
{
	if (!is_same_mapping(&area->vma, &fault->vma))
		close_area(avoidable, area);
	area->origin = fault->origin;
	area->vma = fault->vma;
}

/* The area that a fault is in; a new one, if it is none as far as what was there goes. NULL: none yet, nor wanted. */
static SLOW struct area *look_up(struct avoidable *avoidable, const struct fault *fault, struct area_key key, bool make)
{
	struct area *area = find(avoidable, &key);

	if (!area)
		area = make ? enter(avoidable, &key, fault) : NULL;
	if (area)
		avoidable->last = area;
	return area;
}

static struct area *area_of(struct avoidable *avoidable, const struct fault *fault, enum use use, bool make)
{
	const struct area_key key = {
		.space = fault->space, .number = fault->addr >> AREA_BITS, .pid = fault->pid, .use = use,
	};
	struct area *area = avoidable->last;

	if (!area || !is_at(area, key))
		area = look_up(avoidable, fault, key, make);
	if (area && (!fault->origin || fault->origin != area->origin))
		set_mapping(avoidable, area, fault);
	return area;
}

/* ---- the causes ---- */

static void set_page(struct area *area, const struct fault *fault)
{
	unsigned int page = page_of(fault);

	if (!area->n) {
		area->start = fault->vma.start;
		area->end = fault->vma.end;
		area->had_room = true;
	}
	area->had_room &= has_room(area, &fault->vma);
	area->came[page / 64] |= 1ULL << page % 64;
	area->n++;
	area->time += time_of(fault);
}

/* What made all pages at the first fault of these would not have made this one: it was no part of the mapping yet. */
static bool is_beyond(const struct area *area, const struct fault *fault)
{
	return area->n && (fault->addr < area->start || fault->addr >= area->end);
}

static void add_page(struct avoidable *avoidable, const struct fault *fault, enum use use)
{
	struct area *area = area_of(avoidable, fault, use, true);

	if (has_come(area, page_of(fault)) || (use == USE_FIRST_TOUCH && is_beyond(area, fault)))
		close_area(avoidable, area);
	set_page(area, fault);
}

/* Of a pair the write is the fault that there would have been anyway. */
static void add_cow(struct avoidable *avoidable, const struct fault *fault)
{
	unsigned int page = page_of(fault);
	struct area *area;

	if (!cause_has(&fault->cause, FACT_BEFORE_ZERO))
		return;
	area = area_of(avoidable, fault, USE_ZERO_PAGE, false);
	if (!area || !has_come(area, page))
		return;
	count(avoidable, AVOID_WRITE_FIRST, area, 1);
	area->time -= area->time / area->n;
	area->n--;
	area->came[page / 64] &= ~(1ULL << page % 64);
}

static void count_one(struct avoidable *avoidable, enum avoid_way way, const struct fault *fault)
{
	avoidable->amounts[way].faults++;
	avoidable->amounts[way].time += time_of(fault);
}

static void add_read(struct avoidable *avoidable, const struct fault *fault)
{
	struct area *area = area_of(avoidable, fault, USE_FILE_MAJOR, true);

	if (has_come(area, page_of(fault)))
		count_one(avoidable, AVOID_MLOCK, fault);
	else
		set_page(area, fault);
}

void avoidable_add(struct avoidable *avoidable, const struct fault *fault)
{
	if (fault->cause.word == CAUSE_SWAP_IN)
		count_one(avoidable, AVOID_MLOCK, fault);
	if (!fault->has_vma)
		return;
	switch (fault->cause.word) {
	case CAUSE_FIRST_TOUCH: add_page(avoidable, fault, USE_FIRST_TOUCH); break;
	case CAUSE_ZERO_PAGE: add_page(avoidable, fault, USE_ZERO_PAGE); break;
	case CAUSE_FILE_MINOR: add_page(avoidable, fault, USE_FILE_MINOR); break;
	case CAUSE_FILE_MAJOR: add_read(avoidable, fault); break;
	case CAUSE_COW: add_cow(avoidable, fault); break;
	default: break;
	}
}

void avoidable_finish(struct avoidable *avoidable)
{
	for (uint32_t i = 0; i < avoidable->n; i++)
		close_area(avoidable, &avoidable->areas[i]);
}

const struct amount *avoidable_amount(const struct avoidable *avoidable, enum avoid_way way)
{
	return &avoidable->amounts[way];
}

uint64_t avoidable_let_go(const struct avoidable *avoidable)
{
	return avoidable->let_go;
}
