/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The model of an address space: what its mappings hold, region by region, and the tables that takes. */
#ifndef PFWATCH_MAP_H
#define PFWATCH_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "path.h"
#include "picture.h"
#include "vma.h"

#define KINDS		(KIND_BAD + 1)
#define PAGE_KINDS	(PAGE_KERNEL + 1)

/* What a mapping is of. Special: the kernel's own pages, as the vdso. */
enum mapping_kind {
	MAPPING_ANON, MAPPING_FILE, MAPPING_SHMEM, MAPPING_HUGETLB, MAPPING_PFNMAP, MAPPING_SPECIAL,
};

/* Neighbours within a mapping whose entries are alike. */
struct region {
	uint64_t start, end;
	uint8_t kind;		/* enum kind of the entries; KIND_TABLE: they changed under the walk */
	uint8_t level;		/* enum level of the entries; of KIND_NONE it means nothing */
	uint8_t page;		/* enum page_kind, where there is a page */
};

struct table_pages {
	uint64_t pages[MAX_LEVELS];	/* by enum level */
	uint64_t reserved;		/* PTE tables kept for huge pages that may be split */
};

/* Bytes, but for entries. */
struct map_totals {
	uint64_t size;			/* of the mappings, as far as they lie in the range */
	uint64_t kind[KINDS];		/* of which by enum kind of the entries */
	uint64_t page[PAGE_KINDS];	/* pages by what they are */
	uint64_t level[MAX_LEVELS];	/* pages by the enum level of their entry: by size */
	uint64_t mapped;		/* all pages */
	uint64_t resident;		/* Rss of smaps */
	uint64_t anon_huge;		/* AnonHugePages of smaps */
	uint64_t entries[MAX_LEVELS];	/* entries in use that are no tables */
};

#define VMA_CELLS	16

struct map_vma {
	struct vma vma;			/* without its name */
	enum mapping_kind kind;
	struct map_totals totals;
	uint64_t cells[VMA_CELLS];	/* populated bytes in each sixteenth */
};

struct map {
	const struct geometry *geometry;
	uint32_t pid;
	uint64_t start, end;		/* the range asked for */
	struct map_totals totals;
	uint64_t vmas, regions;
	struct map_vma vma;		/* that the regions lie in at present */
	struct table_pages tables;
	struct picture picture;
};

void map_begin(struct map *map, const struct geometry *geometry, uint32_t pid, uint64_t start, uint64_t end);
void map_add_vma(struct map *map, const struct vma *vma);
void map_add_region(struct map *map, const struct region *region);	/* of the mapping added last */

bool region_has_page(const struct region *region);
bool region_is_populated(const struct region *region);
uint64_t region_page_size(const struct geometry *geometry, const struct region *region);

/* How full a cell of so many bytes is: 0 empty, 1 to 3 in part, 4 full. */
unsigned int fill_grade(uint64_t populated, uint64_t size);
unsigned int vma_cell_grade(const struct map_vma *vma, unsigned int i);

/* Table pages of all levels, with those that are reserved. */
uint64_t map_table_pages(const struct map *map);
uint64_t map_table_bytes(const struct map *map);
/* Entries in use in the tables of a level: tables below, and leaves. */
uint64_t map_entries_used(const struct map *map, enum level level);

/* One table with an entry for each page of the user half: how many entries (as a power of 2) it would have. */
#define ENTRY_SIZE	8	/* bytes */
unsigned int flat_table_bits(const struct geometry *geometry);

const char *region_kind_name(enum kind kind);
const char *region_page_name(enum page_kind kind);
enum mapping_kind mapping_kind(const struct vma *vma);
const char *mapping_kind_name(enum mapping_kind kind);

#endif
