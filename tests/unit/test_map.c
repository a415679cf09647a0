// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The sums of an address space, and its picture. */
#include "fixture.h"
#include "map.h"

#define KIB	1024ULL
#define MIB	(1024 * KIB)
#define GIB	(1024 * MIB)
#define PAGE	(4 * KIB)
#define BASE	0x7f0000000000ULL

static struct map map;

static void begin(uint32_t flags, uint64_t start, uint64_t end)
{
	const struct vma vma = { .start = start, .end = end, .flags = flags, .name = "" };

	map_begin(&map, &four_levels, 42, 0, four_levels.task_size_max);
	map_add_vma(&map, &vma);
}

static void add(enum kind kind, enum level level, enum page_kind page, uint64_t start, uint64_t size)
{
	const struct region region = {
		.start = start, .end = start + size, .kind = kind, .level = level, .page = page,
	};

	map_add_region(&map, &region);
}

/* ---- sums ---- */

static void pages_are_summed_by_size_and_kind(void **state)
{
	(void)state;
	begin(VMA_ANON, BASE, BASE + GIB);
	add(KIND_PAGE, LEVEL_PTE, PAGE_ANON, BASE, 2 * MIB);
	add(KIND_PAGE, LEVEL_PMD, PAGE_ANON, BASE + 2 * MIB, 4 * MIB);
	add(KIND_PAGE, LEVEL_PTE, PAGE_ZERO, BASE + 6 * MIB, 2 * MIB);
	add(KIND_SWAP, LEVEL_PTE, PAGE_UNKNOWN, BASE + 8 * MIB, MIB);
	add(KIND_NONE, LEVEL_PTE, PAGE_UNKNOWN, BASE + 9 * MIB, GIB - 9 * MIB);
	assert_int_equal(map.totals.size, GIB);
	assert_int_equal(map.totals.mapped, 8 * MIB);
	assert_int_equal(map.totals.resident, 6 * MIB);
	assert_int_equal(map.totals.anon_huge, 4 * MIB);
	assert_int_equal(map.totals.kind[KIND_SWAP], MIB);
	assert_int_equal(map.totals.kind[KIND_NONE], GIB - 9 * MIB);
	assert_int_equal(map.totals.page[PAGE_ANON], 6 * MIB);
	assert_int_equal(map.totals.page[PAGE_ZERO], 2 * MIB);
	assert_int_equal(map.totals.level[LEVEL_PTE], 4 * MIB);
	assert_int_equal(map.totals.level[LEVEL_PMD], 4 * MIB);
	assert_int_equal(map.totals.entries[LEVEL_PTE], 5 * MIB / PAGE);
	assert_int_equal(map.totals.entries[LEVEL_PMD], 2);
	assert_int_equal(map.regions, 5);
	assert_memory_equal(&map.totals, &map.vma.totals, sizeof(map.totals));
}

static void each_mapping_has_its_own_sums(void **state)
{
	const struct vma next = { .start = BASE + GIB, .end = BASE + 2 * GIB, .flags = VMA_FILE, .name = "" };

	(void)state;
	begin(VMA_ANON, BASE, BASE + GIB);
	add(KIND_PAGE, LEVEL_PTE, PAGE_ANON, BASE, MIB);
	map_add_vma(&map, &next);
	add(KIND_PAGE, LEVEL_PTE, PAGE_FILE, BASE + GIB, 2 * MIB);
	assert_int_equal(map.vma.totals.mapped, 2 * MIB);
	assert_int_equal(map.vma.totals.page[PAGE_ANON], 0);
	assert_int_equal(map.vma.kind, MAPPING_FILE);
	assert_int_equal(map.totals.mapped, 3 * MIB);
	assert_int_equal(map.vmas, 2);
}

/* What smaps counts: see smaps_account() of the kernel. */
static void rss_is_ordinary_memory(void **state)
{
	static const struct { enum kind kind; enum page_kind page; uint32_t flags; bool counts; } cases[] = {
		{ KIND_PAGE, PAGE_ANON, VMA_ANON, true }, { KIND_PROTNONE, PAGE_ANON, VMA_ANON, true },
		{ KIND_PAGE, PAGE_FILE, VMA_FILE, true }, { KIND_PAGE, PAGE_SHMEM, VMA_SHMEM, true },
		{ KIND_PAGE, PAGE_KSM, VMA_ANON, true }, { KIND_PAGE, PAGE_UNKNOWN, 0, true },
		{ KIND_MIGRATION, PAGE_UNKNOWN, VMA_ANON, true }, { KIND_DEVICE, PAGE_UNKNOWN, VMA_ANON, true },
		{ KIND_PAGE, PAGE_ZERO, VMA_ANON, false }, { KIND_PAGE, PAGE_HUGETLB, VMA_HUGETLB, false },
		{ KIND_MIGRATION, PAGE_UNKNOWN, VMA_HUGETLB, false }, { KIND_PAGE, PAGE_PFNMAP, VMA_PFNMAP, false },
		{ KIND_PAGE, PAGE_DEVICE, VMA_FILE, false }, { KIND_SWAP, PAGE_UNKNOWN, VMA_ANON, false },
		{ KIND_HWPOISON, PAGE_UNKNOWN, VMA_ANON, false }, { KIND_MARKER, PAGE_UNKNOWN, VMA_ANON, false },
		{ KIND_NONE, PAGE_UNKNOWN, VMA_ANON, false }, { KIND_TABLE, PAGE_UNKNOWN, VMA_ANON, false },
		{ KIND_OTHER, PAGE_UNKNOWN, VMA_ANON, false }, { KIND_BAD, PAGE_UNKNOWN, VMA_ANON, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		begin(cases[i].flags, BASE, BASE + MIB);
		add(cases[i].kind, LEVEL_PTE, cases[i].page, BASE, PAGE);
		if (map.totals.resident != (cases[i].counts ? PAGE : 0))
			fail_msg("case %zu", i);
	}
}

static void anon_huge_is_of_the_pmd_alone(void **state)
{
	(void)state;
	begin(VMA_ANON, BASE, BASE + GIB);
	add(KIND_PAGE, LEVEL_PTE, PAGE_ANON, BASE, 2 * MIB);
	add(KIND_PAGE, LEVEL_PMD, PAGE_ZERO, BASE + 2 * MIB, 2 * MIB);
	assert_int_equal(map.totals.anon_huge, 0);
	add(KIND_PROTNONE, LEVEL_PMD, PAGE_ANON, BASE + 4 * MIB, 2 * MIB);
	add(KIND_MIGRATION, LEVEL_PMD, PAGE_UNKNOWN, BASE + 6 * MIB, 2 * MIB);
	assert_int_equal(map.totals.anon_huge, 4 * MIB);
	begin(VMA_SHMEM, BASE, BASE + GIB);
	add(KIND_PAGE, LEVEL_PMD, PAGE_SHMEM, BASE, 2 * MIB);
	add(KIND_MIGRATION, LEVEL_PMD, PAGE_UNKNOWN, BASE + 2 * MIB, 2 * MIB);
	assert_int_equal(map.totals.anon_huge, 0);
}

/* Cut by the range, it is still one entry. */
static void a_part_of_a_huge_page_is_one_entry(void **state)
{
	(void)state;
	begin(VMA_ANON, BASE, BASE + GIB);
	add(KIND_PAGE, LEVEL_PMD, PAGE_ANON, BASE + MIB, 3 * MIB);
	assert_int_equal(map.totals.entries[LEVEL_PMD], 2);
}

static void a_mapping_is_of_what_its_flags_say(void **state)
{
	static const struct { uint32_t flags; enum mapping_kind kind; } cases[] = {
		{ VMA_ANON | VMA_READ, MAPPING_ANON }, { VMA_FILE, MAPPING_FILE }, { VMA_FILE | VMA_SHMEM, MAPPING_SHMEM },
		{ VMA_FILE | VMA_HUGETLB, MAPPING_HUGETLB }, { VMA_FILE | VMA_PFNMAP, MAPPING_PFNMAP },
		{ VMA_READ | VMA_EXEC, MAPPING_SPECIAL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(mapping_kind(&(struct vma){ .flags = cases[i].flags }), cases[i].kind);
}

/* ---- tables ---- */

static void tables_are_counted_with_those_reserved(void **state)
{
	(void)state;
	begin(VMA_ANON, BASE, BASE + GIB);
	map.tables = (struct table_pages){ .pages = { [LEVEL_PGD] = 1, [LEVEL_PUD] = 2, [LEVEL_PMD] = 3,
							 [LEVEL_PTE] = 10 }, .reserved = 4 };
	add(KIND_PAGE, LEVEL_PMD, PAGE_ANON, BASE, 4 * MIB);
	add(KIND_PAGE, LEVEL_PTE, PAGE_ANON, BASE + 4 * MIB, 20 * PAGE);
	assert_int_equal(map_table_pages(&map), 20);
	assert_int_equal(map_table_bytes(&map), 20 * PAGE);
	assert_int_equal(map_entries_used(&map, LEVEL_PGD), 2);	/* no P4D in between */
	assert_int_equal(map_entries_used(&map, LEVEL_PUD), 3);
	assert_int_equal(map_entries_used(&map, LEVEL_PMD), 10 + 2);
	assert_int_equal(map_entries_used(&map, LEVEL_PTE), 20);
	map.geometry = &five_levels;
	map.tables.pages[LEVEL_P4D] = 7;
	assert_int_equal(map_entries_used(&map, LEVEL_PGD), 7);
	assert_int_equal(map_entries_used(&map, LEVEL_P4D), 2);
}

static void a_flat_table_has_an_entry_for_each_page_of_the_user_half(void **state)
{
	(void)state;
	assert_int_equal(flat_table_bits(&four_levels), 47 - 12);
	assert_int_equal(flat_table_bits(&five_levels), 56 - 12);
}

/* ---- bars ---- */

static void a_bar_shows_where_a_mapping_is_populated(void **state)
{
	(void)state;
	begin(VMA_ANON, BASE, BASE + 16 * MIB);
	add(KIND_PAGE, LEVEL_PTE, PAGE_ANON, BASE, MIB);
	add(KIND_SWAP, LEVEL_PTE, PAGE_UNKNOWN, BASE + MIB, MIB / 2);
	add(KIND_NONE, LEVEL_PTE, PAGE_UNKNOWN, BASE + MIB + MIB / 2, 14 * MIB);
	add(KIND_PAGE, LEVEL_PTE, PAGE_ANON, BASE + 15 * MIB + MIB / 2, PAGE);
	assert_int_equal(vma_cell_grade(&map.vma, 0), 4);
	assert_int_equal(vma_cell_grade(&map.vma, 1), 2);
	for (unsigned int i = 2; i < 15; i++)
		assert_int_equal(vma_cell_grade(&map.vma, i), 0);
	assert_int_equal(vma_cell_grade(&map.vma, 15), 1);
}

static void a_mapping_of_one_page_fills_all_of_its_bar(void **state)
{
	(void)state;
	begin(VMA_ANON, BASE, BASE + PAGE);
	add(KIND_PAGE, LEVEL_PTE, PAGE_ANON, BASE, PAGE);
	for (unsigned int i = 0; i < VMA_CELLS; i++)
		assert_int_equal(vma_cell_grade(&map.vma, i), 4);
}

static void a_grade_is_empty_or_full_only_if_it_is(void **state)
{
	(void)state;
	assert_int_equal(fill_grade(0, PAGE), 0);
	assert_int_equal(fill_grade(1, 1ULL << 56), 1);
	assert_int_equal(fill_grade(PAGE / 2, PAGE), 2);
	assert_int_equal(fill_grade((1ULL << 56) - 1, 1ULL << 56), 3);
	assert_int_equal(fill_grade(PAGE, PAGE), 4);
}

/* ---- the picture ---- */

static uint64_t populated(const struct cluster *cluster)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < CLUSTER_CELLS; i++)
		sum += cluster->cells[i];
	return sum;
}

static void neighbours_are_one_cluster(void **state)
{
	struct picture picture = { .n = 0 };

	(void)state;
	picture_add_mapping(&picture, BASE, BASE + PAGE);
	picture_add_populated(&picture, BASE, BASE + PAGE);
	picture_add_mapping(&picture, BASE + MIB, BASE + 2 * MIB);
	picture_add_populated(&picture, BASE + MIB, BASE + 2 * MIB);
	picture_add_mapping(&picture, BASE + 2 * MIB + CLUSTER_GAP, BASE + 3 * MIB + CLUSTER_GAP);
	assert_int_equal(picture.n, 2);
	assert_int_equal(picture.cluster[0].start, BASE);
	assert_int_equal(picture.cluster[0].end, BASE + 2 * MIB);
	assert_int_equal(picture.cluster[0].mappings, 2);
	assert_int_equal(picture.cluster[0].shift, 15);		/* 64 cells of 32 KiB */
	assert_int_equal(cluster_cells(&picture.cluster[0]), 64);
	assert_int_equal(picture.cluster[0].cells[0], PAGE);
	assert_int_equal(picture.cluster[0].cells[1], 0);
	assert_int_equal(picture.cluster[0].cells[31], 0);
	assert_int_equal(picture.cluster[0].cells[32], 32 * KIB);
	assert_int_equal(picture.cluster[0].cells[63], 32 * KIB);
	assert_int_equal(populated(&picture.cluster[0]), PAGE + MIB);
	assert_int_equal(populated(&picture.cluster[1]), 0);
}

/* Nothing gets lost when the clusters become too many, and those next to each other go first. */
static void the_closest_clusters_become_one(void **state)
{
	struct picture picture = { .n = 0 };
	uint64_t at = 0, sum = 0;

	(void)state;
	for (uint64_t i = 0; i < 1000; i++) {
		at += CLUSTER_GAP * (1 + i % 7) + MIB;
		picture_add_mapping(&picture, at, at + MIB);
		picture_add_populated(&picture, at + PAGE, at + 3 * PAGE);
		assert_in_range(picture.n, 1, CLUSTERS);
	}
	assert_int_equal(picture.n, CLUSTERS);
	for (unsigned int i = 0; i < picture.n; i++) {
		sum += populated(&picture.cluster[i]);
		assert_in_range(cluster_cells(&picture.cluster[i]), 1, CLUSTER_CELLS);
		if (i)
			assert_true(picture.cluster[i].start > picture.cluster[i - 1].end);
	}
	assert_int_equal(sum, 1000 * 2 * PAGE);
}

static void all_of_the_user_half_is_a_picture(void **state)
{
	struct picture picture = { .n = 0 };

	(void)state;
	picture_add_mapping(&picture, 0, five_levels.task_size_max);
	picture_add_populated(&picture, 0, five_levels.task_size_max);
	assert_int_equal(picture.n, 1);
	assert_int_equal(cluster_cells(&picture.cluster[0]), 64);
	assert_int_equal(populated(&picture.cluster[0]), five_levels.task_size_max);
}

/* A mapping that changed meanwhile may be told with other bounds than it had. */
static void what_lies_in_no_mapping_is_not_drawn(void **state)
{
	struct picture picture = { .n = 0 };

	(void)state;
	picture_add_populated(&picture, BASE, BASE + PAGE);
	assert_int_equal(picture.n, 0);
	picture_add_mapping(&picture, BASE, BASE + MIB);
	picture_add_populated(&picture, BASE - MIB, BASE + 2 * MIB);
	assert_int_equal(populated(&picture.cluster[0]), MIB);
	picture_add_mapping(&picture, BASE - MIB, BASE + MIB / 2);
	assert_int_equal(picture.n, 1);
	assert_int_equal(picture.cluster[0].end, BASE + MIB);
}

static void only_the_range_is_in_the_picture(void **state)
{
	const struct vma vma = { .start = BASE, .end = BASE + GIB, .flags = VMA_ANON, .name = "" };

	(void)state;
	map_begin(&map, &four_levels, 42, BASE + MIB, BASE + 2 * MIB);
	map_add_vma(&map, &vma);
	add(KIND_PAGE, LEVEL_PTE, PAGE_ANON, BASE + MIB, MIB);
	assert_int_equal(map.picture.cluster[0].start, BASE + MIB);
	assert_int_equal(map.picture.cluster[0].end, BASE + 2 * MIB);
	assert_int_equal(map.totals.size, MIB);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_are_summed_by_size_and_kind),
		cmocka_unit_test(each_mapping_has_its_own_sums),
		cmocka_unit_test(rss_is_ordinary_memory),
		cmocka_unit_test(anon_huge_is_of_the_pmd_alone),
		cmocka_unit_test(a_part_of_a_huge_page_is_one_entry),
		cmocka_unit_test(a_mapping_is_of_what_its_flags_say),
		cmocka_unit_test(tables_are_counted_with_those_reserved),
		cmocka_unit_test(a_flat_table_has_an_entry_for_each_page_of_the_user_half),
		cmocka_unit_test(a_bar_shows_where_a_mapping_is_populated),
		cmocka_unit_test(a_mapping_of_one_page_fills_all_of_its_bar),
		cmocka_unit_test(a_grade_is_empty_or_full_only_if_it_is),
		cmocka_unit_test(neighbours_are_one_cluster),
		cmocka_unit_test(the_closest_clusters_become_one),
		cmocka_unit_test(all_of_the_user_half_is_a_picture),
		cmocka_unit_test(what_lies_in_no_mapping_is_not_drawn),
		cmocka_unit_test(only_the_range_is_in_the_picture),
	};

	return cmocka_run_group_tests_name("map", tests, NULL, NULL);
}
