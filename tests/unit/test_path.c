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

static void assert_path_flags(const struct path *path, const char *expected)
{
	const char *names[MAX_FLAGS];
	size_t n = path_flags(&five_levels, path, path->levels - 1, names);
	char joined[256] = "";

	assert_true(n <= MAX_FLAGS);
	for (size_t i = 0; i < n; i++) {
		strcat(joined, i ? " " : "");
		strcat(joined, names[i]);
	}
	assert_string_equal(joined, expected);
}

/* Of the last entry of a path down to this level. */
static struct path ending(enum level level, enum kind kind, uint64_t entry)
{
	struct path path = { .levels = level + 1, .kind = kind };

	path.entry[level] = entry;
	return path;
}

static void assert_flags(enum level level, enum kind kind, uint64_t entry, const char *expected)
{
	const struct path path = ending(level, kind, entry);

	assert_path_flags(&path, expected);
}

static void flags_of_tables_and_leaves(void **state)
{
	(void)state;
	assert_flags(LEVEL_PGD, KIND_TABLE, 0x237a97067, "present write user accessed dirty");
	assert_flags(LEVEL_PTE, KIND_PAGE, 0x80000002358a4867,
		     "present write user accessed dirty soft-dirty nx");
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
	static const enum kind kinds[] = { KIND_NONE, KIND_HWPOISON, KIND_MARKER, KIND_OTHER };

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		assert_flags(LEVEL_PTE, kinds[i], UINT64_MAX, "");
}

static void swap_entries_have_their_own_flags(void **state)
{
	(void)state;
	assert_flags(LEVEL_PTE, KIND_SWAP, UINT64_MAX, "soft-dirty uffd exclusive");
	assert_flags(LEVEL_PTE, KIND_MIGRATION, UINT64_MAX, "soft-dirty uffd");
	assert_flags(LEVEL_PMD, KIND_MIGRATION, UINT64_MAX, "soft-dirty uffd");
	assert_flags(LEVEL_PTE, KIND_DEVICE, UINT64_MAX, "soft-dirty uffd");
	assert_flags(LEVEL_PTE, KIND_SWAP, 0x07fffffffffbfc00, "");
	assert_flags(LEVEL_PTE, KIND_SWAP, 0x07fffffffffbfc0a, "soft-dirty exclusive");
}

static void software_flags_are_those_of_user_leaves(void **state)
{
	struct path path = ending(LEVEL_PTE, KIND_PAGE, 0xe01);

	(void)state;
	assert_path_flags(&path, "present special soft-dirty uffd-wp");
	path.kernel = true;
	assert_path_flags(&path, "present");
	assert_flags(LEVEL_PMD, KIND_TABLE, 0xe01, "present");
	assert_flags(LEVEL_PMD, KIND_PAGE, 0xe81, "present huge special soft-dirty uffd-wp");
	assert_flags(LEVEL_PTE, KIND_PROTNONE, 0xf00, "special soft-dirty uffd");
}

/* In a kernel leaf, bits 58 to 62 are ignored, or protection keys of another kind. */
static void kernel_leaves_have_no_protection_keys(void **state)
{
	struct path path = ending(LEVEL_PTE, KIND_PAGE, 0x7c00000000000101 | NX);

	(void)state;
	path.kernel = true;
	path.page = PAGE_ANON;
	assert_path_flags(&path, "present global nx");
}

/* The same bit was DEVMAP's, and a file's page (of DAX) may have had it. */
static void saved_dirty_is_named_only_of_memory(void **state)
{
	static const enum page_kind memory[] = { PAGE_ANON, PAGE_SHMEM, PAGE_KSM, PAGE_ZERO, PAGE_HUGETLB };
	static const enum page_kind open[] = { PAGE_UNKNOWN, PAGE_FILE, PAGE_PFNMAP, PAGE_DEVICE, PAGE_KERNEL };
	struct path path = ending(LEVEL_PTE, KIND_PAGE, 0x0400000000000001);

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		path.page = memory[i];
		assert_path_flags(&path, "present saved-dirty");
		path.page = open[i];
		assert_path_flags(&path, "present");
	}
	path = ending(LEVEL_PMD, KIND_TABLE, 0x0400000000000001);
	path.page = PAGE_ANON;
	assert_path_flags(&path, "present");
}

static void all_bits_at_once_fit(void **state)
{
	struct path path = ending(LEVEL_PUD, KIND_PAGE, UINT64_MAX);

	(void)state;
	path.page = PAGE_ANON;
	assert_path_flags(&path, "present write user pwt pcd accessed dirty huge pat global special soft-dirty "
			  "uffd-wp saved-dirty pkey15 nx");
	assert_flags(LEVEL_PTE, KIND_PAGE, UINT64_MAX, "present write user pwt pcd accessed dirty pat global special "
		     "soft-dirty uffd-wp pkey15 nx");
	assert_flags(LEVEL_PGD, KIND_BAD, UINT64_MAX, "present write user pwt pcd accessed dirty nx");
}

/* ---- what all levels allow ---- */

static void assert_rights(const struct path *path, bool write, bool user, bool exec)
{
	struct access_rights rights;

	assert_true(path_rights(path, &rights));
	assert_int_equal(rights.write, write);
	assert_int_equal(rights.user, user);
	assert_int_equal(rights.exec, exec);
}

static struct path walked(uint64_t pgd, uint64_t pud, uint64_t pmd, uint64_t pte)
{
	return (struct path){
		.levels = 4, .kind = KIND_PAGE, .state = STATE_MAPPED, .entry = { pgd, pud, pmd, pte },
	};
}

static void every_level_can_deny(void **state)
{
	struct path path;

	(void)state;
	path = walked(7, 7, 7, 7);
	assert_rights(&path, true, true, true);
	for (unsigned int i = 0; i < 4; i++) {
		path = walked(7, 7, 7, 7);
		path.entry[i] = 5;
		assert_rights(&path, false, true, true);
		path.entry[i] = 3;
		assert_rights(&path, true, false, true);
	}
	for (unsigned int i = 1; i < 4; i++) {
		path = walked(7, 7, 7, 7);
		path.entry[i] |= NX;
		assert_rights(&path, true, true, false);
	}
}

/* Page-table isolation's, in the kernel's copy of the PGD; of a kernel address it is an access right. */
static void the_nx_of_a_user_pgd_entry_denies_nothing(void **state)
{
	struct path path = walked(7 | NX, 7, 7, 7);

	(void)state;
	assert_rights(&path, true, true, true);
	path.kernel = true;
	assert_rights(&path, true, true, false);
}

static void no_page_has_no_rights(void **state)
{
	struct path path = walked(7, 7, 7, 7);
	struct access_rights rights;

	(void)state;
	path.state = STATE_DEVICE;
	assert_true(path_rights(&path, &rights));	/* mapped, if no memory */
	path.kind = KIND_DEVICE;			/* memory that the CPU can't reach */
	assert_false(path_rights(&path, &rights));
	path.kind = KIND_PROTNONE;
	path.state = STATE_PROTNONE;
	assert_false(path_rights(&path, &rights));
	path.state = STATE_UNKNOWN;
	path.kind = KIND_PAGE;
	assert_false(path_rights(&path, &rights));
	assert_false(path_rights(&(struct path){ .state = STATE_BAD_ADDRESS }, &rights));
}

static void a_device_page_allows_what_its_leaf_does(void **state)
{
	struct path path = walked(7, 7, 7, PAGE_RW);

	(void)state;
	path.state = STATE_DEVICE;
	assert_true(path_allows(&path, true, false));
	path.kind = KIND_DEVICE;
	assert_false(path_allows(&path, false, false));
}

static void a_numa_hint_is_where_access_is_allowed(void **state)
{
	struct path path = {
		.levels = 4, .kind = KIND_PROTNONE, .state = STATE_PROTNONE, .entry = { 7, 7, 7, 0x120 },
	};

	(void)state;
	assert_true(path_is_numa_hint(&path, true));
	assert_false(path_is_numa_hint(&path, false));
	path.entry[3] |= 1 << 10;			/* userfaultfd's */
	assert_false(path_is_numa_hint(&path, true));
	path.entry[3] = 0x121;
	path.kind = KIND_PAGE;
	path.state = STATE_MAPPED;
	assert_false(path_is_numa_hint(&path, true));
}

static void markers_have_names(void **state)
{
	static const char *const all[] = { "uffd-wp", "poisoned", "guard" };
	struct path path = { .levels = 4, .kind = KIND_MARKER, .state = STATE_MARKER };
	const char *names[MAX_MARKERS];

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		path.value = 1 << i;
		assert_int_equal(path_markers(&path, names), 1);
		assert_string_equal(names[0], all[i]);
	}
	path.value = UINT64_MAX;
	assert_int_equal(path_markers(&path, names), 3);
	path.value = 0xf8;				/* what a later kernel has */
	assert_int_equal(path_markers(&path, names), 0);
}

static void pages_have_kinds(void **state)
{
	static const char *const names[] = {
		[PAGE_ANON] = "anon", [PAGE_FILE] = "file", [PAGE_SHMEM] = "shmem", [PAGE_KSM] = "ksm",
		[PAGE_ZERO] = "zero", [PAGE_HUGETLB] = "hugetlb", [PAGE_PFNMAP] = "pfnmap", [PAGE_DEVICE] = "device",
		[PAGE_KERNEL] = "kernel",
	};

	(void)state;
	assert_null(page_kind_name(PAGE_UNKNOWN));
	for (enum page_kind kind = PAGE_ANON; kind <= PAGE_KERNEL; kind++)
		assert_string_equal(page_kind_name(kind), names[kind]);
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

static void a_path_is_the_same_but_for_its_traces(void **state)
{
	const struct path page = { .levels = 4, .kind = KIND_PAGE, .value = 0x5000, .entry = { 1, 1, 1, 0x5867 } };
	struct path other = page;

	(void)state;
	other.entry[3] = 0x5027;	/* neither dirty nor soft-dirty */
	assert_true(path_is_same(&page, &other));
	other.entry[0] = 3;		/* the way there may have changed */
	assert_true(path_is_same(&page, &other));
	other.entry[3] = 0x5865;
	assert_false(path_is_same(&page, &other));
	other.entry[3] = 0x6867;
	assert_false(path_is_same(&page, &other));
	other = page;
	other.levels = 3;
	assert_false(path_is_same(&page, &other));
}

/* In a swap entry the same bits are part of what it says. */
static void a_swap_entry_has_no_traces(void **state)
{
	const struct path swap = { .levels = 4, .kind = KIND_SWAP, .entry = { 1, 1, 1, 0x20 } };
	struct path other = swap;

	(void)state;
	assert_true(path_is_same(&swap, &other));
	other.entry[3] = 0x40;
	assert_false(path_is_same(&swap, &other));
}

static void a_path_without_entries_is_known_by_its_page(void **state)
{
	const struct path page = { .levels = 4, .state = STATE_MAPPED, .value = 0x5000, .entry = { 1, 1, 1, 0x5867 } };
	struct path other = { .state = STATE_MAPPED, .value = 0x5000 };

	(void)state;
	assert_true(path_is_same(&page, &other));
	other.value = 0x6000;
	assert_false(path_is_same(&page, &other));
	other = (struct path){ .state = STATE_SWAP, .value = 0x5000 };
	assert_false(path_is_same(&other, &page));
}

/* As pagemap has it: where the page is, and nothing else. */
static void a_page_without_entries(void **state)
{
	const struct path path = { .kind = KIND_PAGE, .state = STATE_MAPPED, .value = 0x2358a4000 };
	struct access_rights rights;

	(void)state;
	assert_true(path_has_page(&path));
	assert_int_equal(path_page_size(&four_levels, &path), 0);
	assert_int_equal(path_phys(&four_levels, &path, 0x7f0000000123), 0x2358a4123);
	assert_true(path_allows(&path, true, true));
	assert_false(path_rights(&path, &rights));
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
		cmocka_unit_test(swap_entries_have_their_own_flags),
		cmocka_unit_test(software_flags_are_those_of_user_leaves),
		cmocka_unit_test(kernel_leaves_have_no_protection_keys),
		cmocka_unit_test(saved_dirty_is_named_only_of_memory),
		cmocka_unit_test(all_bits_at_once_fit),
		cmocka_unit_test(every_level_can_deny),
		cmocka_unit_test(the_nx_of_a_user_pgd_entry_denies_nothing),
		cmocka_unit_test(no_page_has_no_rights),
		cmocka_unit_test(a_device_page_allows_what_its_leaf_does),
		cmocka_unit_test(a_numa_hint_is_where_access_is_allowed),
		cmocka_unit_test(markers_have_names),
		cmocka_unit_test(pages_have_kinds),
		cmocka_unit_test(names_are_those_of_the_interface),
		cmocka_unit_test(page_sizes_have_names),
		cmocka_unit_test(a_page_without_entries),
		cmocka_unit_test(kinds_are_words_of_the_interface),
		cmocka_unit_test(a_path_is_the_same_but_for_its_traces),
		cmocka_unit_test(a_swap_entry_has_no_traces),
		cmocka_unit_test(a_path_without_entries_is_known_by_its_page),
	};

	return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
