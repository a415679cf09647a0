// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What a demonstration comes to, and how that is shown. */
#include "demo_result.h"
#include "fixture.h"
#include "render_demo.h"
#include "render_explain.h"
#include "translate.h"

static struct demo_result result;

static const struct demo_column columns[] = {
	{ "faults", "FAULTS", UNIT_COUNT, true },
	{ "ns", "TIME", UNIT_NS, false },
	{ "what", "WHAT", UNIT_TEXT, false },
};

static const struct path mapped = {
	.levels = 4, .kind = KIND_PAGE, .state = STATE_MAPPED, .value = 0x2358a4000,
	.entry = { 0x237a97067, 0x237a98067, 0x237a99067, 0x80000002358a4867 },
};

static void start(void)
{
	result = (struct demo_result){
		.name = "some", .title = "a \"title\"", .shows = "what\nhappens", .expects = "Expected: much",
		.walker = "kmod", .kernel = "6.1",
	};
}

static struct render render_to(struct output *out)
{
	return (struct render){ .out = out, .geometry = &four_levels, .walker = "kmod" };
}

static char *shown(const struct demo_form *form)
{
	struct output *out = capture();
	struct render render = render_to(out);

	form->end(&render, &result);
	return captured_text(out);
}

static char *drawn(void)
{
	struct output *out = capture();
	struct render render = render_to(out);

	svg_demo(&render, &result);
	return captured_text(out);
}

static void add_table(void)
{
	struct demo_section *section = result_table(&result, "things", "some <things>", columns, 3);
	struct demo_row *row = section_row(section, "first");

	row_set(row, 0, 65536);
	row_set(row, 1, 1234.5);
	row_text(row, 2, "this");
	row = section_row(section, "second, whose name is long");
	row_set(row, 0, 1);
	row_skip(section_row(section, "third"), "it can't");
}

/* ---- verdicts ---- */

static void claims_that_hold_make_it_ok(void **state)
{
	(void)state;
	start();
	claim_equal(&result, 3, 3, "three");
	claim_between(&result, 2, 4, 4, "up to four");
	claim_ratio(&result, 1, 3, 2, "more");
	claim_holds(&result, true, "so");
	result_conclude(&result);
	assert_int_equal(result.verdict, VERDICT_OK);
}

/* Only as many may be missing as are known to be. */
static void what_nobody_could_see_may_be_missing(void **state)
{
	(void)state;
	for (uint64_t unseen = 0; unseen < 3; unseen++) {
		start();
		result.unseen = unseen;
		claim_counted(&result, 512, 511, "faults");
		result_conclude(&result);
		assert_int_equal(result.verdict, unseen ? VERDICT_OK : VERDICT_FAILED);
		claim_counted(&result, 512, 513, "faults");
		assert_int_equal(result.claim[1].verdict, VERDICT_FAILED);
	}
}

static void one_that_does_not_makes_it_fail(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		start();
		claim_equal(&result, 3, i == 0 ? 4 : 3, "three");
		claim_between(&result, 2, 4, i == 1 ? 5 : 2, "up to four");
		claim_ratio(&result, 1, i == 2 ? 2 : 3, 2, "more");
		claim_holds(&result, i != 3, "so");
		result_conclude(&result);
		assert_int_equal(result.verdict, VERDICT_FAILED);
	}
}

static void what_took_no_time_has_no_ratio(void **state)
{
	(void)state;
	start();
	claim_ratio(&result, 1, 3, 0, "more than nothing");
	result_conclude(&result);
	assert_int_equal(result.verdict, VERDICT_FAILED);
}

static void what_is_skipped_alone_is_not_ok(void **state)
{
	(void)state;
	start();
	claim_skip(&result, "no swap", "something");
	result_conclude(&result);
	assert_int_equal(result.verdict, VERDICT_FAILED);
	start();
	result_skip(&result, "there is no swap area");
	result_conclude(&result);
	assert_int_equal(result.verdict, VERDICT_SKIPPED);
	assert_string_equal(result.why, "there is no swap area");
}

static void too_many_claims_make_it_fail(void **state)
{
	(void)state;
	start();
	for (int i = 0; i < 2 * DEMO_CLAIMS; i++)
		claim_holds(&result, true, "claim %d", i);
	result_conclude(&result);
	assert_int_equal(result.verdict, VERDICT_FAILED);
	assert_true(result.claims < DEMO_CLAIMS);
}

static void too_many_rows_and_sections_are_left_out(void **state)
{
	(void)state;
	start();
	for (int i = 0; i < 2 * DEMO_SECTIONS; i++) {
		struct demo_section *section = result_table(&result, "things", "things", columns, 3);

		for (int j = 0; j < 2 * DEMO_ROWS; j++)
			row_set(section_row(section, "row %d", j), 0, j);
		for (int j = 0; j < 2 * DEMO_VIEWS; j++)
			section_view(section, 1, 0, &mapped, "view %d", j);
		for (int j = 0; j < 2 * DEMO_LINES; j++)
			section_line(section, "line %d", j);
		assert_true(section->rows < DEMO_ROWS && section->views < DEMO_VIEWS && section->lines <= DEMO_LINES);
	}
	result_conclude(&result);
	assert_int_equal(result.verdict, VERDICT_FAILED);
}

/* ---- numbers ---- */

static void expect_cell(enum unit unit, double value, const char *expected)
{
	const struct demo_cell cell = { .known = true, .value = value };
	char text[64];

	cell_format(unit, &cell, text, sizeof(text));
	assert_string_equal(text, expected);
}

static void numbers_have_their_units(void **state)
{
	(void)state;
	expect_cell(UNIT_COUNT, 0, "0");
	expect_cell(UNIT_COUNT, 999, "999");
	expect_cell(UNIT_COUNT, 65536, "65,536");
	expect_cell(UNIT_COUNT, 1234567, "1,234,567");
	expect_cell(UNIT_NS, 0.5, "0.5 ns");
	expect_cell(UNIT_NS, 999, "999 ns");
	expect_cell(UNIT_NS, 1500, "1.5 us");
	expect_cell(UNIT_NS, 2.5e9, "2.5 s");
	expect_cell(UNIT_BYTES, 4096, "4 KiB");
	expect_cell(UNIT_BYTES, 4198400, "4.0 MiB");
	expect_cell(UNIT_BYTES, 1ULL << 55, "32 PiB");
	expect_cell(UNIT_RATIO, 1.25, "1.2x");
	expect_cell(UNIT_RATIO, 342, "342x");
}

/* ---- forms ---- */

static void json_has_all_of_it_on_a_line(void **state)
{
	char *text;

	(void)state;
	start();
	add_table();
	claim_equal(&result, 3, 4, "three \"things\"");
	claim_skip(&result, "it can't", "more");
	result_conclude(&result);
	text = shown(&demo_form_json);
	assert_string_equal(
		text,
		"{\"type\":\"demo\",\"name\":\"some\",\"title\":\"a \\\"title\\\"\",\"status\":\"failed\","
		"\"kernel\":\"6.1\",\"walker\":\"kmod\",\"unseen\":0,\"sections\":[{\"key\":\"things\",\"title\":"
		"\"some "
		"<things>\",\"rows\":["
		"{\"label\":\"first\",\"faults\":65536,\"ns\":1234.500,\"what\":\"this\"},"
		"{\"label\":\"second, whose name is long\",\"faults\":1},"
		"{\"label\":\"third\",\"skipped\":\"it can't\"}]}],\"claims\":["
		"{\"claim\":\"three \\\"things\\\"\",\"status\":\"failed\",\"expected\":\"3\",\"measured\":\"4\"},"
		"{\"claim\":\"more\",\"status\":\"skipped\",\"reason\":\"it can't\"}]}\n");
	free(text);
}

static void text_has_columns_and_bars(void **state)
{
	char *text;

	(void)state;
	start();
	add_table();
	claim_equal(&result, 3, 3, "three");
	result_conclude(&result);
	text = shown(&demo_form_text);
	assert_non_null(strstr(text, "                              FAULTS    TIME  WHAT\n"));
	assert_non_null(strstr(text, "  first                       65,536  1.2 us  this  ########"));
	assert_non_null(strstr(text, "  second, whose name is long       1       -     -  #\n"));
	assert_non_null(strstr(text, "  third                       skipped: it can't\n"));
	assert_non_null(strstr(text, "ok       some, Linux 6.1, walker kmod\n"));
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		assert_true(strlen(line) <= 100);
	free(text);
}

/* What differs is told from what was before in the same process, and else from what is beside it. */
static void entries_that_differ_are_marked(void **state)
{
	struct path other = mapped;
	struct demo_section *section;
	char *text;

	(void)state;
	other.entry[3] ^= 2;
	start();
	section = result_section(&result, SECTION_PATHS, "paths", "paths");
	section_view(section, 1, 0x7ffff7eec010, &mapped, "one");
	section_view(section, 2, 0x7ffff7eec010, &other, "other");
	section_view(section, 1, 0x7ffff7eec010, &mapped, "one again");
	text = shown(&demo_form_text);
	assert_non_null(strstr(text, "  PGD     255 0x237a97067        255 0x237a97067        255 0x237a97067\n"));
	assert_non_null(
		strstr(text, "  PTE     236 0x80000002358a4867 236*0x80000002358a4865 236 0x80000002358a4867\n"));
	assert_non_null(strstr(text, "  page        0x2358a4000 rw         0x2358a4000 r-         0x2358a4000 rw\n"));
	free(text);
}

static void a_picture_holds_no_raw_text(void **state)
{
	char *text;

	(void)state;
	start();
	add_table();
	text = drawn();
	assert_non_null(strstr(text, "some &lt;things&gt;"));
	assert_null(strstr(text, "some <things>"));
	assert_int_equal(strncmp(text, "<svg xmlns=", 11), 0);
	assert_non_null(strstr(text, "</svg>\n"));
	free(text);
}

/* ---- the explanation ---- */

static void an_address_is_cut_and_put_together(void **state)
{
	struct output *out = capture();
	struct render render = render_to(out);
	char *text;

	(void)state;
	put_explanation(&render, &mapped, 0x7ffff7eec010);
	text = captured_text(out);
	assert_non_null(strstr(text, "0000000000000000 011111111 111111111 110111111 011101100 000000010000\n"));
	assert_non_null(strstr(text, "  the entry: 0x237a99000 + 236 * 8 = 0x237a99760\n"));
	assert_non_null(strstr(text, "Physical address: page 0x2358a4000 + offset 0x10 (bits 11..0) = 0x2358a4010\n"));
	free(text);
}

/* The catalogue that was built. Where there is no locale of that name, another one stands in for it. */
static void it_speaks_chinese(void **state)
{
	struct output *out = capture();
	struct render render = render_to(out);
	char *text;

	(void)state;
	setenv("LC_ALL", "zh_CN.UTF-8", 1);
	translate_begin();
	if (!bindtextdomain("pfwatch", "build/locale") || access("build/locale", R_OK))
		skip();
	put_explanation(&render, &mapped, 0x7ffff7eec010);
	text = captured_text(out);
	assert_non_null(strstr(text, "物理地址：页 0x2358a4000 + 页内偏移 0x10（第 11..0 位）= 0x2358a4010\n"));
	assert_non_null(strstr(text, "  符号             PGD       PUD       PMD       PTE       页内偏移\n"));
	free(text);
}

static void every_flag_has_a_meaning(void **state)
{
	static const char *const flags[] = {
		"present", "write", "user", "pwt", "pcd", "accessed", "dirty", "huge", "pat", "global", "special",
		"soft-dirty", "uffd-wp", "uffd", "saved-dirty", "exclusive", "nx", "pkey7",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		assert_true(*flag_meaning(flags[i], KIND_PAGE));
	assert_string_equal(flag_meaning("none such", KIND_PAGE), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(claims_that_hold_make_it_ok),
		cmocka_unit_test(what_nobody_could_see_may_be_missing),
		cmocka_unit_test(one_that_does_not_makes_it_fail),
		cmocka_unit_test(what_took_no_time_has_no_ratio),
		cmocka_unit_test(what_is_skipped_alone_is_not_ok),
		cmocka_unit_test(too_many_claims_make_it_fail),
		cmocka_unit_test(too_many_rows_and_sections_are_left_out),
		cmocka_unit_test(numbers_have_their_units),
		cmocka_unit_test(json_has_all_of_it_on_a_line),
		cmocka_unit_test(text_has_columns_and_bars),
		cmocka_unit_test(entries_that_differ_are_marked),
		cmocka_unit_test(a_picture_holds_no_raw_text),
		cmocka_unit_test(an_address_is_cut_and_put_together),
		cmocka_unit_test(every_flag_has_a_meaning),
		cmocka_unit_test(it_speaks_chinese),
	};

	return cmocka_run_group_tests_name("demo", tests, NULL, NULL);
}
