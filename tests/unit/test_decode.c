// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Raw entries as x86-64 Linux writes them, and what they mean. */
#include "fixture.h"
#include "decode.h"

#define TABLE		0x067ULL	/* present, write, user, accessed, dirty */
#define USER_ADDR	0x7f0012345678ULL
#define KERNEL_ADDR	0xffff888012345678ULL

static const struct swap_facts linux_7 = {
	.migration = true, .exclusive_migration = true, .memory_failure = true, .device_private = true,
	.exclusive_devices = 1, .marker = true,
};

static struct page_tables tables_of(unsigned int levels)
{
	return (struct page_tables){
		.direct_map = 0xffff888000000000, .entry_mask = 0xfffffffff000, .levels = levels,
		.swap = swap_types_of(&linux_7),
	};
}

/* The path of 4 levels whose entry `last` is at a level (0: PGD), under tables. */
static struct path decode_at(unsigned int depth, uint64_t last)
{
	const struct page_tables tables = tables_of(4);
	uint64_t entry[4] = { 0x1000 | TABLE, 0x2000 | TABLE, 0x3000 | TABLE };
	struct path path;

	entry[depth] = last;
	decode_path(&tables, USER_ADDR, entry, depth + 1, &path);
	assert_int_equal(path.levels, depth + 1);
	assert_int_equal(path.entry[depth], last);
	assert_false(path.kernel);
	return path;
}

static void assert_ends(struct path path, enum kind kind, enum state state, uint64_t value)
{
	assert_int_equal(path.kind, kind);
	assert_int_equal(path.state, state);
	assert_int_equal(path.value, value);
	assert_int_equal(path.page, PAGE_UNKNOWN);
	assert_false(path.changed);
}

/* As the kernel makes it: the offset inverted (arch/x86/include/asm/pgtable_64.h). */
static uint64_t swap_entry(unsigned int type, uint64_t offset)
{
	return ~offset << 14 >> 5 | (uint64_t)type << 59;
}

static void nothing_at_each_level(void **state)
{
	(void)state;
	for (unsigned int depth = 0; depth < 4; depth++)
		assert_ends(decode_at(depth, 0), KIND_NONE, STATE_NONE, 0);
}

static void pages_of_each_size(void **state)
{
	(void)state;
	assert_ends(decode_at(3, 0x80000002358a4867), KIND_PAGE, STATE_MAPPED, 0x2358a4000);
	assert_ends(decode_at(2, 0x80000002358008e7), KIND_PAGE, STATE_MAPPED, 0x235800000);
	assert_ends(decode_at(1, 0x80000002400008e7), KIND_PAGE, STATE_MAPPED, 0x240000000);
}

/* In a PTE bit 7 chooses the memory type, in a larger leaf bit 12 does: that is no part of the address. */
static void memory_type_is_no_size(void **state)
{
	(void)state;
	assert_ends(decode_at(3, 0x2358a40e7), KIND_PAGE, STATE_MAPPED, 0x2358a4000);
	assert_ends(decode_at(2, 0x2358010e7), KIND_PAGE, STATE_MAPPED, 0x235800000);
}

static void global_is_not_protnone(void **state)
{
	(void)state;
	assert_ends(decode_at(3, 0x2358a4967), KIND_PAGE, STATE_MAPPED, 0x2358a4000);
}

/* Its address is inverted, since PRESENT is clear. */
static void protnone_of_each_size(void **state)
{
	(void)state;
	assert_ends(decode_at(3, (~0x2358a4000ULL & 0xffffffffff000) | 0x960), KIND_PROTNONE, STATE_PROTNONE,
		    0x2358a4000);
	assert_ends(decode_at(2, (~0x235800000ULL & 0xffffffffff000) | 0x9e0), KIND_PROTNONE, STATE_PROTNONE,
		    0x235800000);
	assert_ends(decode_at(1, (~0x240000000ULL & 0xffffffffff000) | 0x9e0), KIND_PROTNONE, STATE_PROTNONE,
		    0x240000000);
}

/* Neither PRESENT nor PROTNONE, but the bit of a huge page: one that is being split still is one. */
static void huge_page_being_split(void **state)
{
	(void)state;
	assert_ends(decode_at(2, (~0x235800000ULL & 0xffffffffff000) | 0x8e6), KIND_PAGE, STATE_MAPPED, 0x235800000);
}

static void swapped_out(void **state)
{
	struct path path = decode_at(3, swap_entry(5, 0x123456));

	(void)state;
	assert_ends(path, KIND_SWAP, STATE_SWAP, 0x123456);
	assert_int_equal(path.swap_type, 5);
	/* soft-dirty, uffd-wp and exclusive stand below the offset */
	path = decode_at(3, swap_entry(23, 1) | 0xe);
	assert_ends(path, KIND_SWAP, STATE_SWAP, 1);
	assert_int_equal(path.swap_type, 23);
	assert_ends(decode_at(2, swap_entry(0, 0x200)), KIND_SWAP, STATE_SWAP, 0x200);
}

/* 32 types: 24 areas, hwpoison, 3 of migration, 2 and 1 of devices, markers. */
static void special_entries(void **state)
{
	(void)state;
	assert_ends(decode_at(3, swap_entry(24, 0x2358a4)), KIND_HWPOISON, STATE_HWPOISON, 0x2358a4000);
	for (unsigned int type = 25; type < 28; type++)
		assert_ends(decode_at(3, swap_entry(type, 0x2358a4)), KIND_MIGRATION, STATE_MIGRATION, 0x2358a4000);
	assert_ends(decode_at(2, swap_entry(27, 0x235800)), KIND_MIGRATION, STATE_MIGRATION, 0x235800000);
	for (unsigned int type = 28; type < 30; type++)
		assert_ends(decode_at(3, swap_entry(type, 0x2358a4)), KIND_DEVICE, STATE_DEVICE, 0x2358a4000);
	assert_ends(decode_at(3, swap_entry(30, 0x2358a4)), KIND_OTHER, STATE_UNKNOWN, 0x2358a4);
	assert_ends(decode_at(3, swap_entry(31, 4)), KIND_MARKER, STATE_MARKER, 4);
}

/* "Young" and "dirty" of the page that is on its way stand above its number. */
static void flags_above_a_frame(void **state)
{
	struct page_tables tables = tables_of(5);
	uint64_t entry[5] = { TABLE, TABLE, TABLE, TABLE, swap_entry(25, 3ULL << 34 | 0x2358a4) };
	struct path path;

	(void)state;
	assert_ends(decode_at(3, entry[4]), KIND_MIGRATION, STATE_MIGRATION, 0x2358a4000);
	decode_path(&tables, USER_ADDR, entry, 5, &path);
	assert_ends(path, KIND_MIGRATION, STATE_MIGRATION, (3ULL << 34 | 0x2358a4) << 12);
}

static void bad_tables(void **state)
{
	(void)state;
	assert_ends(decode_at(0, 0x1000 | TABLE | 0x80), KIND_BAD, STATE_UNKNOWN, 0);	/* no leaf up there */
	assert_ends(decode_at(0, 0x1000 | 0x066), KIND_BAD, STATE_UNKNOWN, 0);		/* nor swap */
	assert_ends(decode_at(1, 0x1000 | TABLE | NX), KIND_BAD, STATE_UNKNOWN, 0);
	assert_ends(decode_at(2, 0x1000 | TABLE | 0x100), KIND_BAD, STATE_UNKNOWN, 0);
	assert_ends(decode_at(2, 0x1000 | (TABLE & ~2ULL)), KIND_BAD, STATE_UNKNOWN, 0);
}

/* What follows a bad table was read from who knows where. */
static void path_ends_at_a_bad_table(void **state)
{
	struct page_tables tables = tables_of(4);
	const uint64_t entry[4] = { TABLE, TABLE | NX, TABLE, TABLE };
	struct path path;

	(void)state;
	decode_path(&tables, USER_ADDR, entry, 4, &path);
	assert_int_equal(path.levels, 2);
	assert_int_equal(path.kind, KIND_BAD);
}

static void isolation_sets_nx_in_the_pgd(void **state)
{
	struct page_tables tables = tables_of(4);
	const uint64_t entry[4] = { TABLE | NX, TABLE, TABLE, 0x2358a4067 };
	struct path path;

	(void)state;
	decode_path(&tables, USER_ADDR, entry, 4, &path);
	assert_int_equal(path.levels, 4);
	assert_ends(path, KIND_PAGE, STATE_MAPPED, 0x2358a4000);
}

/* The bit of memory encryption is above the address, as the mask has it. */
static void encrypted_memory(void **state)
{
	struct page_tables tables = tables_of(4);
	const uint64_t bit = 1ULL << 51, entry[4] = { bit | TABLE, bit | TABLE, bit | TABLE, bit | 0x2358a4067 };
	struct path path;

	(void)state;
	decode_path(&tables, USER_ADDR, entry, 4, &path);
	assert_ends(path, KIND_PAGE, STATE_MAPPED, 0x2358a4000);
}

static void table_that_was_not_followed(void **state)
{
	struct path path = decode_at(2, 0x3000 | TABLE);

	(void)state;
	assert_int_equal(path.kind, KIND_TABLE);
	assert_int_equal(path.state, STATE_UNKNOWN);
	assert_true(path.changed);
}

static void nothing_was_read(void **state)
{
	struct page_tables tables = tables_of(4);
	struct path path;

	(void)state;
	decode_path(&tables, USER_ADDR, NULL, 0, &path);
	assert_int_equal(path.levels, 0);
	assert_int_equal(path.state, STATE_UNKNOWN);
}

static void paths_of_five_levels(void **state)
{
	struct page_tables tables = tables_of(5);
	const uint64_t entry[5] = { TABLE, TABLE, TABLE, 0x2358008e7 }, page[5] = { TABLE, TABLE, 0x240000087 };
	struct path path;

	(void)state;
	decode_path(&tables, USER_ADDR, entry, 4, &path);
	assert_int_equal(path.levels, 4);
	assert_ends(path, KIND_PAGE, STATE_MAPPED, 0x235800000);
	decode_path(&tables, USER_ADDR, page, 3, &path);
	assert_ends(path, KIND_PAGE, STATE_MAPPED, 0x240000000);
}

/* Bit 8 is GLOBAL there, also where nothing is present; and nothing is swapped. */
static void kernel_addresses(void **state)
{
	struct page_tables tables = tables_of(4);
	const uint64_t page[4] = { 0x1063, 0x2063, 0x80000001c00001e3 }, gone[4] = { 0x1063, 0x2063, 0x3063, 0x3160 };
	struct path path;

	(void)state;
	decode_path(&tables, KERNEL_ADDR, page, 3, &path);
	assert_true(path.kernel);
	assert_ends(path, KIND_PAGE, STATE_MAPPED, 0x1c0000000);
	decode_path(&tables, KERNEL_ADDR, gone, 4, &path);
	assert_ends(path, KIND_OTHER, STATE_UNKNOWN, 0);
	decode_path(&tables, KERNEL_ADDR, gone, 3, &path);
	assert_ends(path, KIND_TABLE, STATE_UNKNOWN, 0);
}

static void halves(void **state)
{
	struct page_tables four = tables_of(4), five = tables_of(5);

	(void)state;
	assert_int_equal(decode_half(&four, 0), HALF_USER);
	assert_int_equal(decode_half(&four, 0x7fffffffffff), HALF_USER);
	assert_int_equal(decode_half(&four, 0x800000000000), HALF_NONE);
	assert_int_equal(decode_half(&four, 0xffff7fffffffffff), HALF_NONE);
	assert_int_equal(decode_half(&four, 0xffff800000000000), HALF_KERNEL);
	assert_int_equal(decode_half(&five, 0x800000000000), HALF_USER);
	assert_int_equal(decode_half(&five, 0x100000000000000), HALF_NONE);
	assert_int_equal(decode_half(&five, 0xff00000000000000), HALF_KERNEL);
}

static void geometry_of_each(void **state)
{
	struct page_tables four = tables_of(4), five = tables_of(5);
	struct geometry g = decode_geometry(&four);

	(void)state;
	assert_int_equal(g.levels, 4);
	assert_int_equal(g.shift[LEVEL_PGD], 39);
	assert_int_equal(g.entries[LEVEL_P4D], 1);
	assert_int_equal(g.task_size_max, 0x7ffffffff000);
	g = decode_geometry(&five);
	assert_int_equal(g.shift[LEVEL_PGD], 48);
	assert_int_equal(g.shift[LEVEL_P4D], 39);
	assert_int_equal(g.entries[LEVEL_P4D], 512);
	assert_int_equal(g.task_size_max, 0xfffffffffff000);
}

/* ---- how the types are divided up ---- */

static void assert_types(const struct swap_types *types, const char *kinds)
{
	static const char letter[] = {
		[KIND_SWAP] = 's', [KIND_HWPOISON] = 'h', [KIND_MIGRATION] = 'm', [KIND_DEVICE] = 'd',
		[KIND_MARKER] = 'k', [KIND_OTHER] = '?',
	};
	char found[33] = "";

	for (unsigned int type = 0; type < 32; type++)
		found[type] = letter[swap_types_kind(types, type)];
	assert_string_equal(found + 32 - strlen(kinds), kinds);
	for (unsigned int type = 0; type < 32 - strlen(kinds); type++)
		assert_int_equal(found[type], 's');
}

static void types_of_each_kernel(void **state)
{
	const struct swap_facts v5_10 = { .migration = true, .memory_failure = true, .device_private = true };
	const struct swap_facts v6_1 = {
		.migration = true, .exclusive_migration = true, .memory_failure = true, .device_private = true,
		.exclusive_devices = 2, .marker = true, .swapin_error = true,
	};
	const struct swap_facts bare = { .marker = true };
	struct swap_types types;

	(void)state;
	types = swap_types_of(&v5_10);
	assert_types(&types, "hmmdd");
	types = swap_types_of(&v6_1);
	assert_types(&types, "hmmmdd??k?");
	types = swap_types_of(&linux_7);
	assert_types(&types, "hmmmdd?k");
	types = swap_types_of(&bare);
	assert_types(&types, "k");
}

static void types_of_an_unknown_kernel(void **state)
{
	struct swap_types types = swap_types_of(NULL);

	(void)state;
	assert_types(&types, "??????????");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_at_each_level),
		cmocka_unit_test(pages_of_each_size),
		cmocka_unit_test(memory_type_is_no_size),
		cmocka_unit_test(global_is_not_protnone),
		cmocka_unit_test(protnone_of_each_size),
		cmocka_unit_test(huge_page_being_split),
		cmocka_unit_test(swapped_out),
		cmocka_unit_test(special_entries),
		cmocka_unit_test(flags_above_a_frame),
		cmocka_unit_test(bad_tables),
		cmocka_unit_test(path_ends_at_a_bad_table),
		cmocka_unit_test(isolation_sets_nx_in_the_pgd),
		cmocka_unit_test(encrypted_memory),
		cmocka_unit_test(table_that_was_not_followed),
		cmocka_unit_test(nothing_was_read),
		cmocka_unit_test(paths_of_five_levels),
		cmocka_unit_test(kernel_addresses),
		cmocka_unit_test(halves),
		cmocka_unit_test(geometry_of_each),
		cmocka_unit_test(types_of_each_kernel),
		cmocka_unit_test(types_of_an_unknown_kernel),
	};

	return cmocka_run_group_tests_name("decode", tests, NULL, NULL);
}
