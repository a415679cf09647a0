// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* JSON to the byte: it is what other programs read, and INTERFACE.md says what they find. */
#include "render_fixture.h"

#define MAPPED_LEVELS \
	"\"levels\":[" \
	"{\"level\":\"pgd\",\"index\":255,\"entry\":\"0x237a97067\",\"kind\":\"table\"," \
	"\"flags\":[\"present\",\"write\",\"user\",\"accessed\",\"dirty\"]}," \
	"{\"level\":\"pud\",\"index\":511,\"entry\":\"0x237a98067\",\"kind\":\"table\"," \
	"\"flags\":[\"present\",\"write\",\"user\",\"accessed\",\"dirty\"]}," \
	"{\"level\":\"pmd\",\"index\":447,\"entry\":\"0x237a99067\",\"kind\":\"table\"," \
	"\"flags\":[\"present\",\"write\",\"user\",\"accessed\",\"dirty\"]}," \
	"{\"level\":\"pte\",\"index\":236,\"entry\":\"0x80000002358a4867\",\"kind\":\"page\"," \
	"\"flags\":[\"present\",\"write\",\"user\",\"accessed\",\"dirty\",\"soft-dirty\",\"nx\"]}]"

static void a_mapped_page(void **state)
{
	const struct vma vma = { .start = 0x7ffff7eec000, .end = 0x7ffff7eee000, .perm = "rw-p", .name = "[heap]" };
	const struct answer answer = { .pid = 7251, .addr = 0x7ffff7eec010, .path = &mapped, .vma = &vma };
	struct output *out = begin();

	(void)state;
	form_json.path_header(&render4);	/* writes nothing: each line is an object */
	form_json.path(&render4, &answer);
	assert_captured(out, "{\"type\":\"path\",\"pid\":7251,\"addr\":\"0x7ffff7eec010\",\"state\":\"mapped\","
			"\"phys\":\"0x2358a4010\",\"page_size\":4096," MAPPED_LEVELS
			",\"effective\":{\"write\":true,\"user\":true,\"exec\":false}"
			",\"vma\":{\"start\":\"0x7ffff7eec000\",\"end\":\"0x7ffff7eee000\",\"perm\":\"rw-p\","
			"\"name\":\"[heap]\",\"advice\":[]},\"walker\":\"kmod\"}\n");
}

/* The last of `levels` is where it ends; no page, so neither phys nor page_size. */
static void a_hole(void **state)
{
	const struct path path = { .levels = 2, .kind = KIND_NONE, .state = STATE_NONE, .entry = { 0x1067, 0 } };
	const struct answer answer = { .pid = 1, .addr = 0x10000, .path = &path };
	struct output *out = begin();

	(void)state;
	form_json.path(&render4, &answer);
	assert_captured(out, "{\"type\":\"path\",\"pid\":1,\"addr\":\"0x10000\",\"state\":\"none\",\"levels\":["
			"{\"level\":\"pgd\",\"index\":0,\"entry\":\"0x1067\",\"kind\":\"table\","
			"\"flags\":[\"present\",\"write\",\"user\",\"accessed\",\"dirty\"]},"
			"{\"level\":\"pud\",\"index\":0,\"entry\":\"0x0\",\"kind\":\"none\",\"flags\":[]}],"
			"\"walker\":\"kmod\"}\n");
}

static void a_swapped_page(void **state)
{
	const struct path path = {
		.levels = 4, .kind = KIND_SWAP, .state = STATE_SWAP, .value = 1234, .swap_type = 3,
		.entry = { 0x1025, 0x2025, 0x3025, 0xfffffffffb2d02 },
	};
	const struct answer answer = { .pid = 1, .addr = 0, .path = &path };
	struct output *out = begin();
	char *text;

	(void)state;
	form_json.path(&render4, &answer);
	text = captured_text(out);
	assert_non_null(strstr(text, ",\"state\":\"swap\",\"swap\":{\"type\":3,\"offset\":1234},\"levels\":["));
	assert_non_null(strstr(text, "{\"level\":\"pte\",\"index\":0,\"entry\":\"0xfffffffffb2d02\",\"kind\":\"swap\","
			       "\"flags\":[\"soft-dirty\"]}],\"walker\""));
	assert_null(strstr(text, "phys"));
	assert_null(strstr(text, "page_size"));
	free(text);
}

static void an_error_has_no_levels(void **state)
{
	static const enum state errors[] = { STATE_NO_PROCESS, STATE_NO_MM, STATE_BAD_ADDRESS };

	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
		const struct path path = { .state = errors[i] };
		const struct answer answer = { .pid = 99, .addr = UINT64_MAX, .path = &path };
		struct output *out = begin();
		char expected[256];

		form_json.path(&render4, &answer);
		snprintf(expected, sizeof(expected), "{\"type\":\"path\",\"pid\":99,\"addr\":\"0xffffffffffffffff\","
			 "\"state\":\"%s\",\"levels\":[],\"walker\":\"kmod\"}\n", state_name(errors[i]));
		assert_captured(out, expected);
	}
}

static void five_levels_have_a_p4d(void **state)
{
	const struct path path = {
		.levels = 5, .kind = KIND_PAGE, .state = STATE_MAPPED, .value = 0x5000,
		.entry = { 0x1001, 0x2001, 0x3001, 0x4001, 0x5001 },
	};
	const struct answer answer = { .pid = 1, .addr = 0x1008040201234, .path = &path };
	struct output *out = begin();

	(void)state;
	form_json.path(&render5, &answer);
	assert_captured(out, "{\"type\":\"path\",\"pid\":1,\"addr\":\"0x1008040201234\",\"state\":\"mapped\","
			"\"phys\":\"0x5234\",\"page_size\":4096,\"levels\":["
			"{\"level\":\"pgd\",\"index\":1,\"entry\":\"0x1001\",\"kind\":\"table\","
			"\"flags\":[\"present\"]},"
			"{\"level\":\"p4d\",\"index\":1,\"entry\":\"0x2001\",\"kind\":\"table\","
			"\"flags\":[\"present\"]},"
			"{\"level\":\"pud\",\"index\":1,\"entry\":\"0x3001\",\"kind\":\"table\","
			"\"flags\":[\"present\"]},"
			"{\"level\":\"pmd\",\"index\":1,\"entry\":\"0x4001\",\"kind\":\"table\","
			"\"flags\":[\"present\"]},"
			"{\"level\":\"pte\",\"index\":1,\"entry\":\"0x5001\",\"kind\":\"page\","
			"\"flags\":[\"present\"]}],"
			"\"effective\":{\"write\":false,\"user\":false,\"exec\":true},"
			"\"walker\":\"kmod\"}\n");
}

static void a_huge_page(void **state)
{
	const struct path path = {
		.levels = 3, .kind = KIND_PAGE, .state = STATE_MAPPED, .value = 0x40000000,
		.entry = { 0x1001, 0x2001, 0x40000081 },
	};
	const struct answer answer = { .pid = 1, .addr = 0x212345, .path = &path };
	struct output *out = begin();
	char *text;

	(void)state;
	form_json.path(&render4, &answer);
	text = captured_text(out);
	assert_non_null(strstr(text, "\"phys\":\"0x40012345\",\"page_size\":2097152,"));
	assert_non_null(strstr(text, "{\"level\":\"pmd\",\"index\":1,\"entry\":\"0x40000081\",\"kind\":\"page\","
			       "\"flags\":[\"present\",\"huge\"]}],"));
	free(text);
}

/* There is a page, only no access to it. */
static void protnone_has_a_page(void **state)
{
	const struct path path = {
		.levels = 4, .kind = KIND_PROTNONE, .state = STATE_PROTNONE, .value = 0x5000,
		.entry = { 1, 1, 1, 0x5160 },
	};
	const struct answer answer = { .pid = 1, .addr = 0x10, .path = &path };
	struct output *out = begin();
	char *text;

	(void)state;
	form_json.path(&render4, &answer);
	text = captured_text(out);
	assert_non_null(strstr(text, "\"state\":\"protnone\",\"phys\":\"0x5010\",\"page_size\":4096,"));
	assert_non_null(strstr(text, "\"kind\":\"protnone\",\"flags\":[\"accessed\",\"dirty\"]"));
	free(text);
}

/* ---- what resolve adds ---- */

static void assert_says(const struct answer *answer, const char *json)
{
	struct output *out = begin();
	char *text;

	form_json.path(&render4, answer);
	text = captured_text(out);
	if (!strstr(text, json))
		fail_msg("no %s in %s", json, text);
	free(text);
}

static void assert_silent(const struct answer *answer, const char *json)
{
	struct output *out = begin();
	char *text;

	form_json.path(&render4, answer);
	text = captured_text(out);
	if (strstr(text, json))
		fail_msg("%s in %s", json, text);
	free(text);
}

static void a_swap_area_has_its_name(void **state)
{
	const struct path path = {
		.levels = 4, .kind = KIND_SWAP, .state = STATE_SWAP, .value = 1234, .swap_type = 3,
	};
	const struct answer answer = { .pid = 1, .path = &path, .swap_name = "/dev/zram\"0" };

	(void)state;
	assert_says(&answer, ",\"swap\":{\"type\":3,\"offset\":1234,\"name\":\"/dev/zram\\\"0\"},");
	assert_silent(&answer, "effective");
}

static void a_marker_has_its_names(void **state)
{
	struct path path = { .levels = 4, .kind = KIND_MARKER, .state = STATE_MARKER, .value = 5 };
	const struct answer answer = { .pid = 1, .path = &path };

	(void)state;
	assert_says(&answer, "\"state\":\"marker\",\"marker\":[\"uffd-wp\",\"guard\"],\"levels\":");
	path.value = 0;
	assert_says(&answer, "\"marker\":[],");
}

static void what_a_walk_is_worth_is_said(void **state)
{
	struct path path = mapped;
	const struct answer answer = { .pid = 1, .path = &path };

	(void)state;
	assert_silent(&answer, "best_effort");
	assert_silent(&answer, "changed");
	assert_silent(&answer, "numa_hint");
	path.kernel = true;
	assert_says(&answer, "\"state\":\"mapped\",\"best_effort\":true,\"phys\":");
	path = (struct path){ .levels = 3, .kind = KIND_TABLE, .state = STATE_UNKNOWN, .changed = true };
	assert_says(&answer, "\"state\":\"unknown\",\"changed\":true,\"levels\":");
	path = (struct path){ .levels = 4, .kind = KIND_PROTNONE, .state = STATE_PROTNONE, .numa_hint = true };
	assert_says(&answer, "\"state\":\"protnone\",\"numa_hint\":true,\"phys\":");
}

static void a_page_has_what_is_known_of_it(void **state)
{
	struct page_info page = {
		.kind = PAGE_ANON, .node = 1, .folio_size = 65536, .flags = 1 << 3 | 1 << 5, .mapcount = 2,
		.has_flags = true, .has_mapcount = true,
	};
	const struct answer answer = { .pid = 1, .path = &mapped, .page = &page };

	(void)state;
	assert_says(&answer, ",\"page\":{\"kind\":\"anon\",\"node\":1,\"folio_size\":65536,"
		    "\"flags\":[\"uptodate\",\"lru\"],\"mapcount\":2},\"walker\"");
	page = (struct page_info){ .kind = PAGE_UNKNOWN, .node = 0 };
	assert_says(&answer, ",\"page\":{\"node\":0},");
	page = (struct page_info){ .kind = PAGE_ZERO, .node = -1 };
	assert_says(&answer, ",\"page\":{\"kind\":\"zero\"},");
	page = (struct page_info){ .kind = PAGE_UNKNOWN, .node = -1 };
	assert_says(&answer, ",\"page\":{},");
	page = (struct page_info){ .kind = PAGE_UNKNOWN, .node = -1, .has_flags = true };
	assert_says(&answer, ",\"page\":{\"flags\":[]},");
}

static void a_mapping_has_its_file_and_advice(void **state)
{
	const struct vma vma = {
		.start = 0x1000, .end = 0x2000, .perm = "r-xp", .name = "/lib/x", .offset = 0x3000, .inode = 4711,
		.major = 259, .minor = 7, .flags = VMA_FILE | VMA_HUGEPAGE | VMA_LOCKED | VMA_UFFD_MINOR,
	};
	const struct answer answer = { .pid = 1, .addr = 0x1000, .path = &mapped, .vma = &vma };

	(void)state;
	assert_says(&answer, ",\"vma\":{\"start\":\"0x1000\",\"end\":\"0x2000\",\"perm\":\"r-xp\","
		    "\"name\":\"/lib/x\",\"offset\":\"0x3000\",\"inode\":4711,\"dev\":\"259:7\","
		    "\"advice\":[\"hugepage\",\"locked\",\"uffd-minor\"]},\"walker\"");
}

static void assert_name(const char *name, const char *json)
{
	const struct vma vma = { .start = 0x1000, .end = 0x2000, .perm = "r--p", .name = name };
	const struct answer answer = { .pid = 1, .addr = 0x1000, .path = &mapped, .vma = &vma };
	struct output *out = begin();
	char expected[256], *text, *found;

	form_json.path(&render4, &answer);
	text = captured_text(out);
	snprintf(expected, sizeof(expected), "\"name\":\"%s\",\"advice\":[]},\"walker\":\"kmod\"}\n", json);
	found = strstr(text, "\"name\":");
	assert_non_null(found);
	assert_string_equal(found, expected);
	free(text);
}

/* A file's name may be any bytes but NUL and '/': each must come out as valid JSON in valid UTF-8, on one line. */
static void names_are_escaped(void **state)
{
	(void)state;
	assert_name("", "");
	assert_name("/tmp/a b", "/tmp/a b");
	assert_name("say \"x\"", "say \\\"x\\\"");
	assert_name("back\\slash", "back\\\\slash");
	assert_name("a\nb\tc\033[31m\x7f", "a\\u000ab\\u0009c\\u001b[31m\\u007f");
	assert_name("\xc2\x80\xc2\x9b" "2J\xc2\x9f\xc2\xa0", "\\u0080\\u009b2J\\u009f\xc2\xa0");
	assert_name("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
}

static void broken_utf8_is_replaced(void **state)
{
	(void)state;
	assert_name("a\xff" "b", "a\\ufffdb");
	assert_name("\x80", "\\ufffd");				/* a continuation of nothing */
	assert_name("\xc3", "\\ufffd");				/* cut off by the end */
	assert_name("\xe2\x82", "\\ufffd\\ufffd");
	assert_name("\xf0\x9f\x98", "\\ufffd\\ufffd\\ufffd");
	assert_name("\xc3(", "\\ufffd(");
	assert_name("\xc0\xaf", "\\ufffd\\ufffd");		/* '/', too long */
	assert_name("\xc1\xbf", "\\ufffd\\ufffd");
	assert_name("\xe0\x9f\xbf", "\\ufffd\\ufffd\\ufffd");
	assert_name("\xf0\x8f\xbf\xbf", "\\ufffd\\ufffd\\ufffd\\ufffd");
	assert_name("\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd");	/* a surrogate */
	assert_name("\xf4\x90\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd");	/* beyond U+10FFFF */
	assert_name("\xf5\x80\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd");
	assert_name("\xf8\x88\x80\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd");
	assert_name("\xc3\"", "\\ufffd\\\"");			/* must not swallow the quote */
}

#define WRITE_FAULT \
	"{\"type\":\"fault\",\"ts\":1000042000,\"cpu\":1,\"pid\":2621,\"tid\":2622,\"comm\":\"a.out\"," \
	"\"addr\":\"0x7ffff7eec010\",\"ip\":\"0x555555555189\",\"access\":\"write\",\"mode\":\"user\",\"error_code\":6," \
	"\"cause\":\"first-touch\",\"evidence\":[\"write\",\"before-none\"],"

static void a_fault(void **state)
{
	struct output *out = begin();

	(void)state;
	form_json.fault_header(&render4);
	form_json.fault(&render4, &write_fault);
	assert_captured(out, WRITE_FAULT "\"after\":{\"state\":\"mapped\",\"phys\":\"0x2358a4010\",\"page_size\":4096,"
			MAPPED_LEVELS "},\"walk\":{\"walker\":\"kmod\",\"age_ns\":35000,\"status\":\"ok\"}}\n");
}

/* What is gone was not "not mapped": there is no answer, so there is no `after`. */
static void a_fault_of_a_process_that_is_gone(void **state)
{
	struct fault fault = write_fault;
	struct output *out = begin();

	(void)state;
	fault.walk_status = WALK_GONE;
	form_json.fault(&render4, &fault);
	assert_captured(out, WRITE_FAULT "\"walk\":{\"walker\":\"kmod\",\"age_ns\":35000,\"status\":\"gone\"}}\n");
}

/* The kernel-side snapshot, where there is one. */
static void what_is_gone_has_what_the_fault_left(void **state)
{
	struct fault fault = write_fault;
	struct output *out = begin();

	(void)state;
	fault.walk_status = WALK_GONE;
	fault.has_left = true;
	fault.left = mapped;
	fault.after = (struct path){ 0 };
	form_json.fault(&render4, &fault);
	assert_captured(out, WRITE_FAULT "\"after\":{\"state\":\"mapped\",\"phys\":\"0x2358a4010\",\"page_size\":4096,"
			MAPPED_LEVELS "},\"walk\":{\"walker\":\"kmod\",\"age_ns\":35000,\"status\":\"gone\"}}\n");
}

static void a_fault_has_its_end(void **state)
{
	struct fault fault = write_fault;
	struct output *out = begin();

	(void)state;
	fault.has_latency = fault.has_before = true;
	fault.latency = 812;
	fault.result = RESULT_MAJOR;
	fault.before = mapped;
	form_json.fault(&render4, &fault);
	assert_captured(out, WRITE_FAULT "\"result\":\"major\",\"latency_ns\":812,\"before\":{" MAPPED_LEVELS "},"
			"\"after\":{\"state\":\"mapped\",\"phys\":\"0x2358a4010\",\"page_size\":4096,"
			MAPPED_LEVELS "},\"walk\":{\"walker\":\"kmod\",\"age_ns\":35000,\"status\":\"ok\"}}\n");
}

static void a_stale_answer_is_shown_as_such(void **state)
{
	struct fault fault = write_fault;
	struct output *out = begin();

	(void)state;
	fault.walk_status = WALK_STALE;
	form_json.fault(&render4, &fault);
	assert_captured(out, WRITE_FAULT "\"after\":{\"state\":\"mapped\",\"phys\":\"0x2358a4010\",\"page_size\":4096,"
			MAPPED_LEVELS "},\"walk\":{\"walker\":\"kmod\",\"age_ns\":35000,\"status\":\"stale\"}}\n");
}

static void assert_access(unsigned int error_code, bool kernel_mode, const char *expected)
{
	struct fault fault = write_fault;
	struct output *out = begin();
	char *text;

	fault.error_code = error_code;
	fault.kernel_mode = kernel_mode;
	form_json.fault(&render4, &fault);
	text = captured_text(out);
	if (!strstr(text, expected))
		fail_msg("error code %u: no %s in %s", error_code, expected, text);
	free(text);
}

static void the_error_code_says_the_access(void **state)
{
	(void)state;
	assert_access(4, false, ",\"access\":\"read\",\"mode\":\"user\",\"error_code\":4,");
	assert_access(5, false, ",\"access\":\"read\",\"mode\":\"user\",\"error_code\":5,");
	assert_access(7, false, ",\"access\":\"write\",\"mode\":\"user\",\"error_code\":7,");
	assert_access(0x14, false, ",\"access\":\"exec\",\"mode\":\"user\",\"error_code\":20,");
	assert_access(2, true, ",\"access\":\"write\",\"mode\":\"kernel\",\"error_code\":2,");
	assert_access(0, true, ",\"access\":\"read\",\"mode\":\"kernel\",\"error_code\":0,");
}

/* prctl(PR_SET_NAME) takes any bytes, and cuts them wherever 15 are full. */
static void a_comm_is_escaped(void **state)
{
	struct fault fault = write_fault;
	struct output *out = begin();
	char *text;

	(void)state;
	memcpy(fault.comm, "\"\\\n\033]0;xxxxxxx\xc3", 16);
	form_json.fault(&render4, &fault);
	text = captured_text(out);
	assert_non_null(strstr(text, ",\"comm\":\"\\\"\\\\\\u000a\\u001b]0;xxxxxxx\\ufffd\",\"addr\":"));
	free(text);
}

static void the_summary_has_the_cpus(void **state)
{
	const struct cpu_totals cpu[] = { { 7, 4, 2, 1 }, { 0 }, { 3, 3, 0, 0 } };
	struct totals totals = { .seen = 10, .printed = 7, .filtered = 2, .lost = 1, .cpu = cpu, .cpus = 3 };
	struct output *out = begin();
	char *text;

	(void)state;
	form_json.summary(&render4, &totals);
	text = captured_text(out);
	assert_non_null(strstr(text, ",\"cpus\":[{\"cpu\":0,\"seen\":7,\"printed\":4,\"filtered\":2,\"lost\":1},"
				     "{\"cpu\":2,\"seen\":3,\"printed\":3,\"filtered\":0,\"lost\":0}]}\n"));
	free(text);
}

static void the_summary(void **state)
{
	struct output *out = begin();

	(void)state;
	form_json.summary(&render4, &some_totals);
	assert_captured(out, "{\"type\":\"summary\",\"seen\":2060,\"printed\":2048,\"filtered\":7,\"lost\":5,"
			"\"walks\":{\"ok\":2040,\"gone\":5,\"stale\":2,\"failed\":1},"
			"\"causes\":{\"first-touch\":2040,\"zero-page\":0,\"thp\":0,\"cow\":7,\"cow-reuse\":0,"
			"\"shmem\":0,\"file-minor\":0,\"file-major\":0,\"write-notify\":0,\"swap-in\":0,"
			"\"numa-hint\":0,\"migration\":0,\"hugetlb\":0,\"userfault\":0,\"stack\":0,"
			"\"spurious\":0,\"segv\":0,\"sigbus\":0,\"oom\":0,\"kernel\":0,\"unknown\":1}}\n");
}

static void large_numbers_are_no_floats(void **state)
{
	const struct totals totals = { .seen = UINT64_MAX, .printed = UINT64_MAX };
	struct output *out = begin();
	char *text;

	(void)state;
	form_json.summary(&render4, &totals);
	text = captured_text(out);
	assert_non_null(strstr(text, "\"seen\":18446744073709551615,\"printed\":18446744073709551615,"));
	free(text);
}

static void the_layout(void **state)
{
	struct output *out = begin();
	char *text;

	(void)state;
	form_json.layout(&render5);
	text = captured_text(out);
	assert_non_null(strstr(text, "{\"type\":\"layout\",\"levels\":5,\"page_offset\":\"0xff11000000000000\","));
	assert_non_null(strstr(text, "\"task_size_max\":\"0xfffffffffff000\",\"pfn_mask\":\"0xffffffffff000\","));
	assert_non_null(strstr(text, "{\"level\":\"pgd\",\"shift\":48,"
			       "\"entries\":512,\"mask\":\"0xffff000000000000\"}"));
	assert_non_null(strstr(text, "{\"level\":\"p4d\",\"shift\":39,"
			       "\"entries\":512,\"mask\":\"0xffffff8000000000\"}"));
	assert_non_null(strstr(text, "{\"level\":\"pte\",\"shift\":12,"
			       "\"entries\":512,\"mask\":\"0xfffffffffffff000\"}]}\n"));
	free(text);
}

static void four_levels_have_no_p4d_in_the_layout(void **state)
{
	struct output *out = begin();
	char *text;

	(void)state;
	form_json.layout(&render4);
	text = captured_text(out);
	assert_null(strstr(text, "p4d"));
	assert_non_null(strstr(text, "{\"level\":\"pud\",\"shift\":30,"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mapped_page),
		cmocka_unit_test(a_hole),
		cmocka_unit_test(a_swapped_page),
		cmocka_unit_test(an_error_has_no_levels),
		cmocka_unit_test(five_levels_have_a_p4d),
		cmocka_unit_test(a_huge_page),
		cmocka_unit_test(protnone_has_a_page),
		cmocka_unit_test(a_swap_area_has_its_name),
		cmocka_unit_test(a_marker_has_its_names),
		cmocka_unit_test(what_a_walk_is_worth_is_said),
		cmocka_unit_test(a_page_has_what_is_known_of_it),
		cmocka_unit_test(a_mapping_has_its_file_and_advice),
		cmocka_unit_test(names_are_escaped),
		cmocka_unit_test(broken_utf8_is_replaced),
		cmocka_unit_test(a_fault),
		cmocka_unit_test(a_fault_of_a_process_that_is_gone),
		cmocka_unit_test(what_is_gone_has_what_the_fault_left),
		cmocka_unit_test(a_fault_has_its_end),
		cmocka_unit_test(a_stale_answer_is_shown_as_such),
		cmocka_unit_test(the_error_code_says_the_access),
		cmocka_unit_test(a_comm_is_escaped),
		cmocka_unit_test(the_summary),
		cmocka_unit_test(the_summary_has_the_cpus),
		cmocka_unit_test(large_numbers_are_no_floats),
		cmocka_unit_test(the_layout),
		cmocka_unit_test(four_levels_have_no_p4d_in_the_layout),
	};

	return cmocka_run_group_tests_name("JSON", tests, NULL, NULL);
}
