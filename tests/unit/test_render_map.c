// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What an address space looks like, as text and as JSON. */
#include "fixture.h"
#include "render.h"
#include "utf8.h"

#define KIB	1024ULL
#define MIB	(1024 * KIB)
#define GIB	(1024 * MIB)
#define BASE	0x7f0000000000ULL

static struct map map;

static const struct vma heap = {
	.start = BASE, .end = BASE + 16 * MIB, .flags = VMA_READ | VMA_WRITE | VMA_ANON, .perm = "rw-p", .name = "",
};

static void add(enum kind kind, enum level level, enum page_kind page, uint64_t start, uint64_t size)
{
	const struct region region = {
		.start = start, .end = start + size, .kind = kind, .level = level, .page = page,
	};

	map_add_region(&map, &region);
}

static void make(const struct vma *vma, const struct geometry *geometry)
{
	map_begin(&map, geometry, 42, 0, geometry->task_size_max);
	map_add_vma(&map, vma);
	add(KIND_PAGE, LEVEL_PTE, PAGE_ANON, vma->start, MIB);
	add(KIND_PAGE, LEVEL_PTE, PAGE_ZERO, vma->start + MIB, MIB / 2);
	add(KIND_NONE, LEVEL_PTE, PAGE_UNKNOWN, vma->start + MIB + MIB / 2, MIB / 2);
	add(KIND_PAGE, LEVEL_PMD, PAGE_ANON, vma->start + 2 * MIB, 4 * MIB);
	add(KIND_SWAP, LEVEL_PTE, PAGE_UNKNOWN, vma->start + 6 * MIB, MIB);
	add(KIND_NONE, LEVEL_PTE, PAGE_UNKNOWN, vma->start + 7 * MIB, 9 * MIB);
	map.tables = (struct table_pages){
		.pages = { [LEVEL_PGD] = 1, [LEVEL_PUD] = 1, [LEVEL_PMD] = 1, [LEVEL_PTE] = 5 }, .reserved = 2,
	};
	if (geometry->levels == 5)
		map.tables.pages[LEVEL_P4D] = 1;
}

static char *render_vma(const struct form *form, bool utf8, const char *name)
{
	struct render render = { .out = capture(), .geometry = map.geometry, .walker = "kmod", .utf8 = utf8 };

	form->map_vma(&render, &map, name);
	return captured_text(render.out);
}

static char *render_end(const struct form *form, bool utf8)
{
	struct render render = { .out = capture(), .geometry = map.geometry, .walker = "kmod", .utf8 = utf8 };

	form->map_end(&render, &map);
	return captured_text(render.out);
}

/* ---- text ---- */

static void assert_line(char *text, const char *expected)
{
	assert_string_equal(text, expected);
	free(text);
}

static void a_mapping_is_a_line(void **state)
{
	(void)state;
	make(&heap, &four_levels);
	assert_line(render_vma(&form_text, false, "[heap]"),
		    "0x7f0000000000-0x7f0001000000 rw-p    16M   5.5M  4.0M  1.0M anon    #:#####          [heap]\n");
	assert_line(render_vma(&form_text, true, ""),
		    "0x7f0000000000-0x7f0001000000 rw-p    16M   5.5M  4.0M  1.0M anon    █▒█████         \n");
}

static size_t columns(const char *line)
{
	size_t n = 0;

	for (; *line && *line != '\n'; line += utf8_length(line) ? utf8_length(line) : 1)
		n++;
	return n;
}

static void a_line_has_a_hundred_columns_at_the_most(void **state)
{
	static const char *const names[] = {
		"/usr/lib/x86_64-linux-gnu/libcrypto.so.3", "/a/name/that/is/much/longer/than/the/line/has/room-for-it",
		"/", "//////////////////////////////", "[anon: a name that a program has given to its memory]",
		"/\x1b[31mred\x1b[31mred\x1b[31mred", "/usr/share/ünïcödë/ünïcödëünïcödëünïcödë",
	};
	struct vma high = heap;

	(void)state;
	high.start = 0xff000000000000;
	high.end = high.start + 16 * MIB;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		for (int wide = 0; wide < 2; wide++) {
			char *text;

			make(wide ? &high : &heap, wide ? &five_levels : &four_levels);
			text = render_vma(&form_text, true, names[i]);
			assert_in_range(columns(text), 86, 100);
			assert_null(strchr(text, '\x1b'));
			free(text);
		}
	}
}

static void a_long_path_is_its_last_part(void **state)
{
	char *text;

	(void)state;
	make(&heap, &four_levels);
	text = render_vma(&form_text, false, "/usr/lib/x86_64-linux-gnu/libc.so.6");
	assert_non_null(strstr(text, " libc.so.6\n"));
	free(text);
	text = render_vma(&form_text, false, "/usr/lib/libsomething-with-a-long-name.so.1.2.3");
	assert_non_null(strstr(text, " ..ame.so.1.2.3\n"));
	free(text);
}

static void a_block_divides_the_bytes_three_times(void **state)
{
	(void)state;
	make(&heap, &four_levels);
	assert_line(render_vma(&form_verbose, false, "[heap]"),
		    "0x7f0000000000-0x7f0001000000  rw-p  16M  anon  [#:#####         ]  [heap]\n"
		    "  entries      none 9.5M, page 5.5M, swap 1.0M\n"
		    "  pages        anon 5.0M, zero 512K\n"
		    "  in pages of  4K 1.5M, 2M 4.0M\n"
		    "  as smaps     Rss 5.0M, Swap 1.0M, AnonHugePages 4.0M\n");
}

static void the_end_has_sums_tables_and_a_picture(void **state)
{
	(void)state;
	make(&heap, &four_levels);
	assert_line(render_end(&form_text, false),
		    "\nPID 42  0x0-0x7ffffffff000  1 mapping of 16M, pages in 5.5M\n"
		    "  entries      none 9.5M, page 5.5M, swap 1.0M\n"
		    "  pages        anon 5.0M, zero 512K\n"
		    "  in pages of  4K 1.5M, 2M 4.0M\n"
		    "  as smaps     Rss 5.0M, Swap 1.0M, AnonHugePages 4.0M\n"
		    "\n"
		    "TABLES         PAGES  BYTES  ENTRIES USED\n"
		    "  PGD              1     4K             1 of 512 (0.1%)\n"
		    "  PUD              1     4K             1 of 512 (0.1%)\n"
		    "  PMD              1     4K             7 of 512 (1.3%)\n"
		    "  PTE              5    20K           640 of 2560 (25.0%)\n"
		    "  reserved         2     8K               for huge pages that may be split\n"
		    "  all             10    40K\n"
		    "One flat table instead would have an entry for each page of the addresses:\n"
		    "  2^35 entries of 8 bytes = 256G for the user half, 6710886 times what the tables take\n"
		    "  2^36 entries of 8 bytes = 512G for all addresses of 48 bits\n"
		    "  2^20 entries of 4 bytes = 4.0M for the addresses of 32 bits\n"
		    "\n"
		    "ADDRESS              CELL       POPULATED\n"
		    "                       127T nothing mapped\n"
		    "0x7f0000000000      256K/cell |######  ####################                                    |\n"
		    "                      1023G nothing mapped\n");
}

static void five_levels_have_a_p4d_and_a_larger_flat_table(void **state)
{
	char *text;

	(void)state;
	make(&heap, &five_levels);
	text = render_end(&form_text, false);
	assert_non_null(strstr(text, "\n  P4D              1     4K             1 of 512 (0.1%)\n"));
	assert_non_null(strstr(text, "  2^44 entries of 8 bytes = 128T for the user half, "));
	assert_non_null(strstr(text, "  2^45 entries of 8 bytes = 256T for all addresses of 57 bits\n"));
	free(text);
}

static void nothing_mapped_is_an_empty_map(void **state)
{
	char *text;

	(void)state;
	map_begin(&map, &four_levels, 42, 0x1000, 0x2000);
	text = render_end(&form_text, false);
	assert_non_null(strstr(text, "0 mappings of 0, pages in 0\n  entries      -\n  pages        -\n"));
	assert_non_null(strstr(text, "  PGD              0      0             0 of 0\n"));
	assert_null(strstr(text, "times what"));
	assert_non_null(strstr(text, "                         4K nothing mapped\n"));
	free(text);
}

/* ---- JSON ---- */

static void regions_are_objects(void **state)
{
	const struct region page = { .start = BASE, .end = BASE + MIB, .kind = KIND_PROTNONE, .level = LEVEL_PMD,
				     .page = PAGE_ANON };
	const struct region none = { .start = BASE, .end = BASE + MIB, .kind = KIND_NONE, .level = LEVEL_PTE };
	struct render render = { .out = capture(), .geometry = &four_levels, .walker = "kmod" };

	(void)state;
	make(&heap, &four_levels);
	form_json.map_header(&render);
	form_json.map_region(&render, &map, &page);
	form_json.map_region(&render, &map, &none);
	assert_captured(render.out,
			"{\"type\":\"region\",\"start\":\"0x7f0000000000\",\"end\":\"0x7f0000100000\",\"kind\":\"protnone\","
			"\"page_size\":2097152,\"page\":\"anon\",\"vma\":\"0x7f0000000000\"}\n"
			"{\"type\":\"region\",\"start\":\"0x7f0000000000\",\"end\":\"0x7f0000100000\",\"kind\":\"none\","
			"\"vma\":\"0x7f0000000000\"}\n");
}

#define SUMS	"\"bytes\":16777216,\"mapped_bytes\":5767168,\"rss_bytes\":5242880,\"anon_huge_bytes\":4194304," \
		"\"swap_bytes\":1048576,\"none_bytes\":9961472," \
		"\"page_size_bytes\":{\"4K\":1572864,\"2M\":4194304,\"1G\":0}," \
		"\"page_bytes\":{\"anon\":5242880,\"zero\":524288}," \
		"\"kind_bytes\":{\"none\":9961472,\"page\":5767168,\"swap\":1048576}"

static void mappings_and_the_end_are_objects(void **state)
{
	(void)state;
	make(&heap, &four_levels);
	assert_line(render_vma(&form_json, true, "a \"name\""),
		    "{\"type\":\"vma\",\"start\":\"0x7f0000000000\",\"end\":\"0x7f0001000000\",\"perm\":\"rw-p\","
		    "\"kind\":\"anon\",\"name\":\"a \\\"name\\\"\"," SUMS "}\n");
	assert_line(render_end(&form_json, true),
		    "{\"type\":\"map\",\"pid\":42,\"start\":\"0x0\",\"end\":\"0x7ffffffff000\",\"vmas\":1,\"regions\":6,"
		    SUMS ",\"tables\":{\"pgd\":1,\"pud\":1,\"pmd\":1,\"pte\":5,\"reserved\":2},\"tables_bytes\":40960,"
		    "\"flat_entries\":34359738368,\"flat_bytes\":274877906944,\"walker\":\"kmod\"}\n");
}

static void the_locale_decides_about_utf8(void **state)
{
	static const struct { const char *all, *ctype, *lang; bool utf8; } cases[] = {
		{ NULL, NULL, NULL, false }, { NULL, NULL, "C", false }, { NULL, NULL, "de_DE.UTF-8", true },
		{ "C", NULL, "de_DE.UTF-8", false }, { "", "C.utf8", "C", true }, { "C.UTF-8", "C", "C", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
		const char *const values[] = { cases[i].all, cases[i].ctype, cases[i].lang };

		for (int j = 0; j < 3; j++)
			if (values[j])
				setenv(names[j], values[j], 1);
			else
				unsetenv(names[j]);
		if (utf8_is_wanted() != cases[i].utf8)
			fail_msg("case %zu", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mapping_is_a_line),
		cmocka_unit_test(a_line_has_a_hundred_columns_at_the_most),
		cmocka_unit_test(a_long_path_is_its_last_part),
		cmocka_unit_test(a_block_divides_the_bytes_three_times),
		cmocka_unit_test(the_end_has_sums_tables_and_a_picture),
		cmocka_unit_test(five_levels_have_a_p4d_and_a_larger_flat_table),
		cmocka_unit_test(nothing_mapped_is_an_empty_map),
		cmocka_unit_test(regions_are_objects),
		cmocka_unit_test(mappings_and_the_end_are_objects),
		cmocka_unit_test(the_locale_decides_about_utf8),
	};

	return cmocka_run_group_tests_name("render_map", tests, NULL, NULL);
}
