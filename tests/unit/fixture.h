/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the unit tests share: the two paging geometries, an output whose bytes can be read back, usage errors. */
#ifndef PFWATCH_TEST_FIXTURE_H
#define PFWATCH_TEST_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cmd.h"
#include "options.h"
#include "output.h"
#include "path.h"

/* Entries of x86-64, as the kernel makes them. */
#define TABLE_FLAGS	0x67ULL			/* present write user accessed dirty */
#define PAGE_RO		0x25ULL			/* present user accessed */
#define PAGE_RW		0x867ULL		/* present write user accessed dirty, soft dirty */
#define NX		0x8000000000000000ULL

static const struct geometry four_levels = {
	.levels = 4, .page_shift = 12, .shift = { 39, 39, 30, 21, 12 }, .entries = { 512, 1, 512, 512, 512 },
	.page_offset = 0xffff888000000000, .vmalloc_start = 0xffffc90000000000, .vmemmap_start = 0xffffea0000000000,
	.task_size_max = 0x7ffffffff000, .pfn_mask = 0xffffffffff000,
};

static const struct geometry five_levels = {
	.levels = 5, .page_shift = 12, .shift = { 48, 39, 30, 21, 12 }, .entries = { 512, 512, 512, 512, 512 },
	.page_offset = 0xff11000000000000, .vmalloc_start = 0xffa0000000000000, .vmemmap_start = 0xffd4000000000000,
	.task_size_max = 0xfffffffffff000, .pfn_mask = 0xffffffffff000,
};

/* main.o is in no test, and all that parses words needs this of it. Here the reason is kept instead of printed. */
static char usage_reason[256];

int usage_error(const char *command, const char *format, ...)
{
	va_list args;

	(void)command;
	va_start(args, format);
	vsnprintf(usage_reason, sizeof(usage_reason), format, args);
	va_end(args);
	return EXIT_USAGE;
}

int print_usage(const char *usage)
{
	(void)usage;
	return EXIT_OK;
}

/* One capture at a time is enough. */
static FILE *captured;

static inline struct output *capture(void)
{
	struct output *out;

	captured = tmpfile();
	assert_non_null(captured);
	out = output_to(fileno(captured));
	assert_non_null(out);
	return out;
}

/* All that was written since capture(), with a NUL behind it; free() it. The output is closed, its file too. */
static inline char *captured_text(struct output *out)
{
	int fd = dup(fileno(captured));		/* output_close() closes its own */
	char *text;
	off_t len;

	assert_true(fd >= 0);
	assert_int_equal(output_flush(out), 0);
	len = lseek(fd, 0, SEEK_END);
	assert_true(len >= 0);
	text = calloc(1, len + 1);
	assert_non_null(text);
	assert_int_equal(pread(fd, text, len, 0), len);
	close(fd);
	output_close(out);
	fclose(captured);
	captured = NULL;
	return text;
}

static inline void assert_captured(struct output *out, const char *expected)
{
	char *text = captured_text(out);

	assert_string_equal(text, expected);
	free(text);
}

#endif
