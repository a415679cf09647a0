// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Functions, source lines and mappings: of this very process, and of copies of its file. */
#include <fcntl.h>
#include <sys/mman.h>
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

/* Who is gone before it was looked at has no names; who was looked at, keeps them. */
static void a_process_that_is_gone(void **state)
{
	pid_t pid = fork();

	(void)state;
	if (!pid)
		_exit(0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_null(find(pid, 2, (const void *)here, false).module);
	assert_string_equal(find(getpid(), 1, (const void *)here, false).symbol, "here");
	is_there = false;
	assert_string_equal(find(getpid(), 1, (const void *)here, false).symbol, "here");
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

int main(void)
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
		cmocka_unit_test_setup_teardown(a_stripped_file_has_no_names, begin, end),
		cmocka_unit_test_setup_teardown(a_debug_file_by_its_build_id, begin, end),
		cmocka_unit_test_setup_teardown(a_debug_file_by_its_checksum, begin, end),
		cmocka_unit_test_setup_teardown(a_wrong_debug_file_is_left_alone, begin, end),
		cmocka_unit_test_setup_teardown(what_is_no_program_tells_nothing, begin, end),
	};
	int failed;

	if (!mkdtemp(dir))
		return 1;
	failed = cmocka_run_group_tests_name("symbols", tests, NULL, NULL);
	run("rm -rf %s", dir);
	return failed;
}
