// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Text for people: what a line says, that its columns stand under their names, and that it fits a screen. */
#include "render_fixture.h"
#include "text.h"

static char *fault_line(const struct form *form, const struct fault *fault)
{
	struct output *out = begin();

	form->fault(&render4, fault);
	return captured_text(out);
}

static void assert_fault(const struct fault *fault, const char *expected)
{
	char *text = fault_line(&form_text, fault);

	assert_string_equal(text, expected);
	free(text);
}

static void a_fault_is_a_line(void **state)
{
	(void)state;
	assert_fault(&write_fault, "0.000042 a.out/2622    uw 0x7ffff7eec010 "
		     "255.511.447.236 4K 0x2358a4010      - first-touch\n");
}

/* Where the word of the header begins, the value of the line does. */
static void assert_column(const char *header, const char *word, const char *line, const char *value)
{
	const char *in_header = strstr(header, word), *in_line = strstr(line, value);

	if (!in_header || !in_line || in_header - header != in_line - line)
		fail_msg("'%s' is not under '%s':\n%s%s", value, word, header, line);
}

static void columns_stand_under_their_names(void **state)
{
	char *header, *line = fault_line(&form_text, &write_fault);
	struct output *out = begin();

	(void)state;
	form_text.fault_header(&render4);
	header = captured_text(out);
	assert_column(header, "COMM/TID", line, "a.out/2622");
	assert_column(header, "AC", line, "uw");
	assert_column(header, "ADDRESS", line, "0x7ffff7eec010");
	assert_column(header, "PGD.PUD.PMD.PTE", line, "255.511.447.236");
	assert_column(header, "PG ", line, "4K");
	assert_column(header, "PHYSICAL", line, "0x2358a4010");
	assert_column(header, "CAUSE", line, "first-touch");
	/* the time is right-aligned: its end stands under the end of its name */
	assert_int_equal(strstr(header, "TIME") - header + 4, strstr(line, " a.out") - line);
	free(header);
	free(line);
}

static void columns_stand_under_their_names_with_five_levels(void **state)
{
	struct fault fault = write_fault;
	struct output *out = begin();
	char *header, *line;

	(void)state;
	fault.after.levels = 5;
	fault.after.entry[4] = 0x2358a4867;
	form_text.fault_header(&render5);
	header = captured_text(out);
	out = begin();
	form_text.fault(&render5, &fault);
	line = captured_text(out);
	assert_column(header, "PGD.P4D.PUD.PMD.PTE", line, "0.255.511.447.236");
	assert_column(header, "PG ", line, "4K");
	assert_column(header, "PHYSICAL", line, "0x2358a4010");
	free(header);
	free(line);
}

/* With all columns full. The path before ends at its last level, or at an earlier one. */
static struct fault full_fault(unsigned int levels, uint64_t addr, enum cause_word cause, enum kind kind,
			       unsigned int before_levels)
{
	struct fault fault = write_fault;

	fault.ts = 1000000000 + 999999999999;
	fault.pid = fault.tid = 4194303;
	strcpy(fault.comm, "fifteen-letters");
	fault.addr = addr;
	fault.has_latency = fault.has_before = fault.has_left = true;
	fault.latency = 999999999;
	fault.cause.word = cause;
	for (unsigned int i = 0; i < levels; i++)
		fault.after.entry[i] = TABLE_FLAGS;
	fault.after.levels = levels;
	fault.before = fault.after;
	fault.after.value = 0xfffffff000;
	fault.after.entry[levels - 1] = fault.after.value | PAGE_RW | NX;
	fault.left = fault.after;
	fault.before.kind = kind;
	fault.before.state = kind == KIND_PAGE ? STATE_MAPPED : STATE_NONE;
	fault.before.levels = before_levels ? before_levels : levels;
	fault.before.entry[fault.before.levels - 1] = kind == KIND_PAGE ? fault.before.value | PAGE_RO | NX : 0;
	return fault;
}

static void the_widest_usual_lines_fit(void **state)
{
	static const struct {
		uint64_t addr;
		enum cause_word cause;
		enum kind kind;
		unsigned int levels;
		const char *end;
	} cases[] = {
		{ 0x7ffff7eec010, CAUSE_COW, KIND_PAGE, 0, " 0xfffffff010 999ms cow         RO>RW new\n" },
		{ 0x7ffff7eec010, CAUSE_MIGRATION, KIND_MIGRATION, 0, " 999ms migration   migr>RW\n" },
		{ 0x7ffff7eec010, CAUSE_NUMA_HINT, KIND_PROTNONE, 0, " 999ms numa-hint   NA>RW\n" },
		{ 0x7ffff7eec010, CAUSE_WRITE_NOTIFY, KIND_NONE, 0, " 999ms write-notify none>RW\n" },
		{ 0x7ffff7eec010, CAUSE_FIRST_TOUCH, KIND_NONE, 2, "+ RW\n" },
		{ 0x7ffff7eec010, CAUSE_FILE_MAJOR, KIND_NONE, 1, "+ RW\n" },
		{ 0xffeffff7eec010, CAUSE_COW, KIND_PAGE, 0, " 999ms cow       RO>RW new\n" },
		{ 0xffeffff7eec010, CAUSE_FIRST_TOUCH, KIND_NONE, 0, " 999ms first-touch none>RW\n" },
		{ 0xffff8881ffeec010, CAUSE_KERNEL, KIND_PAGE, 0, " 999ms kernel  RO>RW new\n" },
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(*cases); i++) {
		unsigned int levels = 4 + i % 2;
		struct fault fault = full_fault(levels, cases[i / 2].addr, cases[i / 2].cause, cases[i / 2].kind,
						cases[i / 2].levels);
		struct output *out = begin();
		char *line;

		form_text.fault(levels == 5 ? &render5 : &render4, &fault);
		line = captured_text(out);
		if (strlen(line) > 101 || !strstr(line, cases[i / 2].end))
			fail_msg("wider than 100, or no '%s': %s", cases[i / 2].end, line);
		free(line);
	}
}

static void times_have_the_decimals_that_fit(void **state)
{
	static const struct { uint64_t ns; const char *text; } cases[] = {
		{ 9999999999, "9.999999 a" }, { 10000000000, "10.00000 a" }, { 123456789012, "123.4567 a" },
		{ 1234567890123, "1234.567 a" }, { 123456050123456, "123456.0 a" }, { 1234567890123456, " 1234567 a" },
		{ 12345678000000000, "12345678 a" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault fault = write_fault;
		char *line;

		fault.ts = 1000000000 + cases[i].ns;
		line = fault_line(&form_text, &fault);
		if (strncmp(line, cases[i].text, strlen(cases[i].text)))
			fail_msg("no '%s' at the start of %s", cases[i].text, line);
		free(line);
	}
}

/* Wider than its column is wide: the line gets longer, and nothing is cut or run together. */
static void wide_values_are_not_cut(void **state)
{
	struct fault fault = write_fault;
	char *line;

	(void)state;
	fault.ts = 1000000000 + 1234567890000000000;
	fault.pid = fault.tid = 4294967295;
	fault.addr = UINT64_MAX;
	line = fault_line(&form_text, &fault);
	assert_non_null(strstr(line, "1234567890 a./4294967295 uw "));
	assert_non_null(strstr(line, " 0xffffffffffffffff "));
	free(line);
}

/* A fault that was recorded before our clock was read must not be shown as one of 584 years later. */
static void time_does_not_run_backwards(void **state)
{
	struct fault fault = write_fault;
	char *line;

	(void)state;
	fault.ts = 999999999;
	line = fault_line(&form_text, &fault);
	assert_memory_equal(line, "0.000000 ", 9);
	free(line);
}

static void accesses_have_their_letters(void **state)
{
	static const struct { unsigned int error_code; bool kernel; const char *word; } cases[] = {
		{ 4, false, " ur " }, { 7, false, " uw " }, { 0x15, false, " ux " },
		{ 0, true, " kr " }, { 3, true, " kw " }, { 0x10, true, " kx " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault fault = write_fault;
		char *line;

		fault.error_code = cases[i].error_code;
		fault.kernel_mode = cases[i].kernel;
		line = fault_line(&form_text, &fault);
		if (!strstr(line, cases[i].word))
			fail_msg("error code %u: no '%s' in %s", cases[i].error_code, cases[i].word, line);
		free(line);
	}
}

/* Said to be gone, never shown as "not mapped". */
static void what_is_gone_is_said_to_be_gone(void **state)
{
	struct fault fault = write_fault;
	char *text;

	(void)state;
	fault.walk_status = WALK_GONE;
	fault.after = (struct path){ 0 };
	assert_fault(&fault, "0.000042 a.out/2622    uw 0x7ffff7eec010 "
		     "-               gone                - first-touch\n");
	text = fault_line(&form_verbose, &fault);
	assert_non_null(strstr(text, "gone"));
	assert_null(strstr(text, "mapped"));
	free(text);
	fault.walk_status = WALK_FAILED;
	assert_fault(&fault, "0.000042 a.out/2622    uw 0x7ffff7eec010 "
		     "-               failed              - first-touch\n");
}

static void a_hole_says_where_it_ends(void **state)
{
	struct fault fault = write_fault;

	(void)state;
	fault.after = (struct path){ .levels = 3, .kind = KIND_NONE, .state = STATE_NONE, .entry = { 1, 1, 0 } };
	assert_fault(&fault, "0.000042 a.out/2622    uw 0x7ffff7eec010 255.511.447     "
		     "none at PMD         - first-touch\n");
}

static void a_swapped_page_says_where_it_is(void **state)
{
	struct fault fault = write_fault;

	(void)state;
	fault.after = (struct path){
		.levels = 4, .kind = KIND_SWAP, .state = STATE_SWAP, .value = 1234, .swap_type = 3,
	};
	assert_fault(&fault, "0.000042 a.out/2622    uw 0x7ffff7eec010 255.511.447.236 "
		     "swap 3:1234         - first-touch\n");
}

static void other_states_have_their_name(void **state)
{
	static const enum state states[] = { STATE_MIGRATION, STATE_HWPOISON, STATE_MARKER, STATE_UNKNOWN };

	(void)state;
	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) {
		struct fault fault = write_fault;
		char *line;

		fault.after.state = states[i];
		fault.after.kind = KIND_OTHER;
		line = fault_line(&form_text, &fault);
		assert_non_null(strstr(line, state_name(states[i])));
		assert_null(strstr(line, "0x2358a4010"));
		free(line);
	}
}

static void protnone_shows_its_page_and_its_state(void **state)
{
	struct fault fault = write_fault;

	(void)state;
	fault.after.state = STATE_PROTNONE;
	fault.after.kind = KIND_PROTNONE;
	assert_fault(&fault, "0.000042 a.out/2622    uw 0x7ffff7eec010 255.511.447.236 4K "
		     "0x2358a4010 protnone     - first-touch\n");
}

/* A process chooses its name; the administrator's terminal must not obey it. */
static void control_characters_are_made_visible(void **state)
{
	struct fault fault = write_fault;
	char *line;

	(void)state;
	strcpy(fault.comm, "\033]0;x\a\n\r\x7f\x1f");
	line = fault_line(&form_text, &fault);
	assert_non_null(strstr(line, " \\x1b]0;x\\x07\\x0a\\x0d/2622 "));
	assert_int_equal(strcspn(line, "\033\a\r\x7f\x1f"), strlen(line));
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	free(line);
	line = fault_line(&form_verbose, &fault);
	assert_int_equal(strcspn(line, "\033\a\r\x7f\x1f"), strlen(line));
	free(line);
}

/* ---- what a fault did ---- */

static struct fault changed_fault(struct path before, struct path left)
{
	struct fault fault = write_fault;

	fault.has_latency = fault.has_before = fault.has_left = true;
	fault.latency = 1234;
	fault.result = RESULT_MINOR;
	fault.before = before;
	fault.left = fault.after = left;
	return fault;
}

static void assert_change(struct path before, struct path left, const char *change)
{
	struct fault fault = changed_fault(before, left);
	char *line = fault_line(&form_text, &fault), expected[64];

	snprintf(expected, sizeof(expected), "0x2358a4010  1.2us first-touch %s\n", change);
	if (!strstr(line, expected))
		fail_msg("no '%s' in %s", expected, line);
	free(line);
}

static void a_change_is_named(void **state)
{
	struct path none = { .levels = 4, .kind = KIND_NONE, .state = STATE_NONE, .entry = { 0x237a97067 } };
	struct path read_only = mapped, copied = mapped, code = mapped;

	(void)state;
	assert_change(none, mapped, "none>RW");
	none.levels = 3;
	assert_change(none, mapped, "PTE+ RW");
	none.levels = 2;
	assert_change(none, mapped, "PMD+ RW");
	none.levels = 1;
	assert_change(none, mapped, "PUD+ RW");
	read_only.entry[3] &= ~2ULL;
	assert_change(read_only, mapped, "RO>RW");
	copied.value = read_only.value + 0x1000;
	read_only.value = copied.value;
	assert_change(read_only, mapped, "RO>RW new");
	code.entry[3] = 0x2358a4025;
	assert_change(mapped, code, "RW>RX");
	assert_change(mapped, mapped, "none");
}

/* A fault that found no page has none to tell of. */
static void a_bad_end_is_named(void **state)
{
	const struct path none = { .levels = 3, .kind = KIND_NONE, .state = STATE_NONE, .entry = { 1, 1, 0 } };
	struct fault fault = changed_fault(none, none);

	(void)state;
	fault.result = RESULT_SEGV;
	fault.cause.word = CAUSE_SEGV;
	fault.has_latency = false;
	assert_fault(&fault, "0.000042 a.out/2622    uw 0x7ffff7eec010 255.511.447     "
		     "none at PMD         - segv\n");
}

static void a_block_tells_what_changed(void **state)
{
	struct path read_only = mapped;
	struct fault fault;
	struct output *out = begin();

	(void)state;
	read_only.entry[3] = 0x80000002358a4025;
	fault = changed_fault(read_only, mapped);
	form_verbose.fault(&render4, &fault);
	assert_captured(out,
		"0.000042  PID 2621  TID 2622  a.out  user write  0x7ffff7eec010  ip 0x555555555189  cpu 1  error 0x6\n"
		"  cause first-touch: a write, no entry before\n"
		"  minor, 1234 ns\n"
		"  PGD 255  0x0000000237a97067  table    present write user accessed dirty\n"
		"  PUD 511  0x0000000237a98067  table    present write user accessed dirty\n"
		"  PMD 447  0x0000000237a99067  table    present write user accessed dirty\n"
		"  PTE 236  0x80000002358a4025  4K page  present user accessed nx\n"
		"     now  0x80000002358a4867  4K page  +write +dirty +soft-dirty\n"
		"  physical page 0x2358a4000 + offset 0x10 = 0x2358a4010\n");
}

/* More facts than any fault has: each is there, and no line is wider than a terminal. */
static void evidence_takes_as_many_lines_as_it_needs(void **state)
{
	struct fault fault = changed_fault(mapped, mapped);
	struct output *out = begin();
	char *text, *line, *rest;

	(void)state;
	fault.cause.facts = (1ULL << FACTS) - 1;
	form_verbose.fault(&render4, &fault);
	text = captured_text(out);
	for (unsigned int i = 0; i < FACTS; i++)
		assert_non_null(strstr(text, fact_phrase(i)));
	rest = strstr(text, "  cause ");
	for (unsigned int i = 0; i < 10; i++) {
		line = strsep(&rest, "\n");
		assert_in_range(strlen(line), 60, 100);
	}
	free(text);
}

static void a_block_shows_new_tables_and_a_stale_answer(void **state)
{
	const struct path none = { .levels = 3, .kind = KIND_NONE, .state = STATE_NONE,
				   .entry = { 0x237a97067, 0x237a98067, 0 } };
	struct fault fault = changed_fault(none, mapped);
	struct output *out = begin();
	char *text;

	(void)state;
	fault.walk_status = WALK_STALE;
	fault.after = none;
	form_verbose.fault(&render4, &fault);
	text = captured_text(out);
	assert_non_null(strstr(text, "  PTE 236  in a new table\n     now  0x80000002358a4867  4K page  present write"));
	assert_non_null(strstr(text, "  kmod found, 35us after it began:\n  PGD 255 "));
	assert_non_null(strstr(text, "  not mapped: nothing at the PMD\n"));
	free(text);
}

static void of_what_is_gone_the_snapshot_is_shown(void **state)
{
	struct fault fault = changed_fault(mapped, mapped);
	char *text;

	(void)state;
	fault.walk_status = WALK_GONE;
	fault.after = (struct path){ 0 };
	text = fault_line(&form_text, &fault);
	assert_non_null(strstr(text, " 255.511.447.236 4K 0x2358a4010 "));
	free(text);
	text = fault_line(&form_verbose, &fault);
	assert_non_null(strstr(text, "= 0x2358a4010\n  gone since\n"));
	free(text);
}

static void losses_are_said(void **state)
{
	struct output *out = begin();

	(void)state;
	form_text.lost(&render4, 1);
	form_text.lost(&render4, 123);
	assert_captured(out, "LOST 1 fault\nLOST 123 faults\n");
}

static void durations_have_units(void **state)
{
	struct output *out = begin();

	(void)state;
	put_duration(out, 0, 6);
	put_duration(out, 999, 6);
	put_duration(out, 1000, 6);
	put_duration(out, 9999, 0);
	put_duration(out, 10000000, 6);
	put_duration(out, 12345000000000, 0);
	assert_captured(out, "   0ns 999ns 1.0us9.9us  10ms12345s");
}

/* ---- blocks ---- */

static void a_block_has_a_line_for_each_level(void **state)
{
	struct output *out = begin();

	(void)state;
	form_verbose.fault_header(&render4);
	form_verbose.fault(&render4, &write_fault);
	assert_captured(out,
		"0.000042  PID 2621  TID 2622  a.out  user write  0x7ffff7eec010  ip 0x555555555189  cpu 1  error 0x6\n"
		"  cause first-touch: a write, no entry before\n"
		"  PGD 255  0x0000000237a97067  table    present write user accessed dirty\n"
		"  PUD 511  0x0000000237a98067  table    present write user accessed dirty\n"
		"  PMD 447  0x0000000237a99067  table    present write user accessed dirty\n"
		"  PTE 236  0x80000002358a4867  4K page  present write user accessed dirty soft-dirty nx\n"
		"  physical page 0x2358a4000 + offset 0x10 = 0x2358a4010\n");
}

/* The order of the issue: PGD, P4D, PUD, PMD, PTE. */
static void a_block_of_five_levels(void **state)
{
	const struct path path = {
		.levels = 5, .kind = KIND_PAGE, .state = STATE_MAPPED, .value = 0x5000,
		.entry = { 0x1001, 0x2001, 0x3001, 0x4001, 0x5001 },
	};
	const struct answer answer = { .pid = 7, .addr = 0x1008040201fff, .path = &path };
	struct output *out = begin();

	(void)state;
	form_verbose.path_header(&render5);
	form_verbose.path(&render5, &answer);
	assert_captured(out, "0x1008040201fff  PID 7\n"
			"  PGD   1  0x0000000000001001  table    present\n"
			"  P4D   1  0x0000000000002001  table    present\n"
			"  PUD   1  0x0000000000003001  table    present\n"
			"  PMD   1  0x0000000000004001  table    present\n"
			"  PTE   1  0x0000000000005001  4K page  present\n"
			"  physical page 0x5000 + offset 0xfff = 0x5fff\n"
			"  kernel mode alone may read, execute\n");
}

static void a_block_of_a_huge_page(void **state)
{
	const struct path path = {
		.levels = 3, .kind = KIND_PAGE, .state = STATE_MAPPED, .value = 0x40000000,
		.entry = { 0x1001, 0x2001, 0x40000081 },
	};
	const struct vma vma = { .start = 0x200000, .end = 0x400000, .perm = "rw-p", .name = "/dev/huge page" };
	const struct answer answer = { .pid = 7, .addr = 0x212345, .path = &path, .vma = &vma };
	struct output *out = begin();

	(void)state;
	form_verbose.path(&render4, &answer);
	assert_captured(out, "0x212345  PID 7  in 0x200000-0x400000  rw-p /dev/huge page\n"
			"  PGD   0  0x0000000000001001  table    present\n"
			"  PUD   0  0x0000000000002001  table    present\n"
			"  PMD   1  0x0000000040000081  2M page  present huge\n"
			"  physical page 0x40000000 + offset 0x12345 = 0x40012345\n"
			"  kernel mode alone may read, execute\n");
}

static void assert_block_ends(const struct path *path, const char *end)
{
	const struct answer answer = { .pid = 7, .addr = 0x7ffff7eec010, .path = path };
	struct output *out = begin();
	char *text;

	form_verbose.path(&render4, &answer);
	text = captured_text(out);
	if (strlen(text) < strlen(end) || strcmp(text + strlen(text) - strlen(end), end))
		fail_msg("this does not end with '%s':\n%s", end, text);
	free(text);
}

static void a_block_ends_with_what_there_is(void **state)
{
	const struct path hole = { .levels = 4, .kind = KIND_NONE, .state = STATE_NONE };
	const struct path swap = { .levels = 4, .kind = KIND_SWAP, .state = STATE_SWAP, .value = 5, .swap_type = 1 };
	const struct path bad = { .levels = 4, .kind = KIND_BAD, .state = STATE_UNKNOWN };
	const struct path error = { .state = STATE_BAD_ADDRESS };
	const struct path nobody = { .state = STATE_NO_PROCESS };
	struct path protnone = mapped;

	(void)state;
	protnone.state = STATE_PROTNONE;
	protnone.kind = KIND_PROTNONE;
	assert_block_ends(&hole, "\n  not mapped: nothing at the PTE\n");
	assert_block_ends(&swap, "\n  swap: area 1 offset 5\n");
	assert_block_ends(&bad, "\n  unknown\n");
	assert_block_ends(&error, "PID 7\n  not canonical\n");
	assert_block_ends(&nobody, "PID 7\n  no-process\n");
	assert_block_ends(&protnone, "= 0x2358a4010  protnone\n");
}

/* ---- resolve ---- */

static void an_answer_is_a_line_with_its_mapping(void **state)
{
	const struct vma vma = {
		.start = 0x7ffff7eec000, .end = 0x7ffff7eee000, .perm = "rw-p", .name = "/lib/a b.so (deleted)",
	};
	const struct answer with = { .pid = 7251, .addr = 0x7ffff7eec010, .path = &mapped, .vma = &vma };
	const struct answer without = { .pid = 7251, .addr = 0x7ffff7eec010, .path = &mapped };
	struct output *out = begin();
	char *text, *line;

	(void)state;
	form_text.path_header(&render4);
	form_text.path(&render4, &with);
	form_text.path(&render4, &without);
	text = captured_text(out);
	line = strchr(text, '\n') + 1;
	assert_column(text, "ADDRESS", line, "0x7ffff7eec010");
	assert_column(text, "PHYSICAL", line, "0x2358a4010");
	assert_column(text, "VMA", line, "rw-p /lib/a b.so (deleted)\n");
	assert_string_equal(strchr(line, '\n') + 1, "0x7ffff7eec010 255.511.447.236 4K   0x2358a4010\n");
	free(text);
}

static void the_mapping_of_a_hole_stands_in_its_column(void **state)
{
	const struct path hole = { .levels = 4, .kind = KIND_NONE, .state = STATE_NONE };
	const struct vma vma = { .start = 0x7ffff7eec000, .end = 0x7ffff7eee000, .perm = "---p", .name = "" };
	const struct answer answer = { .pid = 1, .addr = 0x1000, .path = &hole, .vma = &vma };
	struct output *out = begin();
	char *text;

	(void)state;
	form_text.path(&render4, &answer);
	text = captured_text(out);
	assert_non_null(strstr(text, "0x1000         0.0.0.1         none nothing at the PTE   ---p"));
	free(text);
}

static void assert_line(const struct answer *answer, const char *expected)
{
	struct output *out = begin();

	form_text.path(&render4, answer);
	assert_captured(out, expected);
}

static void the_kind_of_a_page_stands_in_its_column(void **state)
{
	const struct vma vma = { .perm = "rw-p", .name = "[heap]" };
	struct page_info page = { .kind = PAGE_HUGETLB, .node = -1 };
	struct answer answer = { .pid = 1, .addr = 0x7ffff7eec010, .path = &mapped, .page = &page, .vma = &vma };
	struct output *out = begin();
	char *text, *line;

	(void)state;
	form_text.path_header(&render4);
	form_text.path(&render4, &answer);
	text = captured_text(out);
	line = strchr(text, '\n') + 1;
	assert_column(text, "KIND", line, "hugetlb");
	assert_column(text, "VMA", line, "rw-p [heap]\n");
	free(text);
	answer.vma = NULL;
	page.kind = PAGE_ANON;
	assert_line(&answer, "0x7ffff7eec010 255.511.447.236 4K   0x2358a4010  anon\n");
	page.kind = PAGE_UNKNOWN;
	assert_line(&answer, "0x7ffff7eec010 255.511.447.236 4K   0x2358a4010\n");
}

static void a_line_with_its_kind_fits(void **state)
{
	const struct vma vma = { .perm = "rw-p", .name = "/usr/lib/x86_64-linux-gnu/libc.so.6" };
	const struct page_info page = { .kind = PAGE_FILE, .node = 0 };
	const struct answer answer = { .addr = 0x7ffff7eec010, .path = &mapped, .page = &page, .vma = &vma };
	struct output *out = begin();
	char *line;

	(void)state;
	form_text.path(&render4, &answer);
	line = captured_text(out);
	assert_true(strlen(line) <= 101);
	free(line);
}

static void words_of_a_state(void **state)
{
	struct path path = { .levels = 4, .kind = KIND_SWAP, .state = STATE_SWAP, .value = 5, .swap_type = 1 };
	struct answer answer = { .pid = 7, .addr = 0x1000, .path = &path, .swap_name = "/dev/\033zram0" };

	(void)state;
	assert_line(&answer, "0x1000         0.0.0.1         swap area 1 offset 5 in /dev/\\x1bzram0\n");
	path = (struct path){ .levels = 4, .kind = KIND_MARKER, .state = STATE_MARKER, .value = 3 };
	assert_line(&answer, "0x1000         0.0.0.1         -    marker: uffd-wp, poisoned\n");
	path = (struct path){ .levels = 3, .kind = KIND_TABLE, .state = STATE_UNKNOWN, .changed = true };
	assert_line(&answer, "0x1000         0.0.0           -    changed meanwhile\n");
	path = (struct path){ .levels = 4, .kind = KIND_PROTNONE, .state = STATE_PROTNONE, .value = 0x5000 };
	assert_line(&answer, "0x1000         0.0.0.1         4K   0x5000 protnone\n");
	path.numa_hint = true;
	assert_line(&answer, "0x1000         0.0.0.1         4K   0x5000 protnone (NUMA hint)\n");
}

static void kernel_addresses_are_best_effort(void **state)
{
	struct path path = mapped;
	struct answer answer = { .pid = 7, .addr = 0xffffffff81000000, .path = &path };
	struct vma vsyscall = { .start = 0xffffffff81000000, .end = 0xffffffff81001000, .perm = "--xp",
				.name = "[vsyscall]" };

	(void)state;
	path.kernel = true;
	assert_line(&answer, "0xffffffff81000000 511.510.8.0     4K   0x2358a4000      kernel, best effort\n");
	answer.vma = &vsyscall;
	assert_line(&answer, "0xffffffff81000000 511.510.8.0     4K   0x2358a4000      "
		    "kernel, best effort: --xp [vsyscall]\n");
}

static void assert_block_has(const struct answer *answer, const char *line)
{
	struct output *out = begin();
	char *text;

	form_verbose.path(&render4, answer);
	text = captured_text(out);
	if (!strstr(text, line))
		fail_msg("no '%s' in:\n%s", line, text);
	free(text);
}

static void a_block_tells_of_the_page_and_the_mapping(void **state)
{
	const struct page_info page = {
		.kind = PAGE_ANON, .node = 1, .folio_size = 65536, .flags = 1 << 3 | 1 << 5, .mapcount = 2,
		.has_flags = true, .has_mapcount = true,
	};
	const struct vma vma = {
		.start = 0x7ffff7eec000, .end = 0x7ffff7eee000, .perm = "rw-p", .name = "/lib/x", .offset = 0x3000,
		.inode = 4711, .major = 8, .minor = 1, .flags = VMA_FILE | VMA_MERGEABLE | VMA_LOCKED,
	};
	struct path path = mapped;
	const struct answer answer = { .pid = 7, .addr = 0x7ffff7eec010, .path = &path, .page = &page, .vma = &vma };

	(void)state;
	assert_block_has(&answer, "\n  user mode may read, write\n"
			 "  page is anon  node 1  folio of 64K  mapcount 2\n"
			 "  page flags uptodate lru\n"
			 "  file offset 0x3010  inode 4711  device 8:1\n"
			 "  advice mergeable locked\n");
	path.kernel = true;
	assert_block_has(&answer, "\n  best effort: the kernel half, by the PGD of PID 7\n");
}

static void sizes_of_folios_have_units(void **state)
{
	static const struct { uint64_t size; const char *line; } cases[] = {
		{ 4096, "folio of 4K\n" }, { 2 << 20, "folio of 2M\n" }, { 1 << 30, "folio of 1G\n" },
		{ 0, "page is file\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct page_info page = { .kind = PAGE_FILE, .node = -1, .folio_size = cases[i].size };
		const struct answer answer = { .pid = 7, .path = &mapped, .page = &page };

		assert_block_has(&answer, cases[i].line);
	}
}

/* ---- the rest ---- */

static void the_summary_adds_up_in_words(void **state)
{
	struct output *out = begin();

	(void)state;
	form_text.summary(&render4, &some_totals);
	assert_captured(out, "pfwatch: 2060 faults seen = 2048 printed + 7 filtered + 5 lost\n"
			"pfwatch: walks by kmod: 2040 ok, 5 gone, 2 stale, 1 failed\n"
			"pfwatch: causes: 2040 first-touch, 7 cow, 1 unknown\n");
}

static void assert_has_line(const char *text, const char *name, const char *value)
{
	const char *line = strstr(text, name);

	if (!line || (line > text && line[-1] != '\n'))
		fail_msg("there is no line %s in\n%s", name, text);
	line += strlen(name);
	line += strspn(line, " =");
	if (strncmp(line, value, strlen(value)) || line[strlen(value)] != '\n')
		fail_msg("%s is not %s in\n%s", name, value, text);
}

static void the_layout_has_the_names_of_the_kernel(void **state)
{
	struct output *out = begin();
	char *text;

	(void)state;
	form_text.layout(&render5);
	text = captured_text(out);
	assert_has_line(text, "PAGE_OFFSET", "0xff11000000000000");
	assert_has_line(text, "PGDIR_SHIFT", "48");
	assert_has_line(text, "P4D_SHIFT", "39");
	assert_has_line(text, "PAGE_SHIFT", "12");
	assert_has_line(text, "PGDIR_MASK", "0xffff000000000000");
	assert_has_line(text, "PMD_MASK", "0xffffffffffe00000");
	assert_has_line(text, "PTRS_PER_PGD", "512");
	assert_has_line(text, "PTRS_PER_PTE", "512");
	free(text);
}

/* A terminal obeys them like ESC [; a process chooses its own name. */
static void c1_control_characters_are_made_visible(void **state)
{
	struct fault fault = write_fault;
	char *line;

	(void)state;
	strcpy(fault.comm, "\xc2\x9b" "31m\x9d");
	line = fault_line(&form_text, &fault);
	assert_non_null(strstr(line, "\\xc2\\x9b31m\\x9d"));
	free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fault_is_a_line),
		cmocka_unit_test(columns_stand_under_their_names),
		cmocka_unit_test(columns_stand_under_their_names_with_five_levels),
		cmocka_unit_test(the_widest_usual_lines_fit),
		cmocka_unit_test(times_have_the_decimals_that_fit),
		cmocka_unit_test(wide_values_are_not_cut),
		cmocka_unit_test(time_does_not_run_backwards),
		cmocka_unit_test(accesses_have_their_letters),
		cmocka_unit_test(what_is_gone_is_said_to_be_gone),
		cmocka_unit_test(a_hole_says_where_it_ends),
		cmocka_unit_test(a_swapped_page_says_where_it_is),
		cmocka_unit_test(other_states_have_their_name),
		cmocka_unit_test(protnone_shows_its_page_and_its_state),
		cmocka_unit_test(control_characters_are_made_visible),
		cmocka_unit_test(a_block_has_a_line_for_each_level),
		cmocka_unit_test(a_block_of_five_levels),
		cmocka_unit_test(a_block_of_a_huge_page),
		cmocka_unit_test(a_block_ends_with_what_there_is),
		cmocka_unit_test(an_answer_is_a_line_with_its_mapping),
		cmocka_unit_test(the_mapping_of_a_hole_stands_in_its_column),
		cmocka_unit_test(the_kind_of_a_page_stands_in_its_column),
		cmocka_unit_test(a_line_with_its_kind_fits),
		cmocka_unit_test(words_of_a_state),
		cmocka_unit_test(kernel_addresses_are_best_effort),
		cmocka_unit_test(a_block_tells_of_the_page_and_the_mapping),
		cmocka_unit_test(sizes_of_folios_have_units),
		cmocka_unit_test(a_change_is_named),
		cmocka_unit_test(a_bad_end_is_named),
		cmocka_unit_test(a_block_tells_what_changed),
		cmocka_unit_test(evidence_takes_as_many_lines_as_it_needs),
		cmocka_unit_test(a_block_shows_new_tables_and_a_stale_answer),
		cmocka_unit_test(of_what_is_gone_the_snapshot_is_shown),
		cmocka_unit_test(losses_are_said),
		cmocka_unit_test(durations_have_units),
		cmocka_unit_test(the_summary_adds_up_in_words),
		cmocka_unit_test(the_layout_has_the_names_of_the_kernel),
		cmocka_unit_test(c1_control_characters_are_made_visible),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
