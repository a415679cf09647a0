// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Comma-separated values to the byte: other programs read them. */
#include "cause.h"
#include "csv.h"
#include "fixture.h"
#include "render.h"

static const struct path mapped = {
	.levels = 4, .kind = KIND_PAGE, .state = STATE_MAPPED, .value = 0x2358a4000,
	.entry = { 0x237a97067, 0x237a98067, 0x237a99067, 0x80000002358a4867 },
};

static struct fault whole(void)
{
	return (struct fault){
		.ts = 5000000001, .cpu = 1, .pid = 100, .tid = 101, .comm = "program", .addr = 0x7ffff7eec010,
		.ip = 0x401136, .error_code = 6, .cause.word = CAUSE_FIRST_TOUCH, .result = RESULT_MINOR,
		.has_latency = true, .latency = 812, .has_before = true,
		.before = { .levels = 2, .kind = KIND_NONE, .state = STATE_NONE, .entry = { 0x237a97067, 0 } },
		.has_left = true, .left = mapped, .walk_status = WALK_OK, .after = mapped, .age = 35000,
	};
}

static void assert_fault(const struct fault *fault, const char *expected)
{
	struct render render = { .out = capture(), .geometry = &four_levels, .walker = "kmod" };

	form_csv.fault(&render, fault);
	assert_captured(render.out, expected);
}

static void a_fault_is_a_line(void **state)
{
	struct fault fault = whole();

	(void)state;
	assert_fault(&fault, "5000000001,1,100,101,program,0x7ffff7eec010,0x401136,write,user,6,first-touch,minor,812,"
		     "mapped,0x2358a4010,4096,0x0,0x80000002358a4867,2,ok,35000,1\n");
}

/* Each line says how many faults it stands for. */
static void a_sample_says_so(void **state)
{
	struct render render = { .out = capture(), .geometry = &four_levels, .walker = "kmod", .one_in = 50 };
	struct fault fault = whole();
	char *line;

	(void)state;
	form_csv.fault(&render, &fault);
	line = captured_text(render.out);
	assert_non_null(strstr(line, ",35000,50\n"));
	free(line);
}

static void what_is_not_known_is_empty(void **state)
{
	struct fault fault = whole();

	(void)state;
	fault.has_before = fault.has_left = fault.has_latency = false;
	fault.result = RESULT_NONE;
	fault.walk_status = WALK_GONE;
	fault.kernel_mode = true;
	fault.error_code = 0;
	assert_fault(&fault, "5000000001,1,100,101,program,0x7ffff7eec010,0x401136,read,kernel,0,first-touch,,,"
		     ",,,,,,gone,35000,1\n");
}

static unsigned int fields(const char *line)
{
	unsigned int n = 1;

	for (; *line; line++)
		n += *line == ',';
	return n;
}

static void a_line_has_as_many_fields_as_names(void **state)
{
	const struct answer answer = { .pid = 1, .addr = 0x7ffff7eec010, .path = &mapped };
	struct render render = { .out = capture(), .geometry = &four_levels, .walker = "kmod" };
	struct fault fault = whole();
	char *header, *line;

	(void)state;
	form_csv.fault_header(&render);
	header = captured_text(render.out);
	assert_string_equal(header, "ts,cpu,pid,tid,comm,addr,ip,access,mode,error_code,cause,result,latency_ns,state,"
			    "phys,page_size,before,after,tables_allocated,walk_status,age_ns,sample\n");
	render.out = capture();
	form_csv.fault(&render, &fault);
	line = captured_text(render.out);
	assert_int_equal(fields(line), fields(header));
	free(header);
	free(line);
	render.out = capture();
	form_csv.path_header(&render);
	header = captured_text(render.out);
	render.out = capture();
	form_csv.path(&render, &answer);
	line = captured_text(render.out);
	assert_int_equal(fields(line), fields(header));
	free(header);
	free(line);
}

static void names_are_quoted_and_made_visible_where_they_must_be(void **state)
{
	static const struct { const char *name, *field; } known[] = {
		{ "a b", "a b" }, { "a,b", "\"a,b\"" }, { "a\"b", "\"a\"\"b\"" }, { "\"", "\"\"\"\"" }, { "", "" },
		{ "a\nb\r", "a\\x0ab\\x0d" }, { "a\033[2J", "a\\x1b[2J" }, { "\x7f\xc2\x9b", "\\x7f\\xc2\\x9b" },
		{ "\xff,\xc3\"\xa4\xc3\xa4", "\"\\xff,\\xc3\"\"\\xa4\xc3\xa4\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		struct csv csv = { .out = capture() };
		char expected[64];

		csv_str(&csv, known[i].name);
		csv_str(&csv, known[i].name);
		csv_end(&csv);
		snprintf(expected, sizeof(expected), "%s,%s\n", known[i].field, known[i].field);
		assert_captured(csv.out, expected);
		assert_false(csv.begun);
	}
}

static void an_answer_is_a_line(void **state)
{
	const struct vma vma = { .start = 0x7ffff7eec000, .end = 0x7ffff7eee000, .perm = "rw-p", .name = "/tmp/a,b" };
	const struct page_info page = { .kind = PAGE_ANON };
	const struct path swapped = {
		.levels = 4, .kind = KIND_SWAP, .state = STATE_SWAP, .value = 1234, .swap_type = 3,
		.entry = { 0x1025, 0x2025, 0x3025, 0xfffffffffb2d02 },
	};
	const struct path none = { .state = STATE_NO_PROCESS };
	struct answer answer = { .pid = 7, .addr = 0x7ffff7eec010, .path = &mapped, .vma = &vma, .page = &page };
	struct render render = { .out = capture(), .geometry = &four_levels, .walker = "kmod" };

	(void)state;
	form_csv.path(&render, &answer);
	answer = (struct answer){ .pid = 7, .addr = 0x1000, .path = &swapped };
	form_csv.path(&render, &answer);
	answer.path = &none;
	form_csv.path(&render, &answer);
	assert_captured(render.out, "7,0x7ffff7eec010,mapped,0x2358a4010,4096,0x80000002358a4867,anon,,,rw-p,"
			"0x7ffff7eec000,0x7ffff7eee000,\"/tmp/a,b\"\n"
			"7,0x1000,swap,,,0xfffffffffb2d02,,3,1234,,,,\n"
			"7,0x1000,no-process,,,,,,,,,,\n");
}

/* What stands beside the data is text. */
static void the_totals_are_those_of_text(void **state)
{
	static const struct totals totals = { .seen = 3, .printed = 2, .lost = 1 };
	struct render render = { .out = capture(), .geometry = &four_levels, .walker = "kmod" };
	char *text;

	(void)state;
	form_csv.summary(&render, &totals);
	text = captured_text(render.out);
	assert_non_null(strstr(text, "3 faults seen = 2 printed + 0 filtered + 1 lost\n"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fault_is_a_line),
		cmocka_unit_test(a_sample_says_so),
		cmocka_unit_test(what_is_not_known_is_empty),
		cmocka_unit_test(a_line_has_as_many_fields_as_names),
		cmocka_unit_test(names_are_quoted_and_made_visible_where_they_must_be),
		cmocka_unit_test(an_answer_is_a_line),
		cmocka_unit_test(the_totals_are_those_of_text),
	};

	return cmocka_run_group_tests_name("render csv", tests, NULL, NULL);
}
