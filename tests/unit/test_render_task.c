// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The lines of `pfwatch tasks`: text for people, JSON for programs. */
#include "fixture.h"
#include "render.h"

static const struct task process = {
	.pid = 2621, .kind = TASK_PROCESS, .comm = "a.out", .task_size = 0x7ffffffff000, .pgd = 0xffff888012345000,
	.pgtables_pages = 25, .pgtables_bytes = 102400, .rss_bytes = 3 << 20, .swap_bytes = 0, .vm_bytes = 5ULL << 30,
};

static char *rendered(const struct form *form, const struct task *task)
{
	struct output *out = capture();
	struct render render = { .out = out };

	if (task)
		form->task(&render, task);
	else
		form->task_header(&render);
	return captured_text(out);
}

static void assert_rendered(const struct form *form, const struct task *task, const char *expected)
{
	char *text = rendered(form, task);

	assert_string_equal(text, expected);
	free(text);
}

static void a_process_is_a_line(void **state)
{
	(void)state;
	assert_rendered(&form_text, NULL, "    PID COMM            TASK_SIZE        PGD                 TABLES  BYTES    "
			"RSS   SWAP     VM\n");
	assert_rendered(&form_text, &process, "   2621 a.out           0x7ffffffff000   0xffff888012345000      25   "
			"100K   3.0M      0   5.0G\n");
}

static void without_an_address_space_there_are_dashes(void **state)
{
	const struct task thread = { .pid = 2, .kind = TASK_KERNEL_THREAD, .comm = "kthreadd" };
	const struct task zombie = { .pid = 77, .kind = TASK_EXITED, .comm = "gone" };

	(void)state;
	assert_rendered(&form_text, &thread, "      2 kthreadd        -                -                        -      "
			"-      -      -      -\n");
	assert_rendered(&form_text, &zombie, "     77 gone            -                -                        -      "
			"-      -      -      -\n");
}

static void the_widest_line_fits(void **state)
{
	const struct task task = {
		.pid = 4194304, .comm = "fifteen-letters", .task_size = 0xfffffffffff000, .pgd = 0xff11000012345000,
		.pgtables_pages = 9999999, .pgtables_bytes = 1023ULL << 20, .rss_bytes = 1023ULL << 40,
		.swap_bytes = 1023ULL << 30, .vm_bytes = 1023ULL << 50,
	};
	char *line = rendered(&form_text, &task);

	(void)state;
	assert_true(strlen(line) <= 101);
	assert_non_null(strstr(line, "4194304 fifteen-letters 0xfffffffffff000 0xff11000012345000 9999999  1023M  1023T  "
			       "1023G  1023P\n"));
	free(line);
}

static void assert_size(uint64_t bytes, const char *expected)
{
	struct task task = { .vm_bytes = bytes };
	char *line = rendered(&form_text, &task), *last = strrchr(line, ' ') + 1;

	last[strlen(last) - 1] = '\0';
	if (strcmp(last, expected))
		fail_msg("%llu bytes: '%s', not '%s'", (unsigned long long)bytes, last, expected);
	free(line);
}

/* Never larger than they are. */
static void sizes_have_a_unit(void **state)
{
	(void)state;
	assert_size(0, "0");
	assert_size(512, "512");
	assert_size(1023, "1023");
	assert_size(1024, "1K");
	assert_size(4096, "4K");
	assert_size((1 << 20) - 1, "1023K");
	assert_size(1 << 20, "1.0M");
	assert_size((1 << 20) + (1 << 19), "1.5M");
	assert_size(10 << 20, "10M");
	assert_size((10 << 20) - 1, "9.9M");
	assert_size((1ULL << 40) - 1, "1023G");
	assert_size(UINT64_MAX, "15E");
}

static void control_characters_are_made_visible(void **state)
{
	struct task task = process;
	char *line;

	(void)state;
	strcpy(task.comm, "\033]0;x\a\n");
	line = rendered(&form_text, &task);
	assert_non_null(strstr(line, " \\x1b]0;x\\x07\\x0a "));
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	free(line);
	line = rendered(&form_json, &task);
	assert_non_null(strstr(line, "\"\\u001b]0;x\\u0007\\u000a\""));
	free(line);
}

static void a_process_is_an_object(void **state)
{
	(void)state;
	assert_rendered(&form_json, NULL, "");
	assert_rendered(&form_json, &process,
			"{\"type\":\"task\",\"pid\":2621,\"comm\":\"a.out\",\"kind\":\"process\","
			"\"task_size\":\"0x7ffffffff000\",\"pgd\":\"0xffff888012345000\",\"pgtables_pages\":25,"
			"\"pgtables_bytes\":102400,\"rss_bytes\":3145728,\"swap_bytes\":0,\"vm_bytes\":5368709120}\n");
}

static void without_an_address_space_there_are_no_members(void **state)
{
	const struct task thread = { .pid = 2, .kind = TASK_KERNEL_THREAD, .comm = "kthreadd" };
	const struct task zombie = { .pid = 77, .kind = TASK_EXITED, .comm = "gone" };

	(void)state;
	assert_rendered(&form_json, &thread,
			"{\"type\":\"task\",\"pid\":2,\"comm\":\"kthreadd\",\"kind\":\"kernel-thread\"}\n");
	assert_rendered(&form_json, &zombie, "{\"type\":\"task\",\"pid\":77,\"comm\":\"gone\",\"kind\":\"exited\"}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_is_a_line),
		cmocka_unit_test(without_an_address_space_there_are_dashes),
		cmocka_unit_test(the_widest_line_fits),
		cmocka_unit_test(sizes_have_a_unit),
		cmocka_unit_test(control_characters_are_made_visible),
		cmocka_unit_test(a_process_is_an_object),
		cmocka_unit_test(without_an_address_space_there_are_no_members),
	};

	return cmocka_run_group_tests_name("render_task", tests, NULL, NULL);
}
