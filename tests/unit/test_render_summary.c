// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What a summary looks like, as text and as JSON. */
#include "cause.h"
#include "fixture.h"
#include "render_summary.h"
#include "utf8.h"

#define PAGE	4096ULL
#define BASE	0x7f0000000000ULL

static const struct vma anon = {
	.start = BASE, .end = BASE + 64 * PAGE, .flags = VMA_READ | VMA_WRITE | VMA_ANON, .perm = "rw-p", .name = "",
};

static const struct vma library = {
	.start = BASE, .end = BASE + 64 * PAGE, .flags = VMA_READ | VMA_EXEC | VMA_FILE, .perm = "r-xp",
	.name = "/usr/lib/a\"b.so", .inode = 77, .major = 8, .minor = 1,
};

static const struct totals totals = {
	.seen = 30, .printed = 21, .filtered = 4, .lost = 5, .walks[WALK_GONE] = 2,
	.causes = { [CAUSE_FIRST_TOUCH] = 20, [CAUSE_FILE_MINOR] = 1 },
};

static void add(struct summary *summary, enum cause_word cause, const struct vma *vma, uint64_t addr, uint64_t latency)
{
	const struct fault fault = {
		.pid = 5, .tid = 5, .addr = addr, .ip = 0x401000, .cause.word = cause, .has_vma = true, .vma = *vma,
		.has_latency = latency, .latency = latency, .walk_status = WALK_NONE, .has_left = true, .comm = "program",
		.left = { .levels = 4, .kind = KIND_PAGE, .state = STATE_MAPPED, .value = 0x1000 },
	};

	summary_add(summary, &fault);
}

/* 20 first touches in a row, of 1000 ns, the last one of 3000; and a page of a file, whose latency isn't known. */
static struct summary *make(void)
{
	struct summary *summary = summary_new(&four_levels, &summary_limits);

	assert_non_null(summary);
	for (unsigned int i = 0; i < 20; i++)
		add(summary, CAUSE_FIRST_TOUCH, &anon, BASE + i * PAGE, i < 19 ? 1000 : 3000);
	add(summary, CAUSE_FILE_MINOR, &library, BASE, 0);
	summary_finish(summary);
	return summary;
}

static char *report(const struct form *form, const struct summary *summary, bool utf8)
{
	struct render render = { .out = capture(), .geometry = &four_levels, .walker = "bpf", .utf8 = utf8 };

	form->report(&render, &totals, summary);
	return captured_text(render.out);
}

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' is not in:\n%s", part, text);
}

static void text_has_its_tables(void **state)
{
	struct summary *summary = make();
	char *text = report(&form_text, summary, false);

	(void)state;
	assert_has(text, "30 faults seen = 21 counted + 4 filtered + 5 lost\n"
		   "walks by bpf: 0 ok, 2 gone, 0 stale, 0 failed\n");
	assert_has(text,
		   "CAUSE                     FAULTS       %   TIME       %   MEAN    P50    P99    MAX\n"
		   "first-touch                   20  95.2%   22us 100.0%  1.1us  1.0us  3.0us  3.0us\n"
		   "file-minor                     1   4.7%    0ns   0.0%      -      -      -      -\n"
		   "all                           21 100.0%   22us 100.0%\n");
	assert_has(text, "\n4K                            21 100.0%   22us 100.0%\n");
	assert_has(text, "\nMADV_POPULATE_WRITE           19  90.4%   20us  95.0%  first touches");
	assert_has(text, "    FAULTS       %   TIME       %     PID COMM            KIND    MAPPING\n"
		   "        20  95.2%   22us 100.0%       5 program         anon    0x7f0000000000-0x7f0000040000\n"
		   "         1   4.7%    0ns   0.0%       5 program         file    /usr/lib/a\"b.so\n");
	assert_has(text, "\n        21 100.0%   22us 100.0%       5 program         0x401000\n");
	assert_has(text, "\n         1   4.7%    0ns   0.0% /usr/lib/a\"b.so\n");
	assert_has(text, "  the most frequent 10 of 20\n");
	assert_null(strstr(text, "approximate"));
	assert_null(strstr(text, "huge pages"));
	free(text);
	summary_free(summary);
}

static void bars_are_in_proportion(void **state)
{
	struct summary *summary = make();
	char *text = report(&form_text, summary, false);

	(void)state;
	assert_has(text, "\nLATENCY of first-touch\n"
		   "   512ns -  1.0us         19 ############################################################\n"
		   "   1.0us -  2.0us          0\n"
		   "   2.0us -  4.0us          1 ####\n");
	assert_null(strstr(text, "LATENCY of file-minor"));
	free(text);
	text = report(&form_text, summary, true);
	assert_has(text, "          1 ███▏\n");
	free(text);
	summary_free(summary);
}

static unsigned int columns(const char *s, size_t bytes)
{
	const char *end = s + bytes;
	unsigned int n = 0;

	for (; s < end; s += utf8_length(s))
		n++;
	return n;
}

/* With numbers and names as large as they come. */
static void lines_fit(void **state)
{
	static char name[300];
	struct summary *summary = make();
	struct vma vma = library;
	char *text, *line;

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	vma.name = name;
	vma.start = 0x7ffffffff000 - PAGE;
	vma.end = 0x7ffffffff000;
	vma.inode = 1;
	add(summary, CAUSE_USERFAULT, &vma, vma.start, 99999ULL * 1000000000);
	vma.name = "";
	vma.inode = UINT64_MAX;
	vma.major = 4095;
	vma.minor = 1048575;
	add(summary, CAUSE_WRITE_NOTIFY, &vma, vma.start, 1);
	text = report(&form_text, summary, true);
	for (line = text; *line; line += strcspn(line, "\n") + 1)
		if (columns(line, strcspn(line, "\n")) > 100)
			fail_msg("%.*s", (int)strcspn(line, "\n"), line);
	assert_has(text, "..xxx");
	free(text);
	summary_free(summary);
}

/* What an instruction is in, as one line has room for it. */
static void assert_instruction(struct code_place code, const char *expected)
{
	struct summary *summary = summary_new(&four_levels, &summary_limits);
	const struct fault fault = { .pid = 5, .ip = 0x7ffff7eec010, .code = code, .comm = "program" };
	char *text, *line;

	summary_add(summary, &fault);
	summary_finish(summary);
	text = report(&form_text, summary, false);
	line = strstr(text, "0x7ffff7eec010");
	assert_non_null(line);
	line[strcspn(line, "\n")] = '\0';
	assert_string_equal(line, expected);
	assert_true(strlen(strrchr(text, '\n') + 1) <= 100);
	free(text);
	summary_free(summary);
}

static void what_has_no_room_beside_a_symbol_is_left_out(void **state)
{
	struct code_place code = {
		.symbol = "main", .past = 0x1f, .source = "a.c", .line = 3, .module = "/usr/bin/program",
	};

	(void)state;
	assert_instruction(code, "0x7ffff7eec010  main+0x1f  a.c:3  in program");
	code.module = "/usr/bin/a_program_with_name";
	assert_instruction(code, "0x7ffff7eec010  main+0x1f  a.c:3");
	code.source = "a_source_with_a_long_name.c";
	assert_instruction(code, "0x7ffff7eec010  main+0x1f");
	code.symbol = "exactly_as_long_as_fits";
	assert_instruction(code, "0x7ffff7eec010  exactly_as_long_as_fits+0x1f");
	code.symbol = "a_function\x1bwith_a_long_name_for_sure";
	assert_instruction(code, "0x7ffff7eec010  a_function\\x1bwith_a_..+0x1f");
	code.symbol = NULL;
	code.offset = 0xabcdef;
	assert_instruction(code, "0x7ffff7eec010  a_program_with_name+0xabcdef");
	code.module = "/usr/lib/x86_64-linux-gnu/a_library_with_a_long_name.so.1";
	assert_instruction(code, "0x7ffff7eec010  a_library_with_a_..+0xabcdef");
}

static void nothing_is_a_line(void **state)
{
	static const struct totals none;
	struct summary *summary = summary_new(&four_levels, &summary_limits);
	struct render render = { .out = capture(), .geometry = &four_levels, .walker = "bpf" };

	(void)state;
	summary_finish(summary);
	form_text.report(&render, &none, summary);
	assert_captured(render.out, "0 faults seen = 0 counted + 0 filtered + 0 lost\n");
	summary_free(summary);
}

static void a_sample_says_so(void **state)
{
	struct summary *summary = make();
	struct render render = { .out = capture(), .geometry = &four_levels, .walker = "bpf", .one_in = 100 };
	char *text;

	(void)state;
	form_text.report(&render, &totals, summary);
	form_json.report(&render, &totals, summary);
	text = captured_text(render.out);
	assert_has(text, "SAMPLE of one in 100 faults, by chance: the tables are of the sample\n30 faults seen");
	assert_has(text, "\"lost\":5,\"sample\":100,\"walks\"");
	assert_has(text, "\nAVOIDABLE faults are not told of a sample: ");
	assert_null(strstr(text, "AVOIDABLE by"));
	assert_null(strstr(text, "\"avoidable\""));
	free(text);
	summary_free(summary);
}

/* More keys than there is room for, and more areas. */
static void what_is_approximate_says_so(void **state)
{
	static const struct summary_limits tight = {
		.mappings = 1, .addresses = 4, .instructions = 1, .files = 1, .areas = 1,
	};
	struct summary *summary = summary_new(&four_levels, &tight);
	char *text;

	(void)state;
	for (unsigned int i = 0; i < 50; i++)
		add(summary, CAUSE_FIRST_TOUCH, &anon, BASE + i * PAGE, 100);
	add(summary, CAUSE_FIRST_TOUCH, &anon, BASE + 4096 * PAGE, 100);
	summary_finish(summary);
	text = report(&form_text, summary, false);
	assert_has(text, "  approximate: each is too high by at most 12, its time may be too low\n");
	assert_has(text, "  may be too low: 1 areas of 2M were counted");
	free(text);
	text = report(&form_json, summary, false);
	assert_has(text, "\"count_error\":12");
	assert_has(text, "\"addresses\":{\"exact\":false,\"tracked\":4}");
	assert_has(text, "\"vmas\":{\"exact\":true,\"tracked\":1}");
	assert_has(text, "\"areas_let_go\":1}");
	free(text);
	summary_free(summary);
}

/* One object on one line, which begins as every stream's last one. */
static void json_is_one_line_with_more_members(void **state)
{
	struct summary *summary = make();
	char *text = report(&form_json, summary, false);

	(void)state;
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	assert_has(text, "{\"type\":\"summary\",\"seen\":30,\"printed\":21,\"filtered\":4,\"lost\":5,"
		   "\"walks\":{\"ok\":0,\"gone\":2,\"stale\":0,\"failed\":0},\"causes\":{\"first-touch\":20,");
	assert_has(text, "\"unknown\":0},\"time_ns\":22000,\"by_cause\":{\"first-touch\":{\"count\":20,"
		   "\"time_ns\":22000,\"min_ns\":1000,\"p50_ns\":1000,\"p99_ns\":3000,\"max_ns\":3000,\"histogram\":["
		   "{\"from_ns\":512,\"to_ns\":1023,\"count\":19},{\"from_ns\":2048,\"to_ns\":4095,\"count\":1}]},"
		   "\"file-minor\":{\"count\":1,\"time_ns\":0}},"
		   "\"by_page_size\":{\"4K\":{\"count\":21,\"time_ns\":22000},\"2M\":{\"count\":0,\"time_ns\":0},");
	assert_has(text, "\"by_vma\":[{\"count\":20,\"time_ns\":22000,\"pid\":5,\"comm\":\"program\",\"kind\":\"anon\","
		   "\"start\":\"0x7f0000000000\",\"end\":\"0x7f0000040000\",\"perm\":\"rw-p\",\"name\":\"\"},"
		   "{\"count\":1,\"time_ns\":0,\"pid\":5,\"comm\":\"program\",\"kind\":\"file\","
		   "\"start\":\"0x7f0000000000\",\"end\":\"0x7f0000040000\",\"perm\":\"r-xp\","
		   "\"name\":\"/usr/lib/a\\\"b.so\",\"dev\":\"8:1\",\"inode\":77}],");
	assert_has(text, "\"instructions\":[{\"count\":21,\"time_ns\":22000,\"pid\":5,\"comm\":\"program\","
		   "\"ip\":\"0x401000\"}]");
	assert_has(text, "\"files\":[{\"count\":1,\"time_ns\":0,\"dev\":\"8:1\",\"inode\":77,"
		   "\"name\":\"/usr/lib/a\\\"b.so\"}]");
	assert_has(text, "\"avoidable\":{\"populate\":{\"count\":19,\"time_ns\":20900},"
		   "\"huge_page\":{\"count\":0,\"time_ns\":0},\"write_first\":{\"count\":0,\"time_ns\":0},"
		   "\"mlock\":{\"count\":0,\"time_ns\":0},\"populate_file\":{\"count\":0,\"time_ns\":0},"
		   "\"areas_let_go\":0}}\n");
	free(text);
	summary_free(summary);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_has_its_tables),
		cmocka_unit_test(bars_are_in_proportion),
		cmocka_unit_test(lines_fit),
		cmocka_unit_test(what_has_no_room_beside_a_symbol_is_left_out),
		cmocka_unit_test(nothing_is_a_line),
		cmocka_unit_test(a_sample_says_so),
		cmocka_unit_test(what_is_approximate_says_so),
		cmocka_unit_test(json_is_one_line_with_more_members),
	};

	return cmocka_run_group_tests_name("render summary", tests, NULL, NULL);
}
