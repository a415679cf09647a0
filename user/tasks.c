// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The only place that knows the BPF iterator over tasks and its records. */
#include "tasks.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bpf_util.h"
#include "task_record.h"
#include "tasks.skel.h"

_Static_assert(TASK_COMM_SIZE == COMM_LEN, "struct task has the record's comm");

struct list {
	struct task *task;
	size_t n, room;
};

static uint64_t bytes_of(int64_t pages)
{
	return pages > 0 ? (uint64_t)pages * sysconf(_SC_PAGESIZE) : 0;
}

/* As /proc does it: a counter below 0 is taken for 0, each for itself. */
static uint64_t resident_bytes(const struct task_record *record)
{
	return bytes_of(record->pages[COUNTER_FILE]) + bytes_of(record->pages[COUNTER_ANON]) +
	       bytes_of(record->pages[COUNTER_SHMEM]);
}

static enum task_kind kind_of(const struct task_record *record)
{
	switch (record->kind) {
	case RECORD_PROCESS:	   return TASK_PROCESS;
	case RECORD_KERNEL_THREAD: return TASK_KERNEL_THREAD;
	default:		   return TASK_EXITED;
	}
}

static struct task task_of(const struct task_record *record)
{
	struct task task = {
		.pid = record->pid, .kind = kind_of(record), .task_size = record->task_size, .pgd = record->pgd,
		.pgtables_pages = record->pgtables_bytes / sysconf(_SC_PAGESIZE),
		.pgtables_bytes = record->pgtables_bytes, .rss_bytes = resident_bytes(record),
		.swap_bytes = bytes_of(record->pages[COUNTER_SWAP]), .vm_bytes = bytes_of(record->total_vm),
	};

	memcpy(task.comm, record->comm, COMM_LEN - 1);
	return task;
}

static bool append(struct list *list, const struct task_record *record)
{
	struct task *grown;

	if (list->n == list->room) {
		list->room = list->room * 2 + 256;
		grown = realloc(list->task, list->room * sizeof(*grown));
		if (!grown)
			return false;
		list->task = grown;
	}
	list->task[list->n++] = task_of(record);
	return true;
}

/*
 * Reads to the end. The kernel gives whole records only. EAGAIN: it looked at many tasks and found nothing to say, or
 * wants to look at one again.
 */
static int read_records(int fd, struct list *list)
{
	struct task_record records[256];
	ssize_t got;

	for (;;) {
		got = read(fd, records, sizeof(records));
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			return 0;
		if (got % sizeof(*records))
			return -EBADMSG;
		for (size_t i = 0; i < got / sizeof(*records); i++)
			if (!append(list, &records[i]))
				return -ENOMEM;
	}
}

/* By PID. Of the records of one process, that of a thread with an address space comes first. */
static int compare(const void *a, const void *b)
{
	const struct task *one = a, *other = b;

	if (one->pid != other->pid)
		return one->pid < other->pid ? -1 : 1;
	return (one->kind != TASK_PROCESS) - (other->kind != TASK_PROCESS);
}

static void sort_and_merge(struct list *list)
{
	size_t n = 0, i;

	qsort(list->task, list->n, sizeof(*list->task), compare);
	for (i = 0; i < list->n; i++)
		if (!n || list->task[i].pid != list->task[n - 1].pid)
			list->task[n++] = list->task[i];
	list->n = n;
}

/* Of the two programs that one which the kernel can run; if that isn't to be told, the new one, which says why not. */
static int load(struct tasks_bpf *bpf, char *why, size_t size)
{
	uint32_t cpus, pid_ns;
	bool new;
	int err = bpf_count_cpus(&cpus, why, size);

	if (!err)
		err = bpf_pid_namespace(&pid_ns, why, size);
	if (err)
		return err;
	new = libbpf_probe_bpf_helper(BPF_PROG_TYPE_KPROBE, BPF_FUNC_loop, NULL) != 0;
	bpf_program__set_autoload(bpf->progs.show_task, new);
	bpf_program__set_autoload(bpf->progs.show_task_old, !new);
	bpf->rodata->cpus = cpus;
	bpf->rodata->pid_ns = pid_ns;
	err = tasks_bpf__load(bpf);
	if (err)
		bpf_explain(why, size, "the kernel refused the BPF program", -err);
	return err;
}

/* A descriptor to read the records from, or a negative errno and why. */
static int open_iterator(struct tasks_bpf *bpf, char *why, size_t size)
{
	int err = tasks_bpf__attach(bpf), fd;

	if (err) {
		bpf_explain(why, size, "cannot attach to the kernel's task iterator", -err);
		return err;
	}
	fd = bpf_iter_create(bpf_link__fd(bpf->links.show_task ? bpf->links.show_task : bpf->links.show_task_old));
	if (fd < 0)
		bpf_explain(why, size, "cannot open the kernel's task iterator", -fd);
	return fd;
}

static int collect(struct tasks_bpf *bpf, struct list *list, char *why, size_t size)
{
	int err = load(bpf, why, size), fd;

	if (err)
		return err;
	fd = open_iterator(bpf, why, size);
	if (fd < 0)
		return fd;
	err = read_records(fd, list);
	close(fd);
	if (err)
		bpf_explain(why, size, "cannot read the list of tasks", -err);
	return err;
}

struct task *tasks_read(size_t *n, char *why, size_t size)
{
	struct list list = { 0 };
	struct tasks_bpf *bpf;
	int err;

	if (!bpf_prepare(why, size))
		return NULL;
	bpf = tasks_bpf__open();
	if (!bpf) {
		bpf_explain(why, size, "cannot open the BPF program", errno);
		return NULL;
	}
	err = collect(bpf, &list, why, size);
	tasks_bpf__destroy(bpf);
	if (err) {
		free(list.task);
		return NULL;
	}
	sort_and_merge(&list);
	*n = list.n;
	return list.task;
}
