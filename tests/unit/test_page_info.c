// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What is made of /proc/kpageflags, /proc/kpagecount and the directories of the NUMA nodes: of made-up ones. */
#include <fcntl.h>
#include <linux/kernel-page-flags.h>
#include <sys/stat.h>

#include "fixture.h"
#include "page_info.h"

#define PAGES	4096
#define HEAD	(1ULL << KPF_COMPOUND_HEAD)
#define TAIL	(1ULL << KPF_COMPOUND_TAIL)
#define FLAG(name) (1ULL << KPF_##name)

static char dir[64];
static uint64_t flags[PAGES], counts[PAGES];

static void put_file(const char *name, const void *bytes, size_t len)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

static void put_directory(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static int set_up(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/pfwatch-pages-XXXXXX");
	memset(flags, 0, sizeof(flags));
	memset(counts, 0, sizeof(counts));
	return mkdtemp(dir) ? 0 : -1;
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r '%s'", dir);
	return system(command);
}

static struct page_infos *open_infos(void)
{
	struct page_infos *infos = page_infos_open(dir, dir);

	assert_non_null(infos);
	return infos;
}

static struct page_info get(uint64_t pfn, enum page_kind kind)
{
	struct page_infos *infos;
	struct page_info info;

	put_file("kpageflags", flags, sizeof(flags));
	put_file("kpagecount", counts, sizeof(counts));
	infos = open_infos();
	page_infos_get(infos, pfn, kind, &info);
	page_infos_close(infos);
	return info;
}

static void put_folio(uint64_t head, unsigned int pages, uint64_t more)
{
	flags[head] = HEAD | more;
	for (unsigned int i = 1; i < pages; i++)
		flags[head + i] = TAIL;
}

static void a_single_page_is_its_own_folio(void **state)
{
	struct page_info info;

	(void)state;
	put_folio(4, 4, 0);
	put_folio(12, 4, 0);
	flags[8] = FLAG(ANON) | FLAG(UPTODATE);
	counts[8] = 3;
	info = get(8, PAGE_UNKNOWN);
	assert_int_equal(info.folio_size, 4096);
	assert_int_equal(info.kind, PAGE_ANON);
	assert_true(info.has_flags);
	assert_int_equal(info.flags, flags[8]);
	assert_true(info.has_mapcount);
	assert_int_equal(info.mapcount, 3);
}

/* From each of its pages, with folios of all sizes as neighbours. */
static void a_folio_has_its_size(void **state)
{
	(void)state;
	put_folio(0, 512, 0);
	put_folio(512, 2, 0);
	put_folio(516, 4, 0);
	put_folio(528, 16, 0);
	put_folio(544, 32, 0);
	put_folio(1024, 1024, 0);
	put_folio(2048, 512, 0);
	for (unsigned int pfn = 0; pfn < PAGES; pfn++) {
		static const struct { unsigned int from, pages; } folios[] = {
			{ 0, 512 }, { 512, 2 }, { 516, 4 }, { 528, 16 }, { 544, 32 }, { 1024, 1024 }, { 2048, 512 },
		};
		unsigned int pages = 1;

		for (size_t i = 0; i < sizeof(folios) / sizeof(*folios); i++)
			if (pfn >= folios[i].from && pfn < folios[i].from + folios[i].pages)
				pages = folios[i].pages;
		if (pfn % 7 && pfn > 600)
			continue;	/* each costs some files */
		assert_int_equal(get(pfn, PAGE_ANON).folio_size, pages * 4096ULL);
	}
}

/* To the last page there is, and no further. */
static void a_folio_may_end_where_memory_does(void **state)
{
	(void)state;
	put_folio(2048, 2048, 0);
	assert_int_equal(get(PAGES - 1, PAGE_ANON).folio_size, 2048 * 4096ULL);
}

/* What two reads at different times may bring: the page is in none of these. */
static void what_makes_no_folio_has_no_size(void **state)
{
	(void)state;
	flags[16] = TAIL;			/* without a head */
	assert_int_equal(get(16, PAGE_ANON).folio_size, 0);
	put_folio(32, 2, 0);			/* the head is of a smaller one */
	flags[35] = TAIL;
	assert_int_equal(get(35, PAGE_ANON).folio_size, 0);
	put_folio(66, 16, 0);			/* not aligned to its size */
	assert_int_equal(get(66, PAGE_ANON).folio_size, 0);
}

/* Older kernels have most flags at the head alone. */
static void a_tail_has_the_flags_of_its_head(void **state)
{
	struct page_info info;

	(void)state;
	put_folio(16, 16, FLAG(ANON) | FLAG(LRU) | FLAG(UPTODATE) | FLAG(MMAP) | FLAG(HWPOISON));
	info = get(21, PAGE_UNKNOWN);
	assert_int_equal(info.flags, TAIL | FLAG(ANON) | FLAG(LRU) | FLAG(UPTODATE));
	assert_int_equal(info.kind, PAGE_ANON);
}

static void assert_kind(uint64_t page_flags, enum page_kind walked, enum page_kind expected)
{
	flags[8] = page_flags;
	assert_int_equal(get(8, walked).kind, expected);
}

static void flags_tell_the_kind(void **state)
{
	(void)state;
	assert_kind(FLAG(ANON) | FLAG(SWAPBACKED) | FLAG(LRU), PAGE_UNKNOWN, PAGE_ANON);
	assert_kind(FLAG(SWAPBACKED) | FLAG(LRU), PAGE_UNKNOWN, PAGE_SHMEM);
	assert_kind(FLAG(LRU) | FLAG(MMAP), PAGE_UNKNOWN, PAGE_FILE);
	assert_kind(FLAG(HUGE) | FLAG(ANON), PAGE_UNKNOWN, PAGE_HUGETLB);
	assert_kind(FLAG(ZERO_PAGE), PAGE_UNKNOWN, PAGE_ZERO);
	assert_kind(FLAG(ZERO_PAGE) | FLAG(THP), PAGE_UNKNOWN, PAGE_ZERO);
}

/* Linux 6.12 sets the flag for each anonymous page. */
static void that_ksm_merged_a_page_is_the_walkers_to_say(void **state)
{
	(void)state;
	assert_kind(FLAG(ANON) | FLAG(KSM), PAGE_UNKNOWN, PAGE_ANON);
	assert_kind(FLAG(ANON) | FLAG(KSM), PAGE_ANON, PAGE_ANON);
	assert_false(get(8, PAGE_ANON).flags & FLAG(KSM));
	assert_kind(FLAG(ANON) | FLAG(KSM), PAGE_KSM, PAGE_KSM);
	assert_true(get(8, PAGE_KSM).flags & FLAG(KSM));
}

/* A page on its way to the LRU lists has no mark of it; slab and page tables are nobody's memory. */
static void what_the_walker_knows_is_believed(void **state)
{
	(void)state;
	assert_kind(FLAG(MMAP) | FLAG(UPTODATE), PAGE_FILE, PAGE_FILE);
	assert_kind(FLAG(SLAB), PAGE_UNKNOWN, PAGE_UNKNOWN);
	assert_kind(FLAG(PGTABLE), PAGE_UNKNOWN, PAGE_UNKNOWN);
	assert_kind(FLAG(ANON), PAGE_PFNMAP, PAGE_PFNMAP);
	assert_kind(FLAG(LRU), PAGE_KERNEL, PAGE_KERNEL);
}

static void a_device_is_not_asked_for_flags(void **state)
{
	struct page_info info;

	(void)state;
	flags[8] = FLAG(ANON);
	info = get(8, PAGE_DEVICE);
	assert_int_equal(info.kind, PAGE_DEVICE);
	assert_false(info.has_flags);
	assert_int_equal(info.node, -1);
}

static void without_the_files_the_walker_is_believed(void **state)
{
	struct page_infos *infos = open_infos();
	struct page_info info;

	(void)state;
	page_infos_get(infos, 8, PAGE_SHMEM, &info);
	page_infos_close(infos);
	assert_int_equal(info.kind, PAGE_SHMEM);
	assert_false(info.has_flags);
	assert_false(info.has_mapcount);
	assert_int_equal(info.folio_size, 0);
}

static void a_page_beyond_memory_has_no_flags(void **state)
{
	(void)state;
	assert_false(get(PAGES, PAGE_UNKNOWN).has_flags);
	assert_false(get(1ULL << 40, PAGE_UNKNOWN).has_flags);
	flags[9] = FLAG(NOPAGE);
	assert_int_equal(get(9, PAGE_UNKNOWN).folio_size, 0);
	assert_int_equal(get(9, PAGE_UNKNOWN).node, -1);
}

/* ---- nodes ---- */

static void without_numa_all_is_node_0(void **state)
{
	(void)state;
	assert_int_equal(get(8, PAGE_ANON).node, 0);
}

static void make_nodes(const char *block_size)
{
	put_directory("devices");
	put_directory("devices/system");
	put_directory("devices/system/memory");
	put_directory("devices/system/node");
	put_directory("devices/system/node/node0");
	put_file("devices/system/node/has_memory", "0\n", 2);
	if (block_size)
		put_file("devices/system/memory/block_size_bytes", block_size, strlen(block_size));
}

static void a_single_node_has_all_memory(void **state)
{
	(void)state;
	make_nodes(NULL);
	assert_int_equal(get(8, PAGE_ANON).node, 0);
}

/* Blocks of 4 MiB, which are 0x400 pages: 0 and 1 in node 0, 2 in node 3, 1 in both, 3 in none. */
static void a_block_of_memory_is_in_a_node(void **state)
{
	(void)state;
	make_nodes("400000\n");
	put_directory("devices/system/node/node3");
	put_directory("devices/system/node/node0/memory0");
	put_directory("devices/system/node/node0/memory1");
	put_directory("devices/system/node/node3/memory1");
	put_directory("devices/system/node/node3/memory2");
	assert_int_equal(get(0x3ff, PAGE_ANON).node, 0);
	assert_int_equal(get(0x800, PAGE_ANON).node, 3);
	assert_int_equal(get(0x400, PAGE_ANON).node, -1);
	assert_int_equal(get(0xc00, PAGE_ANON).node, -1);
}

static void without_blocks_the_node_is_unknown(void **state)
{
	(void)state;
	make_nodes(NULL);
	put_directory("devices/system/node/node1");
	assert_int_equal(get(8, PAGE_ANON).node, -1);
}

/* ---- names ---- */

static void flags_have_names(void **state)
{
	const struct page_info info = { .flags = FLAG(UPTODATE) | FLAG(LRU) | FLAG(COMPOUND_HEAD) | 1ULL << 40 };
	const struct page_info all = { .flags = UINT64_MAX };
	const char *names[MAX_PAGE_FLAGS];

	(void)state;
	assert_int_equal(page_info_flags(&info, names), 3);
	assert_string_equal(names[0], "uptodate");
	assert_string_equal(names[1], "lru");
	assert_string_equal(names[2], "compound_head");
	assert_int_equal(page_info_flags(&all, names), MAX_PAGE_FLAGS);
	assert_string_equal(names[KPF_ANON], "anonymous");
	assert_string_equal(names[KPF_THP], "thp");
	assert_string_equal(names[KPF_PGTABLE], "pgtable");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_single_page_is_its_own_folio),
		TEST(a_folio_has_its_size),
		TEST(a_folio_may_end_where_memory_does),
		TEST(what_makes_no_folio_has_no_size),
		TEST(a_tail_has_the_flags_of_its_head),
		TEST(flags_tell_the_kind),
		TEST(that_ksm_merged_a_page_is_the_walkers_to_say),
		TEST(what_the_walker_knows_is_believed),
		TEST(a_device_is_not_asked_for_flags),
		TEST(without_the_files_the_walker_is_believed),
		TEST(a_page_beyond_memory_has_no_flags),
		TEST(without_numa_all_is_node_0),
		TEST(a_single_node_has_all_memory),
		TEST(a_block_of_memory_is_in_a_node),
		TEST(without_blocks_the_node_is_unknown),
		TEST(flags_have_names),
	};

	return cmocka_run_group_tests_name("page_info", tests, NULL, NULL);
}
