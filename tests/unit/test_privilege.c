// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Whoever lacks the right is told, and who has it isn't. Each in a process of its own, which gives up what it has. */
#define _GNU_SOURCE
#include <linux/capability.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "fixture.h"
#include "privilege.h"

enum answer { MISSING, NOT_MISSING, NO_WORDS, NOT_TRIED };

static enum answer ask(void)
{
	char why[256] = "";

	if (!privilege_is_missing(why, sizeof(why)))
		return *why ? NO_WORDS : NOT_MISSING;
	return strstr(why, "run pfwatch as root") ? MISSING : NO_WORDS;
}

static enum answer give_up_all(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	return syscall(SYS_capset, &header, none) ? NOT_TRIED : ask();
}

/* There one has all capabilities, which are worth nothing outside. */
static enum answer enter_namespace(void)
{
	return unshare(CLONE_NEWUSER) ? NOT_TRIED : ask();
}

static enum answer in_child(enum answer (*what)(void))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid)
		_exit(what());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void without_capabilities_it_is_missing(void **state)
{
	(void)state;
	assert_int_equal(in_child(give_up_all), MISSING);
}

static void in_another_user_namespace_it_is_missing(void **state)
{
	enum answer answer = in_child(enter_namespace);

	(void)state;
	if (answer == NOT_TRIED)
		skip();
	assert_int_equal(answer, MISSING);
}

static bool file_has(const char *name, const char *format, unsigned long long *value)
{
	FILE *file = fopen(name, "re");
	char line[256];
	bool has = false;

	assert_non_null(file);
	while (!has && fgets(line, sizeof(line), file))
		has = sscanf(line, format, value) == 1;
	fclose(file);
	return has;
}

/* Whether we have it, /proc says: by our capabilities, and by a map of all users to themselves. */
static void who_has_it_is_not_told(void **state)
{
	unsigned long long effective, users;

	(void)state;
	if (!file_has("/proc/self/status", "CapEff: %llx", &effective) || !(effective >> CAP_SYS_ADMIN & 1) ||
	    !file_has("/proc/self/uid_map", " 0 0 %llu", &users) || users != UINT32_MAX)
		skip();
	assert_int_equal(ask(), NOT_MISSING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_capabilities_it_is_missing),
		cmocka_unit_test(in_another_user_namespace_it_is_missing),
		cmocka_unit_test(who_has_it_is_not_told),
	};

	return cmocka_run_group_tests_name("privilege", tests, NULL, NULL);
}
