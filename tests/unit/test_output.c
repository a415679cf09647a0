// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The writer: bytes arrive whole and in order, and an error is never lost. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "fixture.h"

static void numbers_are_written_in_full(void **state)
{
	struct output *out = capture();

	(void)state;
	put_dec(out, 0);
	put_char(out, ' ');
	put_dec(out, 10);
	put_char(out, ' ');
	put_dec(out, UINT64_MAX);
	put_char(out, ' ');
	put_hex(out, 0);
	put_char(out, ' ');
	put_hex(out, 0xf);
	put_char(out, ' ');
	put_hex(out, 0x10);
	put_char(out, ' ');
	put_hex(out, UINT64_MAX);
	put_char(out, ' ');
	put_hex16(out, 0x1f);
	assert_captured(out, "0 10 18446744073709551615 0x0 0xf 0x10 0xffffffffffffffff 0x000000000000001f");
}

/* The number of digits is computed, so each width is a case of its own. */
static void hex_has_no_leading_zero_at_any_width(void **state)
{
	struct output *out = capture();
	char expected[64 * 24], *end = expected;

	(void)state;
	for (unsigned int bit = 0; bit < 64; bit++) {
		put_hex(out, 1ULL << bit);
		put_char(out, '\n');
		end += sprintf(end, "0x%llx\n", 1ULL << bit);
	}
	assert_captured(out, expected);
}

/* Eight digits are made at a time, by factors that have to fit them all: around each power of ten, and in between. */
static void decimal_numbers_are_right_at_any_width(void **state)
{
	(void)state;
	for (uint64_t power = 1, last = 0; power > last; last = power, power *= power > UINT64_MAX / 10 ? 0 : 10)
		for (unsigned int i = 0; i < 2000; i++) {
			const uint64_t values[] = {
				power - 1000 + i, power * (i % 9 + 1) - 1, power + power / 2000 * i,
			};
			char text[STORE_NUMBER], expected[32];

			for (unsigned int j = 0; j < 3; j++) {
				*store_dec(text, values[j]) = '\0';
				snprintf(expected, sizeof(expected), "%llu", (unsigned long long)values[j]);
				assert_string_equal(text, expected);
			}
		}
}

static void all_of_four_digits_are_right_in_each_place(void **state)
{
	char text[STORE_NUMBER], expected[32];

	(void)state;
	for (unsigned int value = 0; value < 10000; value++) {
		*store_dec8(text, value * 10000 + 9999 - value) = '\0';
		snprintf(expected, sizeof(expected), "%04u%04u", value, 9999 - value);
		assert_string_equal(text, expected);
		*store_dec(text, value) = '\0';
		snprintf(expected, sizeof(expected), "%u", value);
		assert_string_equal(text, expected);
	}
}

/* Room is made where there is none left: what was there before goes out in front. */
static void room_is_made(void **state)
{
	struct output *out = capture();
	char *text, *at;

	(void)state;
	for (unsigned int i = 0; i < 30000; i++) {
		at = output_room(out, 1000);
		output_put_to(out, store_str(store_dec(at, i % 10), "."));
	}
	text = captured_text(out);
	assert_int_equal(strlen(text), 60000);
	for (unsigned int i = 0; i < 30000; i++)
		assert_true(text[2 * i] == (char)('0' + i % 10) && text[2 * i + 1] == '.');
	free(text);
}

static void right_aligned_numbers_are_filled(void **state)
{
	struct output *out = capture();
	char *text;

	(void)state;
	put_dec_right(out, 7, 6, '0');
	put_dec_right(out, 42, 4, ' ');
	put_dec_right(out, 12345, 3, ' ');	/* wider than its column: never cut */
	put_dec_right(out, 0, 2, ' ');
	put_dec_right(out, 1, 1000, ' ');	/* a width beyond reason must not be one beyond the buffer */
	text = captured_text(out);
	assert_memory_equal(text, "000007  4212345 0", 17);
	assert_true(strlen(text) <= 17 + 1000);
	assert_int_equal(text[strlen(text) - 1], '1');
	free(text);
}

static void columns_are_filled_but_not_cut(void **state)
{
	struct output *out = capture();
	size_t mark = put_mark(out);

	(void)state;
	put_str(out, "ab");
	put_fill(out, mark, 5);
	mark = put_mark(out);
	put_str(out, "too long");
	put_fill(out, mark, 3);
	put_char(out, '|');
	assert_captured(out, "ab   too long|");
}

/* The mark counts from the first byte of all, not from the start of the buffer. */
static void a_column_may_straddle_a_flush(void **state)
{
	struct output *out = capture();
	size_t mark;

	(void)state;
	put_str(out, "123");
	mark = put_mark(out);
	put_str(out, "ab");
	assert_int_equal(output_flush(out), 0);
	put_fill(out, mark, 6);
	put_char(out, '|');
	assert_captured(out, "123ab    |");
}

/* More than any buffer, in pieces that don't divide it. */
static void much_arrives_whole(void **state)
{
	enum { PIECE = 997, PIECES = 400 };
	struct output *out = capture();
	char piece[PIECE], *text;

	(void)state;
	for (int i = 0; i < PIECES; i++) {
		memset(piece, 'a' + i % 26, PIECE);
		put_mem(out, piece, PIECE);
	}
	text = captured_text(out);
	assert_int_equal(strlen(text), PIECE * PIECES);
	for (int i = 0; i < PIECES; i++)
		for (int j = 0; j < PIECE; j++)
			if (text[i * PIECE + j] != 'a' + i % 26)
				fail_msg("byte %d of piece %d is wrong", j, i);
	free(text);
}

static void one_piece_may_be_larger_than_the_buffer(void **state)
{
	enum { LEN = 300001 };
	char *large = malloc(LEN + 1), *text;
	struct output *out = capture();

	(void)state;
	assert_non_null(large);
	for (int i = 0; i < LEN; i++)
		large[i] = '0' + i % 10;
	large[LEN] = '\0';
	put_str(out, large);
	text = captured_text(out);
	assert_true(!strcmp(text, large));
	free(text);
	free(large);
}

static struct output *full_disk(void)
{
	struct output *out = output_open("/dev/full");

	assert_non_null(out);
	return out;
}

static void a_full_disk_is_told_at_the_flush(void **state)
{
	struct output *out = full_disk();

	(void)state;
	put_str(out, "lost");
	assert_int_equal(output_error(out), 0);		/* nothing was written yet */
	assert_int_equal(output_flush(out), ENOSPC);
	assert_int_equal(output_error(out), ENOSPC);
	assert_int_equal(output_close(out), ENOSPC);
}

static void a_full_disk_is_told_at_the_close(void **state)
{
	struct output *out = full_disk();

	(void)state;
	put_str(out, "lost");
	assert_int_equal(output_close(out), ENOSPC);
}

/* A flush with nothing to write must not make the failure of the one before forgotten. */
static void the_first_error_is_kept(void **state)
{
	struct output *out = full_disk();

	(void)state;
	put_str(out, "lost");
	assert_int_equal(output_flush(out), ENOSPC);
	assert_int_equal(output_flush(out), ENOSPC);
	put_str(out, "lost as well");
	assert_int_equal(output_flush(out), ENOSPC);
	assert_int_equal(output_close(out), ENOSPC);
}

/* Without an end to the buffer this would overrun it, or never return. */
static void much_after_an_error_is_dropped(void **state)
{
	struct output *out = full_disk();

	(void)state;
	for (int i = 0; i < 100000; i++)
		put_str(out, "0123456789");
	assert_int_equal(output_error(out), ENOSPC);
	assert_int_equal(output_close(out), ENOSPC);
}

static void a_closed_pipe_is_an_error(void **state)
{
	struct output *out;
	int ends[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);	/* as main() does */
	assert_int_equal(pipe(ends), 0);
	out = output_to(ends[1]);
	assert_non_null(out);
	put_str(out, "read");
	assert_int_equal(output_flush(out), 0);
	close(ends[0]);
	put_str(out, "not read");
	assert_int_equal(output_flush(out), EPIPE);
	assert_int_equal(output_close(out), EPIPE);
}

static void a_closed_descriptor_is_an_error(void **state)
{
	int fd = open("/dev/null", O_WRONLY);
	struct output *out = output_to(fd);

	(void)state;
	assert_non_null(out);
	close(fd);
	put_str(out, "to nowhere");
	assert_int_equal(output_flush(out), EBADF);
	assert_int_equal(output_close(out), EBADF);
}

/* A pipe takes less than is offered: the rest is written, too. */
static void short_writes_are_continued(void **state)
{
	enum { LEN = 150000 };
	struct output *out;
	size_t got = 0;
	char buf[4096];
	int ends[2];
	ssize_t n;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	if (!fork()) {
		close(ends[0]);
		out = output_to(ends[1]);
		for (int i = 0; i < LEN; i++)
			put_char(out, 'x');
		_exit(output_close(out));
	}
	close(ends[1]);
	while ((n = read(ends[0], buf, sizeof(buf))) > 0)
		got += n;
	close(ends[0]);
	assert_int_equal(got, LEN);
}

/* The system takes a part of the last write, without an error: the rest is tried again, and that fails. */
static void a_write_that_stops_half_way_is_an_error(void **state)
{
	struct rlimit old, limit;
	struct output *out = capture();
	int error;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	limit = old;
	limit.rlim_cur = 1000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	for (int i = 0; i < 150; i++)
		put_str(out, "0123456789");
	error = output_close(out);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	fclose(captured);
	assert_int_equal(error, EFBIG);
}

static void files_are_for_their_owner_alone(void **state)
{
	char file[] = "/tmp/pfwatch-test-XXXXXX";
	struct output *out;
	struct stat st;

	(void)state;
	close(mkstemp(file));
	unlink(file);
	umask(0);
	out = output_open(file);
	assert_non_null(out);
	assert_string_equal(output_name(out), file);
	put_str(out, "data\n");
	assert_int_equal(output_close(out), 0);
	assert_int_equal(stat(file, &st), 0);
	unlink(file);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_size, 5);
}

/* The tail of what was there before would look like data of ours. */
static void files_are_truncated(void **state)
{
	char file[] = "/tmp/pfwatch-test-XXXXXX";
	int fd = mkstemp(file);
	struct output *out;
	struct stat st;

	(void)state;
	assert_int_equal(write(fd, "something longer", 16), 16);
	close(fd);
	out = output_open(file);
	assert_non_null(out);
	put_str(out, "new");
	assert_int_equal(output_close(out), 0);
	assert_int_equal(stat(file, &st), 0);
	unlink(file);
	assert_int_equal(st.st_size, 3);
}

static void what_cannot_be_opened_is_said(void **state)
{
	(void)state;
	errno = 0;
	assert_null(output_open("/nonexistent/directory/file"));
	assert_int_equal(errno, ENOENT);
	errno = 0;
	assert_null(output_open("/tmp"));
	assert_int_equal(errno, EISDIR);
}

static void a_file_has_no_colour(void **state)
{
	struct output *out = capture();

	(void)state;
	assert_false(output_has_colour(out));
	assert_captured(out, "");
}

static void a_terminal_has_colour_unless_told_not_to(void **state)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY);
	struct output *out;

	(void)state;
	if (fd < 0)
		skip();
	unsetenv("NO_COLOR");
	out = output_to(fd);
	assert_true(output_has_colour(out));
	free(out);
	setenv("NO_COLOR", "1", 1);
	out = output_to(fd);
	assert_false(output_has_colour(out));
	free(out);
	unsetenv("NO_COLOR");
	close(fd);
}

/* Colours take no room on a screen, so they take none of a column. */
static void hidden_bytes_take_no_room(void **state)
{
	struct output *out = capture();
	size_t mark = put_mark(out);

	(void)state;
	put_hidden(out, "\033[1m");
	put_str(out, "ab");
	put_fill(out, mark, 4);
	put_char(out, '|');
	assert_captured(out, "\033[1mab  |");
}

/* A reader that doesn't read holds us up only until there is something else to do. */
static void a_stalled_reader_can_be_interrupted(void **state)
{
	int data[2], interrupt[2];
	struct output *out;

	(void)state;
	assert_int_equal(pipe(data), 0);
	assert_int_equal(pipe(interrupt), 0);
	assert_int_equal(write(interrupt[1], "", 1), 1);
	out = output_to(data[1]);
	output_set_interrupt(out, interrupt[0]);
	for (int i = 0; i < 1000000 && !output_error(out); i++)
		put_str(out, "line\n");
	assert_int_equal(output_error(out), EINTR);
	output_close(out);
	close(data[0]);
	close(interrupt[0]);
	close(interrupt[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_written_in_full),
		cmocka_unit_test(hex_has_no_leading_zero_at_any_width),
		cmocka_unit_test(decimal_numbers_are_right_at_any_width),
		cmocka_unit_test(all_of_four_digits_are_right_in_each_place),
		cmocka_unit_test(room_is_made),
		cmocka_unit_test(right_aligned_numbers_are_filled),
		cmocka_unit_test(columns_are_filled_but_not_cut),
		cmocka_unit_test(a_column_may_straddle_a_flush),
		cmocka_unit_test(much_arrives_whole),
		cmocka_unit_test(one_piece_may_be_larger_than_the_buffer),
		cmocka_unit_test(a_full_disk_is_told_at_the_flush),
		cmocka_unit_test(a_full_disk_is_told_at_the_close),
		cmocka_unit_test(the_first_error_is_kept),
		cmocka_unit_test(much_after_an_error_is_dropped),
		cmocka_unit_test(a_closed_pipe_is_an_error),
		cmocka_unit_test(a_closed_descriptor_is_an_error),
		cmocka_unit_test(short_writes_are_continued),
		cmocka_unit_test(a_write_that_stops_half_way_is_an_error),
		cmocka_unit_test(files_are_for_their_owner_alone),
		cmocka_unit_test(files_are_truncated),
		cmocka_unit_test(what_cannot_be_opened_is_said),
		cmocka_unit_test(a_file_has_no_colour),
		cmocka_unit_test(a_terminal_has_colour_unless_told_not_to),
		cmocka_unit_test(hidden_bytes_take_no_room),
		cmocka_unit_test(a_stalled_reader_can_be_interrupted),
	};

	return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}
