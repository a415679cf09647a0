// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The options of `pfwatch tasks`: what is shown of the processes that there are, in which order, with which status. */
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <sys/syscall.h>

#include "fixture.h"
#include "tasks.h"

/* ---- the processes that there are: in the order of their PID, as tasks_read() gives them ---- */

static const char *failure;
static char file[] = "/tmp/pfwatch-test-XXXXXX";

struct task *tasks_read(size_t *n, char *why, size_t size)
{
	const struct task tasks[] = {
		{ .pid = 2, .kind = TASK_KERNEL_THREAD, .comm = "kthreadd" },
		{ .pid = 10, .comm = "middle", .rss_bytes = 4096, .pgtables_bytes = 8192, .swap_bytes = 4096, .vm_bytes = 1 },
		{ .pid = 20, .comm = "first", .rss_bytes = 8192, .pgtables_bytes = 4096, .swap_bytes = 4096, .vm_bytes = 2 },
		{ .pid = 30, .kind = TASK_EXITED, .comm = "zombie" },
		{ .pid = getpid(), .comm = "self", .rss_bytes = 4096, .pgtables_bytes = 16384, .vm_bytes = 3 },
	};
	struct task *copy = malloc(sizeof(tasks));

	assert_non_null(copy);
	assert_true(getpid() > 30);
	if (failure) {
		snprintf(why, size, "%s", failure);
		free(copy);
		return NULL;
	}
	*n = sizeof(tasks) / sizeof(*tasks);
	return memcpy(copy, tasks, sizeof(tasks));
}

/* ---- running the command: what is on stderr is kept ---- */

static char said[1024];

static int run_silently(int argc, char **argv)
{
	int saved = dup(STDERR_FILENO), status;
	FILE *err = tmpfile();
	ssize_t len;

	assert_non_null(err);
	dup2(fileno(err), STDERR_FILENO);
	optind = 0;	/* getopt begins anew */
	status = cmd_tasks(argc, argv);
	dup2(saved, STDERR_FILENO);
	close(saved);
	len = pread(fileno(err), said, sizeof(said) - 1, 0);
	assert_true(len >= 0);
	said[len] = '\0';
	fclose(err);
	return status;
}

/* The options are one string, its words separated by a blank. */
static int run(const char *options)
{
	char *argv[16] = { "tasks", "-o", file }, *copy = strdup(options), *rest = copy;
	int argc = 3, status;

	assert_non_null(copy);
	while (*options && (argv[argc] = strsep(&rest, " ")))
		argc++;
	status = run_silently(argc, argv);
	free(copy);
	return status;
}

/* The COMM of each line, in the order of the lines. */
static void assert_shown(const char *options, int status, const char *expected)
{
	char line[256], comm[32], shown[256] = "";
	FILE *stream;

	assert_int_equal(run(options), status);
	stream = fopen(file, "r");
	assert_non_null(stream);
	while (fgets(line, sizeof(line), stream))
		if (sscanf(line, "%*u %31s", comm) == 1)
			sprintf(shown + strlen(shown), "%s%s", *shown ? " " : "", comm);
	fclose(stream);
	if (strcmp(shown, expected))
		fail_msg("tasks %s: '%s', not '%s'", options, shown, expected);
}

/* ---- the tests ---- */

static void every_process_by_its_number(void **state)
{
	(void)state;
	assert_shown("", EXIT_OK, "kthreadd middle first zombie self");
	assert_string_equal(said, "");
}

static void orders(void **state)
{
	(void)state;
	assert_shown("--sort pid", EXIT_OK, "kthreadd middle first zombie self");
	assert_shown("--sort comm", EXIT_OK, "first kthreadd middle self zombie");
	assert_shown("--sort rss", EXIT_OK, "first middle self kthreadd zombie");
	assert_shown("--sort pagetables", EXIT_OK, "self middle first kthreadd zombie");
	assert_shown("--sort swap", EXIT_OK, "middle first kthreadd zombie self");
	assert_shown("--sort=vm", EXIT_OK, "self first middle kthreadd zombie");
}

static void only_what_has_an_address_space(void **state)
{
	(void)state;
	assert_shown("--user", EXIT_OK, "middle first self");
	assert_shown("--user --sort rss", EXIT_OK, "first middle self");
}

static void only_these(void **state)
{
	(void)state;
	assert_shown("-p 20", EXIT_OK, "first");
	assert_shown("-p 30,0xa", EXIT_OK, "middle zombie");
	assert_shown("-p 2 -p 20,2", EXIT_OK, "kthreadd first");
}

static void one_that_is_missing_does_not_stop_the_others(void **state)
{
	(void)state;
	assert_shown("-p 20,2147483647,10", EXIT_FAILED, "middle first");
	assert_string_equal(said, "pfwatch: no process with PID 2147483647\n");
}

static void *show_own_process(void *arg)
{
	char options[64];

	(void)arg;
	snprintf(options, sizeof(options), "-p %ld", syscall(SYS_gettid));
	assert_shown(options, EXIT_OK, "self");
	return NULL;
}

static void a_threads_number_stands_for_its_process(void **state)
{
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, show_own_process, NULL), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
}

static void json_has_no_header(void **state)
{
	char text[128] = "";
	int fd;

	(void)state;
	assert_int_equal(run("--json -p 2"), EXIT_OK);
	fd = open(file, O_RDONLY);
	assert_true(fd >= 0 && read(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	assert_string_equal(text, "{\"type\":\"task\",\"pid\":2,\"comm\":\"kthreadd\",\"kind\":\"kernel-thread\"}\n");
}

static void wrong_command_lines(void **state)
{
	static const char *const cases[][2] = {
		{ "--sort", "option '--sort' needs a value" },
		{ "--sort size", "--sort takes pid, comm, rss, pagetables, swap or vm, not 'size'" },
		{ "-p", "option '-p' needs a value" },
		{ "-p 0", "-p takes PIDs separated by commas, not '0'" },
		{ "-p 1,,2", "-p takes PIDs separated by commas, not '1,,2'" },
		{ "-p self", "-p takes PIDs separated by commas, not 'self'" },
		{ "--frob", "there is no option '--frob'" },
		{ "-x", "there is no option '-x'" },
		{ "1", "tasks takes no argument: '1' (-p PID selects a process)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		*usage_reason = '\0';
		assert_int_equal(run(cases[i][0]), EXIT_USAGE);
		assert_string_equal(usage_reason, cases[i][1]);
	}
}

static void failures_are_told(void **state)
{
	char *argv[] = { "tasks", "-o", "/nowhere/file", NULL };

	(void)state;
	failure = "this kernel is too small";
	assert_int_equal(run(""), EXIT_FAILED);
	assert_string_equal(said, "pfwatch: this kernel is too small\n");
	failure = NULL;
	assert_int_equal(run_silently(3, argv), EXIT_FAILED);
	assert_string_equal(said, "pfwatch: cannot open /nowhere/file: No such file or directory\n");
	argv[2] = "/dev/full";
	assert_int_equal(run_silently(3, argv), EXIT_FAILED);
	assert_string_equal(said, "pfwatch: cannot write to /dev/full: No space left on device\n");
}

static int set_up(void **state)
{
	int fd = mkstemp(file);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int tear_down(void **state)
{
	(void)state;
	return unlink(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_process_by_its_number),
		cmocka_unit_test(orders),
		cmocka_unit_test(only_what_has_an_address_space),
		cmocka_unit_test(only_these),
		cmocka_unit_test(one_that_is_missing_does_not_stop_the_others),
		cmocka_unit_test(a_threads_number_stands_for_its_process),
		cmocka_unit_test(json_has_no_header),
		cmocka_unit_test(wrong_command_lines),
		cmocka_unit_test(failures_are_told),
	};

	return cmocka_run_group_tests_name("cmd_tasks", tests, set_up, tear_down);
}
