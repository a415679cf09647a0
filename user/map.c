// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "map.h"

#include <string.h>

void map_begin(struct map *map, const struct geometry *geometry, uint32_t pid, uint64_t start, uint64_t end)
{
	memset(map, 0, sizeof(*map));
	map->geometry = geometry;
	map->pid = pid;
	map->start = start;
	map->end = end;
}

bool region_has_page(const struct region *region)
{
	return region->kind == KIND_PAGE || region->kind == KIND_PROTNONE;
}

bool region_is_populated(const struct region *region)
{
	return region->kind != KIND_NONE && region->kind != KIND_TABLE;
}

uint64_t region_page_size(const struct geometry *geometry, const struct region *region)
{
	return 1ULL << geometry->shift[region->level];
}

/*
 * What smaps counts as Rss: ordinary memory, also while it is on its way elsewhere (smaps_account() in
 * fs/proc/task_mmu.c). Not the zero page, not what is mapped by number, not hugetlb, which has sums of its own. Old
 * kernels' smaps (VmRSS never) forget huge leaves that are PROT_NONE: they look them up as for an access.
 */
static bool is_resident(const struct region *region, enum mapping_kind mapping)
{
	switch (region->kind) {
	case KIND_PAGE:
	case KIND_PROTNONE:
		return region->page <= PAGE_KSM;
	case KIND_MIGRATION:
	case KIND_DEVICE:
		return mapping != MAPPING_HUGETLB;
	default:
		return false;
	}
}

static bool is_anon_huge(const struct region *region, enum mapping_kind mapping)
{
	if (region->level != LEVEL_PMD)
		return false;
	return region_has_page(region) ? region->page == PAGE_ANON :
	       region->kind == KIND_MIGRATION && mapping == MAPPING_ANON;
}

static void add(struct map_totals *totals, const struct region *region, enum mapping_kind mapping, uint64_t page_size)
{
	uint64_t bytes = region->end - region->start;

	totals->size += bytes;
	totals->kind[region->kind] += bytes;
	if (region_has_page(region)) {
		totals->mapped += bytes;
		totals->page[region->page] += bytes;
		totals->level[region->level] += bytes;
	}
	if (is_resident(region, mapping))
		totals->resident += bytes;
	if (is_anon_huge(region, mapping))
		totals->anon_huge += bytes;
	if (region_is_populated(region))
		totals->entries[region->level] += (bytes + page_size - 1) / page_size;
}

static uint64_t cell_border(const struct vma *vma, unsigned int i)
{
	return vma->start + (vma->end - vma->start) * i / VMA_CELLS;
}

static void fill_cells(struct map_vma *vma, uint64_t start, uint64_t end)
{
	for (unsigned int i = 0; i < VMA_CELLS; i++) {
		uint64_t from = cell_border(&vma->vma, i), to = cell_border(&vma->vma, i + 1);

		if (from < start)
			from = start;
		if (to > end)
			to = end;
		if (from < to)
			vma->cells[i] += to - from;
	}
}

/* Only the part of a mapping that was asked for is in the picture. */
static void add_to_picture(struct map *map, const struct vma *vma)
{
	uint64_t start = vma->start > map->start ? vma->start : map->start;
	uint64_t end = vma->end < map->end ? vma->end : map->end;

	if (start < end)
		picture_add_mapping(&map->picture, start, end);
}

void map_add_vma(struct map *map, const struct vma *vma)
{
	memset(&map->vma, 0, sizeof(map->vma));
	map->vma.vma = *vma;
	map->vma.kind = mapping_kind(vma);
	map->vmas++;
	add_to_picture(map, vma);
}

void map_add_region(struct map *map, const struct region *region)
{
	uint64_t page_size = region_page_size(map->geometry, region);

	add(&map->totals, region, map->vma.kind, page_size);
	add(&map->vma.totals, region, map->vma.kind, page_size);
	map->regions++;
	if (!region_is_populated(region))
		return;
	fill_cells(&map->vma, region->start, region->end);
	picture_add_populated(&map->picture, region->start, region->end);
}

unsigned int fill_grade(uint64_t populated, uint64_t size)
{
	if (!populated)
		return 0;
	if (populated >= size)
		return 4;
	return 1 + (unsigned int)((unsigned __int128)populated * 3 / size);
}

unsigned int vma_cell_grade(const struct map_vma *vma, unsigned int i)
{
	return fill_grade(vma->cells[i], cell_border(&vma->vma, i + 1) - cell_border(&vma->vma, i));
}

uint64_t map_table_pages(const struct map *map)
{
	uint64_t pages = map->tables.reserved;

	for (unsigned int i = 0; i < MAX_LEVELS; i++)
		pages += map->tables.pages[i];
	return pages;
}

uint64_t map_table_bytes(const struct map *map)
{
	return map_table_pages(map) << map->geometry->page_shift;
}

uint64_t map_entries_used(const struct map *map, enum level level)
{
	enum level below = level + 1;

	if (level == LEVEL_PTE)
		return map->totals.entries[level];
	if (below == LEVEL_P4D && map->geometry->levels == 4)
		below++;
	return map->tables.pages[below] + map->totals.entries[level];
}

unsigned int flat_table_bits(const struct geometry *geometry)
{
	unsigned int bits = 64 - __builtin_clzll(geometry->task_size_max - 1);

	return bits - geometry->page_shift;
}

/* As the states of a path, but that nothing more is known of the entry than its kind. */
const char *region_kind_name(enum kind kind)
{
	static const char *const names[] = {
		[KIND_NONE] = "none", [KIND_TABLE] = "changed", [KIND_PAGE] = "page", [KIND_PROTNONE] = "protnone",
		[KIND_SWAP] = "swap", [KIND_MIGRATION] = "migration", [KIND_HWPOISON] = "hwpoison",
		[KIND_DEVICE] = "device", [KIND_MARKER] = "marker", [KIND_OTHER] = "unknown", [KIND_BAD] = "bad",
	};

	return names[kind];
}

const char *region_page_name(enum page_kind kind)
{
	const char *name = page_kind_name(kind);

	return name ? name : "unknown";
}

enum mapping_kind mapping_kind(const struct vma *vma)
{
	if (vma->flags & VMA_HUGETLB)
		return MAPPING_HUGETLB;
	if (vma->flags & VMA_PFNMAP)
		return MAPPING_PFNMAP;
	if (vma->flags & VMA_SHMEM)
		return MAPPING_SHMEM;
	if (vma->flags & VMA_FILE)
		return MAPPING_FILE;
	return vma->flags & VMA_ANON ? MAPPING_ANON : MAPPING_SPECIAL;
}

const char *mapping_kind_name(enum mapping_kind kind)
{
	static const char *const names[] = {
		[MAPPING_ANON] = "anon", [MAPPING_FILE] = "file", [MAPPING_SHMEM] = "shmem",
		[MAPPING_HUGETLB] = "hugetlb", [MAPPING_PFNMAP] = "pfnmap", [MAPPING_SPECIAL] = "special",
	};

	return names[kind];
}
