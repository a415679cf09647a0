// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The command line of a stream. A mistake must never end in something being run, as root. */
#include <getopt.h>

#include "fixture.h"
#include "trace_options.h"

#define MAX_WORDS 16

/* Splits at blanks; a word that is to hold one isn't needed here. */
static int parse(struct trace_options *options, const char *line)
{
	static char copy[256], *argv[MAX_WORDS + 1];
	char *rest = copy, *word;
	int argc = 0;

	snprintf(copy, sizeof(copy), "pfwatch %s", line);
	while ((word = strsep(&rest, " ")) && argc < MAX_WORDS)
		argv[argc++] = word;
	argv[argc] = NULL;
	usage_reason[0] = '\0';
	optind = 0;	/* glibc: start anew */
	return trace_options_parse(options, argc, argv);
}

static void assert_accepted(struct trace_options *options, const char *line)
{
	if (parse(options, line) != EXIT_OK)
		fail_msg("'%s' was refused: %s", line, usage_reason);
	assert_string_equal(usage_reason, "");
}

/* The reason must name what is wrong. */
static void assert_refused(const char *line, const char *word)
{
	struct trace_options options;

	if (parse(&options, line) != EXIT_USAGE)
		fail_msg("'%s' was accepted", line);
	if (!usage_reason[0] || !strstr(usage_reason, word))
		fail_msg("'%s' was refused with '%s', which does not name '%s'", line, usage_reason, word);
	free(options.pids.pid);
}

static void each_walker_has_a_name(void **state)
{
	static const struct { const char *line; enum walker_choice walker; } known[] = {
		{ "-p 1", WALKER_BEST }, { "--walker kmod -p 1", WALKER_KMOD }, { "-p 1 --walker bpf", WALKER_BPF },
		{ "--walker=pagemap -p 1", WALKER_PAGEMAP },
	};
	struct trace_options options;

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		assert_accepted(&options, known[i].line);
		assert_int_equal(options.walker, known[i].walker);
		free(options.pids.pid);
	}
	assert_refused("-p 1 --walker best", "best");
	assert_refused("-p 1 --walker BPF", "BPF");
	assert_refused("-p 1 --walker", "--walker");
}

static void defaults(void **state)
{
	struct trace_options options;

	(void)state;
	assert_accepted(&options, "-p 42");
	assert_int_equal(options.pids.n, 1);
	assert_int_equal(options.pids.pid[0], 42);
	assert_null(options.command);
	assert_null(options.file);
	assert_ptr_equal(options.form, &form_text);
	assert_int_equal(options.count, 0);
	assert_int_equal(options.duration, 0);
	free(options.pids.pid);
}

static void every_option_is_taken(void **state)
{
	struct trace_options options;

	(void)state;
	assert_accepted(&options, "-p 1,0x2 -p 3 -n 10 -d 1.5 -v -o out.txt");
	assert_int_equal(options.pids.n, 3);
	assert_int_equal(options.pids.pid[1], 2);
	assert_int_equal(options.pids.pid[2], 3);
	assert_int_equal(options.count, 10);
	assert_int_equal(options.duration, 1500000000);
	assert_ptr_equal(options.form, &form_verbose);
	assert_string_equal(options.file, "out.txt");
	free(options.pids.pid);
}

static void causes_are_named(void **state)
{
	struct trace_options options;

	(void)state;
	assert_accepted(&options, "-p 1");
	assert_int_equal(options.causes, UINT32_MAX);
	free(options.pids.pid);
	assert_accepted(&options, "-p 1 --cause cow");
	assert_int_equal(options.causes, 1 << CAUSE_COW);
	free(options.pids.pid);
	assert_accepted(&options, "-p 1 --cause=cow-reuse,unknown,first-touch");
	assert_int_equal(options.causes, 1 << CAUSE_COW_REUSE | 1 << CAUSE_UNKNOWN | 1 << CAUSE_FIRST_TOUCH);
	free(options.pids.pid);
	assert_refused("-p 1 --cause cows", "cows");
	assert_refused("-p 1 --cause cow,", "cow,");
	assert_refused("-p 1 --cause ,cow", ",cow");
	assert_refused("-p 1 --cause", "--cause");
}

static void values_may_be_glued_on(void **state)
{
	struct trace_options options;

	(void)state;
	assert_accepted(&options, "-vn5 -p7 -oout");
	assert_int_equal(options.count, 5);
	assert_int_equal(options.pids.pid[0], 7);
	assert_string_equal(options.file, "out");
	assert_ptr_equal(options.form, &form_verbose);
	free(options.pids.pid);
}

/* JSON has all that -v would add: in either order it stays JSON. */
static void json_and_verbose_is_json(void **state)
{
	struct trace_options options;

	(void)state;
	assert_accepted(&options, "--json -v -p 1");
	assert_ptr_equal(options.form, &form_json);
	free(options.pids.pid);
	assert_accepted(&options, "-v --json -p 1");
	assert_ptr_equal(options.form, &form_json);
	free(options.pids.pid);
}

/* A summary has no lines for CSV; data has one form. In any order. */
static void forms_for_programs_exclude_each_other(void **state)
{
	struct trace_options options;

	(void)state;
	assert_accepted(&options, "--csv -p 1");
	assert_ptr_equal(options.form, &form_csv);
	assert_false(options.summary);
	free(options.pids.pid);
	assert_accepted(&options, "-v --csv -v -p 1");
	assert_ptr_equal(options.form, &form_csv);
	free(options.pids.pid);
	assert_accepted(&options, "--summary -p 1");
	assert_ptr_equal(options.form, &form_text);
	assert_true(options.summary);
	free(options.pids.pid);
	assert_accepted(&options, "--summary -v --json -n 5 -d 1 -p 1");
	assert_ptr_equal(options.form, &form_json);
	assert_true(options.summary);
	free(options.pids.pid);
	assert_refused("--json --csv -p 1", "--csv");
	assert_refused("--csv --json -p 1", "--json");
	assert_refused("--csv --summary -p 1", "--summary");
	assert_refused("--summary --csv -p 1", "--csv");
	assert_refused("--summary=all -p 1", "--summary");
}

static void the_ring_is_what_the_kernel_takes(void **state)
{
	static const char *const refused[] = { "0", "1", "4095", "5K", "2G", "16m", "M", "1MB", "-1", "18446744073709551616" };
	struct trace_options options;
	char line[64];

	(void)state;
	assert_accepted(&options, "--ring 4096 -p 1");
	assert_int_equal(options.tracer.ring, 4096);
	free(options.pids.pid);
	assert_accepted(&options, "--ring 64M -p 1");
	assert_int_equal(options.tracer.ring, 64 << 20);
	free(options.pids.pid);
	assert_accepted(&options, "--ring=1G -p 1");
	assert_int_equal(options.tracer.ring, 1 << 30);
	free(options.pids.pid);
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		snprintf(line, sizeof(line), "--ring %s -p 1", refused[i]);
		assert_refused(line, "--ring");
	}
}

/* What looks like an option of ours, behind the command, is its own. */
static void the_command_keeps_its_words(void **state)
{
	struct trace_options options;

	(void)state;
	assert_accepted(&options, "-v -- ls -l --json -p 1 -- x");
	assert_non_null(options.command);
	assert_string_equal(options.command[0], "ls");
	assert_string_equal(options.command[1], "-l");
	assert_string_equal(options.command[2], "--json");
	assert_string_equal(options.command[5], "--");
	assert_string_equal(options.command[6], "x");
	assert_null(options.command[7]);
	assert_int_equal(options.pids.n, 0);
	assert_ptr_equal(options.form, &form_verbose);
}

static void a_command_needs_its_dashes(void **state)
{
	(void)state;
	assert_refused("ls", "ls");
	assert_refused("-v ls", "ls");
	assert_refused("-n 5 reboot now", "reboot");
	assert_refused("-p 1 reboot", "reboot");
	assert_refused("-v reboot -- ls", "reboot");
}

static void there_must_be_something_to_watch(void **state)
{
	(void)state;
	assert_refused("-v", "-p");
	assert_refused("--", "-p");
	assert_refused("--json -n 5", "-p");
	assert_refused("-p 1 -- ls", "-p");
}

static void bad_values_are_named(void **state)
{
	(void)state;
	assert_refused("-n 0 -p 1", "-n");
	assert_refused("-n 0 -p 1", "'0'");
	assert_refused("-n -5 -p 1", "-5");
	assert_refused("-n many -p 1", "many");
	assert_refused("-n 1.5 -p 1", "1.5");
	assert_refused("-d 0 -p 1", "-d");
	assert_refused("-d 0.0 -p 1", "0.0");
	assert_refused("-d 10s -p 1", "10s");
	assert_refused("-d -1 -p 1", "-1");
	assert_refused("-p 0", "'0'");
	assert_refused("-p 12a", "12a");
	assert_refused("-p 1,,2", "1,,2");
	assert_refused("-p 99999999999", "99999999999");
}

static void missing_values_are_named(void **state)
{
	(void)state;
	assert_refused("-p", "'-p' needs a value");
	assert_refused("-p 1 -n", "'-n' needs a value");
	assert_refused("-p 1 -d", "-d");
	assert_refused("-p 1 -o", "-o");
}

static void unknown_options_are_named(void **state)
{
	(void)state;
	assert_refused("-x -p 1", "-x");
	assert_refused("--jsonl -p 1", "--jsonl");
	assert_refused("--json=yes -p 1", "--json");
	assert_refused("-p 1 -Z -- ls", "-Z");
}

/* One mistake behind the PIDs: whatever was gathered until then must be free for cmd_trace() to free. */
static void what_was_gathered_is_left_consistent(void **state)
{
	struct trace_options options;

	(void)state;
	assert_int_equal(parse(&options, "-p 1,2,3 -n 0"), EXIT_USAGE);
	assert_int_equal(options.pids.n, 3);
	free(options.pids.pid);
	assert_int_equal(parse(&options, "-n 0"), EXIT_USAGE);
	assert_null(options.pids.pid);
}

static void a_file_named_dashes_is_a_forgotten_value(void **state)
{
	(void)state;
	assert_refused("-o -- reboot", "reboot");
}

static void an_unknown_letter_in_a_group_is_named(void **state)
{
	(void)state;
	assert_refused("-vx -p 1", "'-x'");
}

static void filters_are_taken(void **state)
{
	struct trace_options options;
	const struct fault_filter *filter = &options.tracer.filter;

	(void)state;
	assert_accepted(&options, "-p 1");
	assert_memory_equal(filter, &(struct fault_filter){ 0 }, sizeof(*filter));
	free(options.pids.pid);
	assert_accepted(&options, "--access read,exec --mode user --addr 0x1000-0x3000 --major --min-latency 1.5us "
			"--comm sh --sample 100 -a");
	assert_int_equal(filter->access, 1 << ACCESS_READ | 1 << ACCESS_EXEC);
	assert_true(filter->no_kernel_mode && !filter->no_user_mode && filter->major);
	assert_int_equal(filter->start, 0x1000);
	assert_int_equal(filter->length, 0x2000);
	assert_int_equal(filter->min_latency, 1500);
	assert_string_equal(filter->comm, "sh");
	assert_int_equal(filter->one_in, 100);
	assert_accepted(&options, "--mode kernel --addr 0-1 --access write -- ls");
	assert_true(filter->no_user_mode && !filter->no_kernel_mode);
	assert_int_equal(filter->length, 1);
	assert_int_equal(filter->access, 1 << ACCESS_WRITE);
}

static void wrong_filters_are_named(void **state)
{
	static const char *const wrong[][2] = {
		{ "--access", "" }, { "--access", "reads" }, { "--access", "read," }, { "--access", ",read" },
		{ "--access", "r" }, { "--mode", "both" }, { "--mode", "User" }, { "--addr", "0x1000" },
		{ "--addr", "0x2000-0x1000" }, { "--addr", "5-5" }, { "--addr", "-5" }, { "--addr", "1-" },
		{ "--min-latency", "0" }, { "--min-latency", "fast" }, { "--sample", "0" }, { "--sample", "4294967296" },
		{ "--sample", "1/10" },
	};
	char line[128];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		snprintf(line, sizeof(line), "-p 1 %s=%s", wrong[i][0], wrong[i][1]);
		assert_refused(line, wrong[i][0]);
	}
	assert_refused("-p 1 --comm=", "--comm");
	assert_refused("-p 1 --major=yes", "--major");
}

static void it_is_said_once_who_is_watched(void **state)
{
	struct trace_options options;

	(void)state;
	assert_accepted(&options, "-a");
	assert_true(options.tracer.all && !options.tracer.follow);
	assert_accepted(&options, "-a -- sleep 1");
	assert_true(options.tracer.all && options.command);
	assert_accepted(&options, "--cgroup /sys/fs/cgroup/x");
	assert_string_equal(options.tracer.cgroup, "/sys/fs/cgroup/x");
	assert_accepted(&options, "-f -- ls");
	assert_true(options.tracer.follow);
	assert_refused("-a -p 1", "-a");
	assert_refused("--cgroup x -p 1", "--cgroup");
	assert_refused("--cgroup x -a", "--cgroup");
	assert_refused("-f", "-p");
	assert_refused("-f -a", "-f");
	assert_refused("--cgroup x -f -- ls", "-f");
}

static void each_source_has_a_name(void **state)
{
	struct trace_options options;

	(void)state;
	assert_accepted(&options, "-a");
	assert_int_equal(options.tracer.begin, BEGIN_BEST);
	assert_accepted(&options, "-a --source kprobe");
	assert_int_equal(options.tracer.begin, BEGIN_KPROBE);
	assert_accepted(&options, "-a --source=tracepoint");
	assert_int_equal(options.tracer.begin, BEGIN_TRACEPOINT);
	assert_refused("-a --source perf", "--source");
	assert_refused("-a --source", "--source");
}

static void help_needs_nothing_else(void **state)
{
	struct trace_options options;

	(void)state;
	assert_accepted(&options, "--help");
	assert_true(options.help);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(every_option_is_taken),
		cmocka_unit_test(causes_are_named),
		cmocka_unit_test(values_may_be_glued_on),
		cmocka_unit_test(json_and_verbose_is_json),
		cmocka_unit_test(forms_for_programs_exclude_each_other),
		cmocka_unit_test(the_ring_is_what_the_kernel_takes),
		cmocka_unit_test(the_command_keeps_its_words),
		cmocka_unit_test(a_command_needs_its_dashes),
		cmocka_unit_test(there_must_be_something_to_watch),
		cmocka_unit_test(bad_values_are_named),
		cmocka_unit_test(missing_values_are_named),
		cmocka_unit_test(unknown_options_are_named),
		cmocka_unit_test(what_was_gathered_is_left_consistent),
		cmocka_unit_test(a_file_named_dashes_is_a_forgotten_value),
		cmocka_unit_test(an_unknown_letter_in_a_group_is_named),
		cmocka_unit_test(each_walker_has_a_name),
		cmocka_unit_test(each_source_has_a_name),
		cmocka_unit_test(filters_are_taken),
		cmocka_unit_test(wrong_filters_are_named),
		cmocka_unit_test(it_is_said_once_who_is_watched),
		cmocka_unit_test(help_needs_nothing_else),
	};

	return cmocka_run_group_tests_name("trace options", tests, NULL, NULL);
}
