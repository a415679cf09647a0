// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The reader's end of a ring buffer, whose other end is here and not the kernel's. */
#define _GNU_SOURCE
#include <linux/bpf.h>
#include <sys/mman.h>

#include "fixture.h"
#include "ring.h"

#define PAGE 4096UL
#define SIZE PAGE

struct writer {
	int fd;
	struct ring *ring;		/* the reader */
	unsigned long *readers, *at;	/* positions */
	char *data;
};

static void begin(struct writer *writer)
{
	char *memory;

	writer->fd = memfd_create("ring", 0);
	assert_true(writer->fd >= 0);
	assert_int_equal(ftruncate(writer->fd, 2 * PAGE + SIZE), 0);
	memory = mmap(NULL, 2 * PAGE + SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, writer->fd, 0);
	assert_true(memory != MAP_FAILED);
	writer->readers = (unsigned long *)memory;
	writer->at = (unsigned long *)(memory + PAGE);
	writer->data = memory + 2 * PAGE;
}

static struct ring *begin_to_read(struct writer *writer)
{
	begin(writer);
	writer->ring = ring_open(writer->fd, SIZE);
	assert_non_null(writer->ring);
	return writer->ring;
}

static void end(struct writer *writer)
{
	ring_close(writer->ring);
	munmap(writer->readers, 2 * PAGE + SIZE);
	close(writer->fd);
}

static uint32_t *header_at(struct writer *writer, unsigned long at)
{
	return (uint32_t *)(writer->data + at % SIZE);
}

/* A record of len bytes that all are `byte`. Returns where it is. */
static unsigned long put(struct writer *writer, uint32_t len, char byte, uint32_t bits)
{
	unsigned long at = *writer->at;

	*header_at(writer, at) = len | bits;
	for (uint32_t i = 0; i < len; i++)
		writer->data[(at + BPF_RINGBUF_HDR_SZ + i) % SIZE] = byte;
	*writer->at += (BPF_RINGBUF_HDR_SZ + len + 7) & ~7UL;
	return at;
}

static void assert_next(struct ring *ring, size_t len, char byte)
{
	size_t found;
	const char *record = ring_next(ring, &found);

	assert_non_null(record);
	assert_int_equal(found, len);
	for (size_t i = 0; i < len; i++)
		assert_int_equal(record[i], byte);
	ring_drop(ring);
}

static void assert_nothing(struct ring *ring)
{
	size_t len;

	assert_null(ring_next(ring, &len));
}

static void records_come_in_order_and_make_room(void **state)
{
	struct writer writer;
	struct ring *ring = begin_to_read(&writer);

	(void)state;
	assert_nothing(ring);
	/* Many times around, in lengths that end anywhere: some go on at the beginning. */
	for (unsigned int i = 0; i < 10000; i++) {
		put(&writer, 1 + i % 509, i, 0);
		put(&writer, 8 * (i % 7), ~i, 0);
		assert_next(ring, 1 + i % 509, i);
		assert_next(ring, 8 * (i % 7), ~i);
		assert_nothing(ring);
		assert_int_equal(*writer.readers, *writer.at);
	}
	end(&writer);
}

static void what_is_not_complete_holds_what_is_behind(void **state)
{
	struct writer writer;
	struct ring *ring = begin_to_read(&writer);
	unsigned long busy;

	(void)state;
	put(&writer, 16, 'a', 0);
	busy = put(&writer, 16, 'b', BPF_RINGBUF_BUSY_BIT);
	put(&writer, 16, 'c', 0);
	assert_next(ring, 16, 'a');
	assert_nothing(ring);
	*header_at(&writer, busy) = 16;
	assert_next(ring, 16, 'b');
	assert_next(ring, 16, 'c');
	assert_nothing(ring);
	end(&writer);
}

static void what_was_given_up_is_passed_over(void **state)
{
	struct writer writer;
	struct ring *ring = begin_to_read(&writer);

	(void)state;
	put(&writer, 16, 'a', BPF_RINGBUF_DISCARD_BIT);
	put(&writer, RING_RECORD + 1, 'b', 0);
	put(&writer, 24, 'c', 0);
	put(&writer, 8, 'd', BPF_RINGBUF_DISCARD_BIT);
	assert_next(ring, 24, 'c');
	assert_nothing(ring);
	assert_int_equal(*writer.readers, *writer.at);
	end(&writer);
}

/* What somebody has read before isn't read again. */
static void it_goes_on_where_it_was(void **state)
{
	struct writer writer;
	struct ring *before = begin_to_read(&writer);

	(void)state;
	put(&writer, 16, 'a', 0);
	put(&writer, 16, 'b', 0);
	assert_next(before, 16, 'a');
	ring_close(before);
	writer.ring = ring_open(writer.fd, SIZE);
	assert_next(writer.ring, 16, 'b');
	end(&writer);
}

static void no_map_is_an_error(void **state)
{
	(void)state;
	assert_null(ring_open(-1, SIZE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_come_in_order_and_make_room),
		cmocka_unit_test(what_is_not_complete_holds_what_is_behind),
		cmocka_unit_test(what_was_given_up_is_passed_over),
		cmocka_unit_test(it_goes_on_where_it_was),
		cmocka_unit_test(no_map_is_an_error),
	};

	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
