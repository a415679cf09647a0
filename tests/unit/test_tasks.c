// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What becomes of the iterator's records. The inside of tasks.c is tested, so it is included. */
#include "../../user/tasks.c"

#include "fixture.h"

#define PAGE 4096ULL

static struct task_record record_of(uint32_t pid, uint32_t tid, enum task_record_kind kind)
{
	return (struct task_record){
		.pid = pid, .tid = tid, .kind = kind, .comm = "name", .task_size = 0x7ffffffff000, .pgd = tid,
		.pgtables_bytes = 7 * PAGE, .pages = { 1, 2, 4, 8 }, .total_vm = 100,
	};
}

static struct list list_of(const struct task_record *records, size_t n)
{
	struct list list = { 0 };

	for (size_t i = 0; i < n; i++)
		assert_true(append(&list, &records[i]));
	sort_and_merge(&list);
	return list;
}

static void pages_become_bytes(void **state)
{
	const struct task_record record = record_of(5, 5, RECORD_PROCESS);
	const struct task task = task_of(&record);

	(void)state;
	assert_int_equal(task.pid, 5);
	assert_int_equal(task.kind, TASK_PROCESS);
	assert_string_equal(task.comm, "name");
	assert_int_equal(task.task_size, 0x7ffffffff000);
	assert_int_equal(task.pgtables_bytes, 7 * PAGE);
	assert_int_equal(task.pgtables_pages, 7);
	assert_int_equal(task.rss_bytes, (1 + 2 + 8) * PAGE);
	assert_int_equal(task.swap_bytes, 4 * PAGE);
	assert_int_equal(task.vm_bytes, 100 * PAGE);
}

/* As in /proc: a kind that is below 0 takes nothing from the others. */
static void a_counter_below_zero_is_none(void **state)
{
	struct task_record record = record_of(5, 5, RECORD_PROCESS);
	struct task task;

	(void)state;
	record.pages[COUNTER_FILE] = -3;
	record.pages[COUNTER_SWAP] = -1;
	task = task_of(&record);
	assert_int_equal(task.rss_bytes, (2 + 8) * PAGE);
	assert_int_equal(task.swap_bytes, 0);
}

static void a_name_is_terminated(void **state)
{
	struct task_record record = record_of(5, 5, RECORD_PROCESS);

	(void)state;
	memset(record.comm, 'x', sizeof(record.comm));
	assert_string_equal(task_of(&record).comm, "xxxxxxxxxxxxxxx");
}

static void processes_stand_in_order(void **state)
{
	const struct task_record records[] = {
		record_of(30, 30, RECORD_PROCESS), record_of(2, 2, RECORD_KERNEL_THREAD),
		record_of(10, 10, RECORD_NO_SPACE),
	};
	struct list list = list_of(records, 3);

	(void)state;
	assert_int_equal(list.n, 3);
	assert_int_equal(list.task[0].pid, 2);
	assert_int_equal(list.task[0].kind, TASK_KERNEL_THREAD);
	assert_int_equal(list.task[1].pid, 10);
	assert_int_equal(list.task[1].kind, TASK_EXITED);
	assert_int_equal(list.task[2].pid, 30);
	free(list.task);
}

/* Its number may be higher than that of the other threads: then it comes last. */
static void a_leader_that_has_ended_leaves_its_process(void **state)
{
	const struct task_record records[] = {
		record_of(10, 11, RECORD_PROCESS), record_of(9, 9, RECORD_PROCESS), record_of(10, 12, RECORD_PROCESS),
		record_of(10, 10, RECORD_NO_SPACE), record_of(20, 20, RECORD_NO_SPACE), record_of(20, 21, RECORD_PROCESS),
	};
	struct list list = list_of(records, 6);

	(void)state;
	assert_int_equal(list.n, 3);
	assert_int_equal(list.task[0].pid, 9);
	assert_int_equal(list.task[1].pid, 10);
	assert_int_equal(list.task[1].kind, TASK_PROCESS);
	assert_int_equal(list.task[2].pid, 20);
	assert_int_equal(list.task[2].kind, TASK_PROCESS);
	free(list.task);
}

static void no_processes_are_no_processes(void **state)
{
	struct list list = list_of(NULL, 0);

	(void)state;
	assert_int_equal(list.n, 0);
}

/* In a file, as the iterator gives them to read(). */
static int read_bytes(const void *bytes, size_t size, struct list *list)
{
	FILE *file = tmpfile();
	int err;

	assert_non_null(file);
	assert_int_equal(write(fileno(file), bytes, size), size);
	assert_int_equal(lseek(fileno(file), 0, SEEK_SET), 0);
	err = read_records(fileno(file), list);
	fclose(file);
	return err;
}

static void more_records_than_one_read(void **state)
{
	enum { N = 1000 };
	struct task_record *records = calloc(N, sizeof(*records));
	struct list list = { 0 };

	(void)state;
	assert_non_null(records);
	for (unsigned int i = 0; i < N; i++)
		records[i] = record_of(i + 1, i + 1, RECORD_PROCESS);
	assert_int_equal(read_bytes(records, N * sizeof(*records), &list), 0);
	assert_int_equal(list.n, N);
	for (unsigned int i = 0; i < N; i++)
		assert_int_equal(list.task[i].pid, i + 1);
	free(list.task);
	free(records);
}

static void half_a_record_is_an_error(void **state)
{
	const struct task_record records[2] = { record_of(1, 1, RECORD_PROCESS), record_of(2, 2, RECORD_PROCESS) };
	struct list list = { 0 };

	(void)state;
	assert_int_equal(read_bytes(records, sizeof(records) - 1, &list), -EBADMSG);
	free(list.task);
}

static void a_failed_read_is_an_error(void **state)
{
	struct list list = { 0 };

	(void)state;
	assert_int_equal(read_records(-1, &list), -EBADF);
	assert_int_equal(list.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_become_bytes),
		cmocka_unit_test(a_counter_below_zero_is_none),
		cmocka_unit_test(a_name_is_terminated),
		cmocka_unit_test(processes_stand_in_order),
		cmocka_unit_test(a_leader_that_has_ended_leaves_its_process),
		cmocka_unit_test(no_processes_are_no_processes),
		cmocka_unit_test(more_records_than_one_read),
		cmocka_unit_test(half_a_record_is_an_error),
		cmocka_unit_test(a_failed_read_is_an_error),
	};

	return cmocka_run_group_tests_name("tasks", tests, NULL, NULL);
}
