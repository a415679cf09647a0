// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What /proc tells, of this very process and of children made for the purpose. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "fixture.h"
#include "proc.h"

#define PAGE 4096UL

static const struct vma *find(const struct vmas *vmas, const void *address)
{
	return vmas_find(vmas, (uint64_t)(uintptr_t)address);
}

/* Two pages of a file of this name, in a directory of its own. */
static char *map_file(const char *name, char *path, size_t size, bool delete)
{
	char directory[] = "/tmp/pfwatch test XXXXXX";
	char *memory;
	int fd;

	assert_non_null(mkdtemp(directory));
	snprintf(path, size, "%s/%s", directory, name);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 2 * PAGE), 0);
	memory = mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	assert_true(memory != MAP_FAILED);
	close(fd);
	if (delete) {
		unlink(path);
		rmdir(directory);
	}
	return memory;
}

static void remove_file(const char *path)
{
	char directory[512];

	unlink(path);
	snprintf(directory, sizeof(directory), "%s", path);
	*strrchr(directory, '/') = '\0';
	rmdir(directory);
}

static void assert_mapping(const char *memory, const char *perm, const char *name)
{
	struct vmas *vmas = vmas_read(getpid());
	const struct vma *vma;

	assert_non_null(vmas);
	vma = find(vmas, memory + PAGE);
	assert_non_null(vma);
	assert_true(vma->start <= (uintptr_t)memory && vma->end >= (uintptr_t)memory + 2 * PAGE);
	assert_string_equal(vma->perm, perm);
	assert_string_equal(vma->name, name);
	vmas_free(vmas);
}

static void names_with_blanks_are_whole(void **state)
{
	char path[256];
	char *memory = map_file("a file  with blanks ", path, sizeof(path), false);

	(void)state;
	assert_mapping(memory, "r--p", path);
	munmap(memory, 2 * PAGE);
	remove_file(path);
}

static void deleted_files_are_said_to_be(void **state)
{
	char path[256], expected[300];
	char *memory = map_file("gone", path, sizeof(path), true);

	(void)state;
	snprintf(expected, sizeof(expected), "%s (deleted)", path);
	assert_mapping(memory, "r--p", expected);
	munmap(memory, 2 * PAGE);
}

/* The kernel writes a newline in a name as \012: a line is a mapping, whatever its name. */
static void a_newline_in_a_name_makes_no_second_line(void **state)
{
	char path[256], expected[300];
	char *memory = map_file("a\n7f0000000000-7f0000001000 rwxp 0 0:0 0 b", path, sizeof(path), true);
	char *newline = strchr(path, '\n');

	(void)state;
	*newline = '\0';
	snprintf(expected, sizeof(expected), "%s\\012%s (deleted)", path, newline + 1);
	assert_mapping(memory, "r--p", expected);
	munmap(memory, 2 * PAGE);
}

static void long_names_are_whole(void **state)
{
	char name[256], path[512];
	char *memory;

	(void)state;
	memset(name, 'n', 255);
	name[255] = '\0';
	memory = map_file(name, path, sizeof(path), false);
	assert_mapping(memory, "r--p", path);
	munmap(memory, 2 * PAGE);
	remove_file(path);
}

static void a_mapping_has_its_place_in_its_file(void **state)
{
	char path[256];
	char *memory = map_file("file", path, sizeof(path), false);
	struct stat file;
	struct vmas *vmas;
	const struct vma *vma;

	(void)state;
	assert_int_equal(stat(path, &file), 0);
	assert_int_equal(munmap(memory, PAGE), 0);	/* the second page stays */
	vmas = vmas_read(getpid());
	assert_non_null(vmas);
	vma = find(vmas, memory + PAGE);
	assert_non_null(vma);
	assert_int_equal(vma->offset, PAGE);
	assert_int_equal(vma->inode, file.st_ino);
	assert_true(vma->flags & VMA_FILE);
	vmas_free(vmas);
	munmap(memory + PAGE, PAGE);
	remove_file(path);
}

static void permissions_are_written_as_in_maps(void **state)
{
	struct vma vma = { .flags = 0 };

	(void)state;
	vma_set_perm(&vma);
	assert_string_equal(vma.perm, "---p");
	vma.flags = VMA_READ | VMA_EXEC;
	vma_set_perm(&vma);
	assert_string_equal(vma.perm, "r-xp");
	vma.flags = VMA_WRITE | VMA_SHARED | VMA_FILE;
	vma_set_perm(&vma);
	assert_string_equal(vma.perm, "-w-s");
}

static void advice_has_names(void **state)
{
	static const char *const all[] = {
		"hugepage", "nohugepage", "mergeable", "locked", "uffd-missing", "uffd-wp", "uffd-minor",
	};
	struct vma vma = { .flags = UINT32_MAX };
	const char *names[MAX_ADVICE];

	(void)state;
	assert_int_equal(vma_advice(&vma, names), MAX_ADVICE);
	for (size_t i = 0; i < MAX_ADVICE; i++)
		assert_string_equal(names[i], all[i]);
	vma.flags = VMA_ACCESS | VMA_SHARED | VMA_FILE;
	assert_int_equal(vma_advice(&vma, names), 0);
	vma.flags = VMA_LOCKED;
	assert_int_equal(vma_advice(&vma, names), 1);
	assert_string_equal(names[0], "locked");
}

/* Readable and executable without a file: nothing of this process lies beside it that it would be merged with. */
static void anonymous_memory_has_no_name(void **state)
{
	char *memory = mmap(NULL, 2 * PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	assert_true(memory != MAP_FAILED);
	assert_mapping(memory, "r-xp", "");
	munmap(memory, 2 * PAGE);
}

static void the_stack_has_its_name(void **state)
{
	struct vmas *vmas = vmas_read(getpid());
	const struct vma *vma;
	int here;

	(void)state;
	assert_non_null(vmas);
	vma = find(vmas, &here);
	assert_non_null(vma);
	assert_string_equal(vma->name, "[stack]");
	vmas_free(vmas);
}

/* start belongs to it, end does not; and what lies between two mappings belongs to neither. */
static void mappings_are_half_open(void **state)
{
	char *memory = mmap(NULL, 3 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct vmas *vmas;

	(void)state;
	assert_true(memory != MAP_FAILED);
	assert_int_equal(mprotect(memory, PAGE, PROT_READ | PROT_EXEC), 0);
	assert_int_equal(munmap(memory + PAGE, PAGE), 0);
	vmas = vmas_read(getpid());
	assert_non_null(vmas);
	assert_non_null(find(vmas, memory));
	assert_non_null(find(vmas, memory + PAGE - 1));
	assert_null(find(vmas, memory + PAGE));
	assert_null(find(vmas, memory + 2 * PAGE - 1));
	assert_non_null(find(vmas, memory + 2 * PAGE));
	assert_int_equal(find(vmas, memory)->end, (uintptr_t)memory + PAGE);
	assert_null(vmas_find(vmas, 0));
	assert_null(vmas_find(vmas, 0x7ffffffff000));
	assert_null(vmas_find(vmas, 0x8000000000000000));
	vmas_free(vmas);
	munmap(memory, 3 * PAGE);
}

/* More than fit into what is allocated first, and each of them is found. */
static void many_mappings_are_found(void **state)
{
	enum { MAPPINGS = 1000 };
	char *memory = mmap(NULL, 2 * MAPPINGS * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct vmas *vmas;

	(void)state;
	assert_true(memory != MAP_FAILED);
	for (int i = 0; i < MAPPINGS; i++)
		assert_int_equal(mprotect(memory + 2 * i * PAGE, PAGE, PROT_READ), 0);
	vmas = vmas_read(getpid());
	assert_non_null(vmas);
	for (int i = 0; i < MAPPINGS; i++) {
		const struct vma *vma = find(vmas, memory + 2 * i * PAGE + 17);

		assert_non_null(vma);
		assert_int_equal(vma->start, (uintptr_t)memory + 2 * i * PAGE);
		assert_string_equal(vma->perm, "r--p");
		assert_string_equal(find(vmas, memory + (2 * i + 1) * PAGE)->perm, "---p");
	}
	vmas_free(vmas);
	munmap(memory, 2 * MAPPINGS * PAGE);
}

static void nothing_is_found_in_nothing(void **state)
{
	(void)state;
	assert_null(vmas_find(NULL, 0x1000));
	vmas_free(NULL);
}

static void we_are_alive(void **state)
{
	uint32_t tgid = 0;

	(void)state;
	assert_int_equal(proc_look(getpid(), &tgid), PROC_ALIVE);
	assert_int_equal(tgid, getpid());
}

static void *look_at_thread(void *result)
{
	uint32_t tgid = 0;

	if (proc_look(syscall(SYS_gettid), &tgid) == PROC_ALIVE)
		*(uint32_t *)result = tgid;
	return NULL;
}

static void a_thread_belongs_to_its_process(void **state)
{
	uint32_t tgid = 0;
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, look_at_thread, &tgid), 0);
	pthread_join(thread, NULL);
	assert_int_equal(tgid, getpid());
}

/* A zombie has no memory, but it is not a kernel thread; once it is waited for it is nothing at all. */
static void a_zombie_has_exited_and_then_is_missing(void **state)
{
	pid_t child = fork();
	siginfo_t info;
	uint32_t tgid;

	(void)state;
	if (!child)
		_exit(0);
	assert_int_equal(waitid(P_PID, child, &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(proc_look(child, &tgid), PROC_EXITED);
	assert_null(vmas_read(child));
	assert_int_equal(waitpid(child, NULL, 0), child);
	tgid = 0;
	assert_int_equal(proc_look(child, &tgid), PROC_MISSING);
	assert_int_equal(tgid, child);
	assert_null(vmas_read(child));
}

/* PID 2 is kthreadd, but in a PID namespace of its own it is anybody. */
static void a_kernel_thread_has_no_memory(void **state)
{
	char comm[16] = "";
	FILE *stream = fopen("/proc/2/comm", "r");
	uint32_t tgid;

	(void)state;
	if (!stream)
		skip();
	if (!fgets(comm, sizeof(comm), stream))
		comm[0] = '\0';
	fclose(stream);
	if (strcmp(comm, "kthreadd\n"))
		skip();
	assert_int_equal(proc_look(2, &tgid), PROC_KERNEL_THREAD);
	assert_null(vmas_read(2));
}

/* The name is the process' own choice, and stands in the file that is parsed. */
static void a_name_cannot_fake_a_state(void **state)
{
	static const char *const names[] = { "State: Z", "\nState:\tZ", "\nTgid:\t1", "VmSize: 1" };
	uint32_t tgid;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		pthread_setname_np(pthread_self(), names[i]);
		assert_int_equal(proc_look(getpid(), &tgid), PROC_ALIVE);
		assert_int_equal(tgid, getpid());
	}
	pthread_setname_np(pthread_self(), "test_proc");
}

static void assert_explained(enum proc_state proc, const char *word)
{
	char why[256] = "";

	proc_explain(proc, 4711, why, sizeof(why));
	if (!strstr(why, "4711") || !strstr(why, word) || strchr(why, '\n'))
		fail_msg("'%s' is not one line with 4711 and '%s'", why, word);
}

static void the_reason_names_the_process(void **state)
{
	(void)state;
	assert_explained(PROC_MISSING, "no process");
	assert_explained(PROC_KERNEL_THREAD, "kernel thread");
	assert_explained(PROC_EXITED, "exited");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_with_blanks_are_whole),
		cmocka_unit_test(deleted_files_are_said_to_be),
		cmocka_unit_test(a_newline_in_a_name_makes_no_second_line),
		cmocka_unit_test(long_names_are_whole),
		cmocka_unit_test(a_mapping_has_its_place_in_its_file),
		cmocka_unit_test(permissions_are_written_as_in_maps),
		cmocka_unit_test(advice_has_names),
		cmocka_unit_test(anonymous_memory_has_no_name),
		cmocka_unit_test(the_stack_has_its_name),
		cmocka_unit_test(mappings_are_half_open),
		cmocka_unit_test(many_mappings_are_found),
		cmocka_unit_test(nothing_is_found_in_nothing),
		cmocka_unit_test(we_are_alive),
		cmocka_unit_test(a_thread_belongs_to_its_process),
		cmocka_unit_test(a_zombie_has_exited_and_then_is_missing),
		cmocka_unit_test(a_kernel_thread_has_no_memory),
		cmocka_unit_test(a_name_cannot_fake_a_state),
		cmocka_unit_test(the_reason_names_the_process),
	};

	return cmocka_run_group_tests_name("proc", tests, NULL, NULL);
}
