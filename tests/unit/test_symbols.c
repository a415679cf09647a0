// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Functions, source lines and mappings: of this very process, and of copies of its file. */
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "fixture.h"
#include "program_file.h"
#include "spaces.h"
#include "symbols.h"

#define PAGE 4096

static struct strings *strings;
static struct symbols *symbols;
static struct spaces *spaces;
static bool is_there = true;
static char dir[] = "/tmp/test_symbols.XXXXXX";

static bool has_space(void *data, uint32_t pid, uint64_t space)
{
	(void)data;
	(void)pid;
	(void)space;
	return is_there;
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

static int begin(void **state)
{
	(void)state;
	is_there = true;
	strings = strings_new();
	symbols = symbols_new(strings);
	spaces = spaces_new(has_space, NULL);
	return !(strings && symbols && spaces);
}

static int end(void **state)
{
	(void)state;
	spaces_free(spaces);
	symbols_free(symbols);
	strings_free(strings);
	return 0;
}

enum { HERE_LINE = __LINE__ + 3 };
static __attribute__((noipa)) void *here(void)
{
	return __builtin_extract_return_addr(__builtin_return_address(0));
}

static struct code_place find(uint32_t pid, uint64_t space, const void *address, bool returns)
{
	struct place place = { .pid = pid, .space = space, .time = now(), .addr = (uintptr_t)address };
	struct code_query query = { .ip = (uintptr_t)address, .returns = returns, .pid = pid };
	struct code_place found = { 0 };

	query.vma = spaces_find(spaces, &place, NULL, &query.version);
	if (query.vma)
		symbols_find(symbols, &query, &found);
	return found;
}

/* Static as it is: its own symbol table has it. */
static void a_function_of_our_own(void **state)
{
	struct code_place place = find(getpid(), 1, (char *)here + 1, false);

	(void)state;
	assert_string_equal(place.symbol, "here");
	assert_int_equal(place.past, 1);
	assert_string_equal(place.source, "test_symbols.c");
	assert_in_range(place.line, HERE_LINE - 1, HERE_LINE + 1);
	assert_non_null(strstr(place.module, "/test_symbols"));
	assert_int_equal(place.offset % PAGE, ((uintptr_t)here + 1) % PAGE);
}

/* Where a call returns to may be the line below it, or another function. */
static void a_return_address_is_the_call_s(void **state)
{
	unsigned int line = __LINE__ + 1;
	void *back = here();
	struct code_place place = find(getpid(), 1, back, true);

	(void)state;
	assert_string_equal(place.symbol, "a_return_address_is_the_call_s");
	assert_int_equal(place.line, line);
}

static void a_library_s_function(void **state)
{
	struct code_place place = find(getpid(), 1, (const void *)getppid, false);

	(void)state;
	assert_non_null(place.symbol);
	assert_non_null(strstr(place.symbol, "getppid"));
	assert_int_equal(place.past, 0);
	assert_non_null(strstr(place.module, "libc"));
}

static const void *vdso_code(void)
{
	unsigned long long start = 0;
	char line[256];
	FILE *maps = fopen("/proc/self/maps", "r");

	while (maps && fgets(line, sizeof(line), maps))
		if (strstr(line, "[vdso]"))
			sscanf(line, "%llx", &start);
	if (maps)
		fclose(maps);
	return (const void *)(uintptr_t)start;
}

/* Somewhere in it there is clock_gettime(). */
static void the_vdso_has_names(void **state)
{
	const char *start = vdso_code();
	bool found = false;

	(void)state;
	if (!start)
		skip();
	for (unsigned int i = 0; i < 2 * PAGE && !found; i += 16) {
		struct code_place place = find(getpid(), 1, start + i, false);

		if (!place.module)
			break;
		assert_string_equal(place.module, "[vdso]");
		found = place.symbol && strstr(place.symbol, "clock_gettime");
	}
	assert_true(found);
}

/* Data and holes are no code; neither is what is not there. */
static void what_is_no_code_has_no_name(void **state)
{
	struct code_place place = find(getpid(), 1, (const void *)PAGE, false);

	(void)state;
	assert_null(place.symbol);
	assert_null(place.module);
	place = find(getpid(), 1, malloc(1), false);
	assert_null(place.symbol);
}

static void end_child(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* Who is gone before it was looked at has no names; who was looked at keeps them, and those not asked for before. */
static void a_process_that_is_gone(void **state)
{
	pid_t pid = fork();

	(void)state;
	if (!pid)
		_exit(0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_null(find(pid, 2, (const void *)here, false).module);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pause();
		_exit(0);
	}
	assert_string_equal(find(pid, 3, (const void *)here, false).symbol, "here");
	end_child(pid);
	assert_string_equal(find(pid, 3, (const void *)the_vdso_has_names, false).symbol, "the_vdso_has_names");
}

/* The process is there, but executes something else by now. */
static void another_address_space_is_not_asked(void **state)
{
	(void)state;
	is_there = false;
	assert_null(find(getpid(), 3, (const void *)here, false).module);
}

static const struct vma *find_vma(const void *address, const struct vma *seen, uint64_t *version)
{
	struct place place = { .pid = getpid(), .space = 1, .time = now(), .addr = (uintptr_t)address };

	return spaces_find(spaces, &place, seen, version);
}

static void wait_ms(long ms)
{
	nanosleep(&(struct timespec){ .tv_nsec = ms * 1000000 }, NULL);
}

/* A mapping that is younger than the list is found in a new one: as soon as that may be read. */
static void a_new_mapping_is_found(void **state)
{
	uint64_t before, after;
	void *page;

	(void)state;
	assert_non_null(find_vma((const void *)here, NULL, &before));
	page = mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(page, MAP_FAILED);
	wait_ms(100);
	assert_non_null(find_vma(page, NULL, &after));
	assert_int_not_equal(before, after);
	munmap(page, PAGE);
}

/* What was mapped there meanwhile is not what the kernel saw. */
static void a_mapping_of_another_file_is_not_it(void **state)
{
	struct vma seen;
	uint64_t version;

	(void)state;
	seen = *find_vma((const void *)here, NULL, &version);
	assert_non_null(find_vma((const void *)here, &seen, &version));
	seen.inode++;
	seen.start -= PAGE;
	seen.offset -= PAGE;
	assert_null(find_vma((const void *)here, &seen, &version));
	seen.flags = 0;
	assert_null(find_vma((const void *)here, &seen, &version));
}

/* ---- files ---- */

/* Where `here` is in this program's file, by the mapping. */
static uint64_t offset_of_here(void)
{
	uint64_t version;
	const struct vma *vma = find_vma((const void *)here, NULL, &version);

	return (uintptr_t)here - vma->start + vma->offset;
}

/* objcopy warns of sections that were none of anybody's in the first place. */
static void run(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void run(const char *format, ...)
{
	char command[1024] = "exec 2>/dev/null; ";
	size_t n = strlen(command);
	va_list args;

	va_start(args, format);
	vsnprintf(command + n, sizeof(command) - n, format, args);
	va_end(args);
	assert_int_equal(system(command), 0);
}

/* Executes it, and waits until its own code runs. */
static pid_t start_copy(const char *name)
{
	char path[256], said = 0;
	int pipe_fd[2];
	pid_t pid;

	assert_int_equal(pipe(pipe_fd), 0);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(pipe_fd[1], STDOUT_FILENO);
		execl(path, path, "--wait", NULL);
		_exit(1);
	}
	close(pipe_fd[1]);
	assert_int_equal(read(pipe_fd[0], &said, 1), 1);
	close(pipe_fd[0]);
	return pid;
}

/* Where a function of ours is in it. */
static const void *in_copy(pid_t pid, const void *function)
{
	uint64_t version, offset;
	const struct vma *vma = find_vma(function, NULL, &version);
	unsigned long long start, at, found = 0;
	char line[512], name[64], perm[5];
	FILE *maps;

	offset = (uintptr_t)function - vma->start + vma->offset;
	snprintf(name, sizeof(name), "/proc/%d/maps", pid);
	maps = fopen(name, "r");
	while (maps && fgets(line, sizeof(line), maps))
		if (sscanf(line, "%llx-%*x %4s %llx", &start, perm, &at) == 3 && perm[2] == 'x' && strstr(line, dir))
			found = start + offset - at;
	assert_true(found);
	fclose(maps);
	return (const void *)(uintptr_t)found;
}

/* Its inode is the same one, and each name in it another one. */
static void rename_all(const char *name)
{
	run("cd %s && objcopy --prefix-symbols=wrong_ /proc/%d/exe renamed && cat renamed >%s", dir, getpid(), name);
}

/* What it executed is what it was called when it was looked at. */
static void a_file_that_was_written_anew_since(void **state)
{
	const void *other;
	pid_t pid;

	(void)state;
	run("cd %s && cp /proc/%d/exe anew", dir, getpid());
	pid = start_copy("anew");
	other = in_copy(pid, (const void *)the_vdso_has_names);
	assert_string_equal(find(pid, 4, in_copy(pid, (const void *)here), false).symbol, "here");
	end_child(pid);
	rename_all("anew");
	assert_string_equal(find(pid, 4, other, false).symbol, "the_vdso_has_names");
}

/* Of who was gone before the file was opened nobody knows what it executed. */
static void a_file_that_another_process_knew(void **state)
{
	struct place place = { .space = 6 };
	struct code_place found;
	const void *address;
	uint64_t version;
	pid_t pid;

	(void)state;
	run("cd %s && cp /proc/%d/exe known", dir, getpid());
	pid = start_copy("known");
	assert_string_equal(find(pid, 5, in_copy(pid, (const void *)here), false).symbol, "here");
	end_child(pid);
	rename_all("known");
	pid = start_copy("known");
	address = in_copy(pid, (const void *)here);
	place.pid = pid;
	place.time = now();
	place.addr = (uintptr_t)address;
	assert_non_null(spaces_find(spaces, &place, NULL, &version));
	end_child(pid);
	found = find(pid, 6, address, false);
	assert_non_null(found.module);
	assert_null(found.symbol);
}

static struct program_file *open_copy(const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	return program_file_open(fd, "", path);
}

static void a_stripped_file_has_no_names(void **state)
{
	uint64_t offset = offset_of_here(), past;
	struct program_file *file;
	const char *name;
	unsigned int line;

	(void)state;
	run("objcopy --strip-all /proc/%d/exe %s/stripped", getpid(), dir);
	file = open_copy("stripped");
	assert_non_null(file);
	assert_false(program_file_symbol(file, offset, &name, &past));
	assert_false(program_file_source(file, offset, &name, &line));
	program_file_close(file);
}

/* keep: what objcopy is to leave in it */
static void assert_debug_file_is_used(const char *keep, bool is_right)
{
	uint64_t offset = offset_of_here(), past;
	struct program_file *file;
	const char *name = NULL;
	unsigned int line;

	run("cd %s && mkdir -p .debug && rm -f copy .debug/*", dir);
	run("cd %s && objcopy %s /proc/%d/exe whole && objcopy --only-keep-debug whole .debug/copy.debug", dir, keep,
	    getpid());
	run("cd %s && objcopy --strip-all --add-gnu-debuglink=.debug/copy.debug whole copy", dir);
	if (!is_right)
		run("cd %s && objcopy --remove-section=.note.gnu.build-id --remove-section=.comment .debug/copy.debug",
		    dir);
	file = open_copy("copy");
	assert_non_null(file);
	assert_int_equal(program_file_symbol(file, offset, &name, &past), is_right);
	if (is_right)
		assert_string_equal(name, "here");
	assert_int_equal(program_file_source(file, offset, &name, &line), is_right);
	if (is_right)
		assert_string_equal(name, "test_symbols.c");
	program_file_close(file);
}

static void a_debug_file_by_its_build_id(void **state)
{
	(void)state;
	assert_debug_file_is_used("", true);
}

static void a_debug_file_by_its_checksum(void **state)
{
	(void)state;
	assert_debug_file_is_used("--remove-section=.note.gnu.build-id", true);
}

static void a_wrong_debug_file_is_left_alone(void **state)
{
	(void)state;
	assert_debug_file_is_used("", false);
	assert_debug_file_is_used("--remove-section=.note.gnu.build-id", false);
}

/* Whatever is mapped and executed is asked: cut off, or none at all. */
static void what_is_no_program_tells_nothing(void **state)
{
	struct program_file *file;
	uint64_t past;
	const char *name;
	unsigned int line;

	(void)state;
	run("cd %s && echo no program >text && head -c 4096 /proc/%d/exe >cut && : >empty", dir, getpid());
	for (const char *const *copy = (const char *const[]){ "text", "cut", "empty", NULL }; *copy; copy++) {
		file = open_copy(*copy);
		if (!file)
			continue;
		assert_false(program_file_symbol(file, 0x1000, &name, &past));
		assert_false(program_file_source(file, 0x1000, &name, &line));
		program_file_close(file);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_function_of_our_own, begin, end),
		cmocka_unit_test_setup_teardown(a_return_address_is_the_call_s, begin, end),
		cmocka_unit_test_setup_teardown(a_library_s_function, begin, end),
		cmocka_unit_test_setup_teardown(the_vdso_has_names, begin, end),
		cmocka_unit_test_setup_teardown(what_is_no_code_has_no_name, begin, end),
		cmocka_unit_test_setup_teardown(a_process_that_is_gone, begin, end),
		cmocka_unit_test_setup_teardown(another_address_space_is_not_asked, begin, end),
		cmocka_unit_test_setup_teardown(a_new_mapping_is_found, begin, end),
		cmocka_unit_test_setup_teardown(a_mapping_of_another_file_is_not_it, begin, end),
		cmocka_unit_test_setup_teardown(a_file_that_was_written_anew_since, begin, end),
		cmocka_unit_test_setup_teardown(a_file_that_another_process_knew, begin, end),
		cmocka_unit_test_setup_teardown(a_stripped_file_has_no_names, begin, end),
		cmocka_unit_test_setup_teardown(a_debug_file_by_its_build_id, begin, end),
		cmocka_unit_test_setup_teardown(a_debug_file_by_its_checksum, begin, end),
		cmocka_unit_test_setup_teardown(a_wrong_debug_file_is_left_alone, begin, end),
		cmocka_unit_test_setup_teardown(what_is_no_program_tells_nothing, begin, end),
	};
	int failed;

	if (argc > 1 && !strcmp(argv[1], "--wait"))
		return write(STDOUT_FILENO, "", 1) == 1 && pause();
	if (!mkdtemp(dir))
		return 1;
	failed = cmocka_run_group_tests_name("symbols", tests, NULL, NULL);
	run("rm -rf %s", dir);
	return failed;
}
