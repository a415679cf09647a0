// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Files that are made to harm who reads them: copies of this program's. */
#include <elf.h>
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"
#include "elf_copy.h"
#include "proc.h"
#include "program_file.h"

static char dir[] = "/tmp/test_program_file.XXXXXX";

static __attribute__((noipa)) int here(int n)
{
	return n + 1;
}

static uint64_t offset_of_here(void)
{
	struct vmas *vmas = vmas_read(getpid());
	const struct vma *vma = vmas_find(vmas, (uintptr_t)here);
	uint64_t offset = (uintptr_t)here - vma->start + vma->offset;

	vmas_free(vmas);
	return offset;
}

static void run(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void run(const char *format, ...)
{
	char command[1024];
	int n = snprintf(command, sizeof(command), "exec 2>/dev/null; exe=/proc/%d/exe; cd %s && ", getpid(), dir);
	va_list args;

	va_start(args, format);
	vsnprintf(command + n, sizeof(command) - n, format, args);
	va_end(args);
	assert_int_equal(system(command), 0);
}

static int open_made(const char *name, int flags)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, flags | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

/* As the process sees it whose root directory is ours here. */
static struct program_file *open_program(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "/%s", name);
	return program_file_open(open_made(name, O_RDONLY), dir, path);
}

static bool has_names(struct program_file *file)
{
	const char *name;
	uint64_t past;

	return program_file_symbol(file, offset_of_here(), &name, &past) && !strcmp(name, "here");
}

static bool is_named(const char *program)
{
	struct program_file *file = open_program(program);
	bool named = file && has_names(file);

	program_file_close(file);
	return named;
}

static bool is_taken(const char *program)
{
	struct program_file *file = open_program(program);

	program_file_close(file);
	return file;
}

/* ---- files that change ---- */

/* Names are not read before they are asked for. */
static void a_file_that_is_cut_off(void **state)
{
	struct program_file *file;

	(void)state;
	run("cp $exe cut");
	file = open_program("cut");
	run(": >cut");
	assert_true(has_names(file));
	program_file_close(file);
}

static void a_file_that_is_rewritten(void **state)
{
	struct program_file *file;
	const char *source;
	unsigned int line;

	(void)state;
	run("cp $exe rewritten");
	file = open_program("rewritten");
	assert_true(has_names(file));
	run("head -c $(stat -c %%s rewritten) /dev/zero >zeros && cat zeros >rewritten");
	assert_true(has_names(file));
	assert_true(program_file_source(file, offset_of_here(), &source, &line));
	assert_string_equal(source, "test_program_file.c");
	program_file_close(file);
}

static void nobody_can_write_a_copy(void **state)
{
	struct elf_copy copy;
	int fd, copied;

	(void)state;
	run("cp $exe source");
	fd = open_made("source", O_RDONLY);
	copied = elf_copy(fd, &copy);
	close(fd);
	assert_true(copied >= 0);
	assert_int_equal(pwrite(copied, "", 1, 0), -1);
	assert_int_equal(ftruncate(copied, 0), -1);
	close(copied);
}

/* ---- files that grow when they are read ---- */

static void a_packed_file_is_none(void **state)
{
	(void)state;
	run("cp $exe plain && gzip -1 -c plain >gzip && xz -0 -c plain >xz");
	assert_true(is_named("plain"));
	assert_false(is_taken("gzip"));
	assert_false(is_taken("xz"));
}

static void a_file_that_is_too_large(void **state)
{
	(void)state;
	run("cp $exe large && truncate -s %lu large", MAX_ELF_BYTES);
	assert_true(is_named("large"));
	run("truncate -s %lu large", MAX_ELF_BYTES + 1);
	assert_false(is_taken("large"));
}

/* What its compressed sections say that they have when they are unpacked. */
static void set_unpacked_size(const char *name, uint64_t size)
{
	int fd = open_made(name, O_RDWR), found = 0;
	const ssize_t length = sizeof(Elf64_Shdr);
	Elf64_Ehdr elf;

	assert_int_equal(pread(fd, &elf, sizeof(elf), 0), sizeof(elf));
	for (unsigned int i = 0; i < elf.e_shnum; i++) {
		Elf64_Shdr section;
		Elf64_Chdr packed;

		assert_int_equal(pread(fd, &section, length, elf.e_shoff + i * length), length);
		if (!(section.sh_flags & SHF_COMPRESSED))
			continue;
		assert_int_equal(pread(fd, &packed, sizeof(packed), section.sh_offset), sizeof(packed));
		packed.ch_size = size;
		assert_int_equal(pwrite(fd, &packed, sizeof(packed), section.sh_offset), sizeof(packed));
		found++;
	}
	assert_true(found > 1);
	close(fd);
}

static void sections_that_are_too_large_unpacked(void **state)
{
	(void)state;
	run("objcopy --compress-debug-sections=zlib $exe sections");
	assert_true(is_named("sections"));
	set_unpacked_size("sections", MAX_ELF_BYTES / 2);
	assert_false(is_taken("sections"));
	set_unpacked_size("sections", 1ULL << 40);
	assert_false(is_taken("sections"));
	set_unpacked_size("sections", UINT64_MAX);
	assert_false(is_taken("sections"));
}

static void the_old_packed_sections_count(void **state)
{
	(void)state;
	run("printf 'ZLIB\\0\\0\\1\\0\\0\\0\\0\\0' >header && objcopy --add-section .zdebug_types=header $exe old");
	assert_false(is_taken("old"));
	run("printf 'ZLIB\\0\\0\\0\\0\\0\\0\\1\\0' >header && objcopy --add-section .zdebug_types=header $exe old");
	assert_true(is_named("old"));
}

static void packed_names_are_not_read(void **state)
{
	(void)state;
	run("xz -0 -c $exe >names && objcopy --strip-all --add-section .gnu_debugdata=names $exe mini");
	assert_true(is_taken("mini"));
	assert_false(is_named("mini"));
}

static bool has_lines(const char *program)
{
	struct program_file *file = open_program(program);
	const char *source;
	unsigned int line;
	bool has;

	assert_non_null(file);
	has = program_file_source(file, offset_of_here(), &source, &line);
	program_file_close(file);
	return has;
}

/* The names are there all the same. */
static void lines_that_are_too_large(void **state)
{
	(void)state;
	run("objcopy --dump-section .debug_line=lines $exe lined && truncate -s %lu lines", MAX_LINE_BYTES);
	run("objcopy --update-section .debug_line=lines $exe lined");
	assert_true(has_lines("lined"));
	run("truncate -s %lu lines && objcopy --update-section .debug_line=lines $exe lined", MAX_LINE_BYTES + 1);
	assert_false(has_lines("lined"));
	assert_true(is_named("lined"));
}

/* ---- what a link leads to ---- */

/* A program without names, whose link is to debug. */
static void make_linked(void)
{
	run("rm -f debug linked && cp $exe debug && objcopy --strip-all --add-gnu-debuglink=debug debug linked");
	run("mv debug moved");
}

/* Whatever would come of it: to open a pipe or a device is an act already. */
static void a_pipe_is_not_opened(void **state)
{
	char path[256], event[4096];
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	(void)state;
	make_linked();
	run("rm -f pipe && mkfifo pipe && ln -s /pipe debug");
	snprintf(path, sizeof(path), "%s/pipe", dir);
	assert_true(inotify_add_watch(fd, path, IN_OPEN) >= 0);
	assert_false(is_named("linked"));
	run("rm debug && mv pipe debug");
	assert_false(is_named("linked"));
	assert_int_equal(read(fd, event, sizeof(event)), -1);
	close(fd);
}

static void a_link_stays_below_the_root(void **state)
{
	(void)state;
	make_linked();
	run("ln -s /moved debug");
	assert_true(is_named("linked"));
	run("ln -sf %s/moved debug", dir);
	assert_false(is_named("linked"));
	run("ln -sf ../../../../../../../..%s/moved debug", dir);
	assert_false(is_named("linked"));
}

static void a_debug_file_that_is_too_large(void **state)
{
	(void)state;
	make_linked();
	run("cp moved debug && truncate -s %lu debug", MAX_ELF_BYTES);
	assert_true(is_named("linked"));
	run("truncate -s %lu debug", MAX_ELF_BYTES + 1);
	assert_false(is_named("linked"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_that_is_cut_off),
		cmocka_unit_test(a_file_that_is_rewritten),
		cmocka_unit_test(nobody_can_write_a_copy),
		cmocka_unit_test(a_packed_file_is_none),
		cmocka_unit_test(a_file_that_is_too_large),
		cmocka_unit_test(sections_that_are_too_large_unpacked),
		cmocka_unit_test(the_old_packed_sections_count),
		cmocka_unit_test(packed_names_are_not_read),
		cmocka_unit_test(lines_that_are_too_large),
		cmocka_unit_test(a_pipe_is_not_opened),
		cmocka_unit_test(a_link_stays_below_the_root),
		cmocka_unit_test(a_debug_file_that_is_too_large),
	};
	int failed;

	if (!mkdtemp(dir) || here(0) != 1)
		return 1;
	failed = cmocka_run_group_tests_name("program_file", tests, NULL, NULL);
	run("rm -rf %s", dir);
	return failed;
}
