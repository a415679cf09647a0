// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The model of a path: levels, indices, sizes, flags; against values worked out by hand from the Intel manual. */
#include <string.h>

#include "fixture.h"

static void four_levels_have_no_p4d(void **state)
{
	(void)state;
	assert_int_equal(path_level(&four_levels, 0), LEVEL_PGD);
	assert_int_equal(path_level(&four_levels, 1), LEVEL_PUD);
	assert_int_equal(path_level(&four_levels, 2), LEVEL_PMD);
	assert_int_equal(path_level(&four_levels, 3), LEVEL_PTE);
	for (unsigned int i = 0; i < 5; i++)
		assert_int_equal(path_level(&five_levels, i), i);
}

static void assert_indices(const struct geometry *g, uint64_t addr, const unsigned int *expected)
{
	for (unsigned int i = 0; i < g->levels; i++)
		assert_int_equal(level_index(g, path_level(g, i), addr), expected[i]);
}

static void indices_are_those_of_the_address(void **state)
{
	(void)state;
	/* 0x7ffff7eec010: 255, 511, 447, 236 */
	assert_indices(&four_levels, 0x7ffff7eec010, (const unsigned int[]){ 255, 511, 447, 236 });
	assert_indices(&four_levels, 0, (const unsigned int[]){ 0, 0, 0, 0 });
	assert_indices(&four_levels, 0x8040201000, (const unsigned int[]){ 1, 1, 1, 1 });
	assert_indices(&four_levels, 0xffffffffffffffff, (const unsigned int[]){ 511, 511, 511, 511 });
	assert_indices(&five_levels, 0x7ffff7eec010, (const unsigned int[]){ 0, 255, 511, 447, 236 });
	assert_indices(&five_levels, 0x1008040201fff, (const unsigned int[]){ 1, 1, 1, 1, 1 });
	assert_indices(&five_levels, 0xfffffffffff000, (const unsigned int[]){ 255, 511, 511, 511, 511 });
}

/* A folded P4D has one entry: whatever is asked of it is entry 0. */
static void a_folded_level_has_index_zero(void **state)
{
	(void)state;
	assert_int_equal(level_index(&four_levels, LEVEL_P4D, 0x7ffff7eec010), 0);
}

static void only_the_last_entry_has_the_kind(void **state)
{
	const struct path path = { .levels = 3, .kind = KIND_SWAP, .state = STATE_SWAP };

	(void)state;
	assert_int_equal(path_kind(&path, 0), KIND_TABLE);
	assert_int_equal(path_kind(&path, 1), KIND_TABLE);
	assert_int_equal(path_kind(&path, 2), KIND_SWAP);
}

static void assert_page(const struct geometry *g, unsigned int levels, uint64_t size, uint64_t phys)
{
	const struct path path = { .levels = levels, .kind = KIND_PAGE, .state = STATE_MAPPED, .value = 0x40000000 };

	assert_int_equal(path_page_size(g, &path), size);
	assert_int_equal(path_phys(g, &path, 0x7fff12345678), phys);
}

static void a_leaf_has_the_size_of_its_level(void **state)
{
	(void)state;
	assert_page(&four_levels, 4, 1 << 12, 0x40000678);
	assert_page(&four_levels, 3, 1 << 21, 0x40145678);
	assert_page(&four_levels, 2, 1 << 30, 0x52345678);
	assert_page(&five_levels, 5, 1 << 12, 0x40000678);
	assert_page(&five_levels, 4, 1 << 21, 0x40145678);
	assert_page(&five_levels, 3, 1 << 30, 0x52345678);
}

static void a_page_is_behind_three_states(void **state)
{
	(void)state;
	for (enum state s = STATE_MAPPED; s <= STATE_BAD_ADDRESS; s++) {
		const struct path path = { .levels = 4, .state = s };

		assert_int_equal(path_has_page(&path),
				 s == STATE_MAPPED || s == STATE_PROTNONE || s == STATE_DEVICE);
		assert_int_equal(state_is_error(s), s >= STATE_NO_PROCESS);
	}
}

static bool allows(uint64_t leaf, bool write, bool exec)
{
	/* The tables above deny everything: they are not to be asked. */
	const struct path path = {
		.levels = 4, .kind = KIND_PAGE, .state = STATE_MAPPED, .entry = { NX | 1, NX | 1, NX | 1, leaf },
	};

	return path_allows(&path, write, exec);
}

static void the_leaf_decides_what_is_allowed(void **state)
{
	(void)state;
	assert_true(allows(PAGE_RO, false, false));
	assert_false(allows(PAGE_RO, true, false));
	assert_true(allows(PAGE_RO, false, true));
	assert_true(allows(PAGE_RW, true, false));
	assert_true(allows(PAGE_RW | NX, true, false));
	assert_false(allows(PAGE_RW | NX, false, true));
	assert_false(allows(PAGE_RO | NX, false, true));
}

/* PROT_NONE keeps the write bit of the day when the access comes back; nothing is allowed until then. */
static void what_is_not_mapped_allows_nothing(void **state)
{
	(void)state;
	for (enum state s = STATE_MAPPED + 1; s <= STATE_BAD_ADDRESS; s++) {
		const struct path path = { .levels = 4, .state = s, .entry = { 0, 0, 0, PAGE_RW } };

		assert_false(path_allows(&path, false, false));
		assert_false(path_allows(&path, true, false));
		assert_false(path_allows(&path, false, true));
	}
}

static void assert_flags(enum level level, enum kind kind, uint64_t entry, const char *expected)
{
	const char *names[MAX_FLAGS];
	size_t n = entry_flags(level, kind, entry, names);
	char joined[256] = "";

	assert_true(n <= MAX_FLAGS);
	for (size_t i = 0; i < n; i++) {
		strcat(joined, i ? " " : "");
		strcat(joined, names[i]);
	}
	assert_string_equal(joined, expected);
}

static void flags_of_tables_and_leaves(void **state)
{
	(void)state;
	assert_flags(LEVEL_PGD, KIND_TABLE, 0x237a97067, "present write user accessed dirty");
	assert_flags(LEVEL_PTE, KIND_PAGE, 0x80000002358a4867, "present write user accessed dirty nx");
	assert_flags(LEVEL_PTE, KIND_PAGE, 0x2358a4025, "present user accessed");
	assert_flags(LEVEL_PTE, KIND_PAGE, 0xfd00007b, "present write pwt pcd accessed dirty");
	assert_flags(LEVEL_PTE, KIND_PAGE, 0x1 | NX, "present nx");
	assert_flags(LEVEL_PMD, KIND_TABLE, 0x1, "present");
}

/* Bit 7 is PSE above, and PAT in a PTE; bit 12 is PAT above, and the first bit of the address in a PTE. */
static void pat_moves_and_huge_is_no_flag_of_a_pte(void **state)
{
	(void)state;
	assert_flags(LEVEL_PTE, KIND_PAGE, 0x81, "present pat");
	assert_flags(LEVEL_PTE, KIND_PAGE, 0x1001, "present");
	assert_flags(LEVEL_PMD, KIND_PAGE, 0x81, "present huge");
	assert_flags(LEVEL_PUD, KIND_PAGE, 0x81, "present huge");
	assert_flags(LEVEL_PMD, KIND_PAGE, 0x1081, "present huge pat");
}

/* In a table, bits 8, 12 and 59 to 62 are address or ignored: no flags. */
static void tables_have_no_leaf_flags(void **state)
{
	(void)state;
	assert_flags(LEVEL_PMD, KIND_TABLE, 0x7800000000001101, "present");
}

/* Bit 8 of a PROT_NONE entry is what marks it as one. */
static void protnone_keeps_flags_but_is_not_global(void **state)
{
	(void)state;
	assert_flags(LEVEL_PTE, KIND_PAGE, 0x101, "present global");
	assert_flags(LEVEL_PTE, KIND_PROTNONE, 0x8000000000000160, "accessed dirty nx");
}

static void protection_keys_are_named(void **state)
{
	(void)state;
	assert_flags(LEVEL_PTE, KIND_PAGE, 0x0800000000000001, "present pkey1");
	assert_flags(LEVEL_PTE, KIND_PAGE, 0x7800000000000001, "present pkey15");
	assert_flags(LEVEL_PTE, KIND_PAGE, 0x5000000000000001 | NX, "present pkey10 nx");
}

/* The bits of what is not present are a swap entry's, or nothing's. */
static void entries_without_hardware_bits_have_none(void **state)
{
	static const enum kind kinds[] = {
		KIND_NONE, KIND_SWAP, KIND_MIGRATION, KIND_HWPOISON, KIND_DEVICE, KIND_MARKER, KIND_OTHER,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		assert_flags(LEVEL_PTE, kinds[i], UINT64_MAX, "");
}

static void all_bits_at_once_fit(void **state)
{
	(void)state;
	assert_flags(LEVEL_PTE, KIND_PAGE, UINT64_MAX,
		     "present write user pwt pcd accessed dirty pat global pkey15 nx");
	assert_flags(LEVEL_PUD, KIND_PAGE, UINT64_MAX,
		     "present write user pwt pcd accessed dirty huge pat global pkey15 nx");
	assert_flags(LEVEL_PGD, KIND_BAD, UINT64_MAX, "present write user pwt pcd accessed dirty nx");
}

/* The words of INTERFACE.md. */
static void names_are_those_of_the_interface(void **state)
{
	static const char *const states[] = {
		"mapped", "none", "swap", "migration", "hwpoison", "protnone", "marker", "device", "unknown",
		"no-process", "no-mm", "bad-address",
	};
	static const char *const levels[] = { "pgd", "p4d", "pud", "pmd", "pte" };

	(void)state;
	for (unsigned int i = 0; i < sizeof(states) / sizeof(*states); i++)
		assert_string_equal(state_name(i), states[i]);
	for (unsigned int i = 0; i < 5; i++)
		assert_string_equal(level_short_name(i), levels[i]);
	assert_string_equal(kind_name(KIND_NONE), "none");
	assert_string_equal(kind_name(KIND_TABLE), "table");
	assert_string_equal(kind_name(KIND_PAGE), "page");
	assert_string_equal(kind_name(KIND_SWAP), "swap");
	assert_string_equal(kind_name(KIND_MIGRATION), "migration");
	assert_string_equal(kind_name(KIND_HWPOISON), "hwpoison");
	assert_string_equal(kind_name(KIND_PROTNONE), "protnone");
	assert_string_equal(kind_name(KIND_MARKER), "marker");
	assert_string_equal(kind_name(KIND_BAD), "bad");
}

static void page_sizes_have_names(void **state)
{
	(void)state;
	assert_string_equal(page_size_name(1 << 12), "4K");
	assert_string_equal(page_size_name(1 << 21), "2M");
	assert_string_equal(page_size_name(1 << 30), "1G");
	assert_string_equal(page_size_name(1ULL << 39), "?");
}

static void kinds_are_words_of_the_interface(void **state)
{
	static const char *const words[] = {
		"table", "page", "none", "swap", "migration", "hwpoison", "protnone", "marker", "bad",
	};

	(void)state;
	for (enum kind kind = KIND_NONE; kind <= KIND_BAD; kind++) {
		size_t i = 0;

		while (i < sizeof(words) / sizeof(*words) && strcmp(words[i], kind_name(kind)))
			i++;
		assert_true(i < sizeof(words) / sizeof(*words));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(four_levels_have_no_p4d),
		cmocka_unit_test(indices_are_those_of_the_address),
		cmocka_unit_test(a_folded_level_has_index_zero),
		cmocka_unit_test(only_the_last_entry_has_the_kind),
		cmocka_unit_test(a_leaf_has_the_size_of_its_level),
		cmocka_unit_test(a_page_is_behind_three_states),
		cmocka_unit_test(the_leaf_decides_what_is_allowed),
		cmocka_unit_test(what_is_not_mapped_allows_nothing),
		cmocka_unit_test(flags_of_tables_and_leaves),
		cmocka_unit_test(pat_moves_and_huge_is_no_flag_of_a_pte),
		cmocka_unit_test(tables_have_no_leaf_flags),
		cmocka_unit_test(protnone_keeps_flags_but_is_not_global),
		cmocka_unit_test(protection_keys_are_named),
		cmocka_unit_test(entries_without_hardware_bits_have_none),
		cmocka_unit_test(all_bits_at_once_fit),
		cmocka_unit_test(names_are_those_of_the_interface),
		cmocka_unit_test(page_sizes_have_names),
		cmocka_unit_test(kinds_are_words_of_the_interface),
	};

	return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
