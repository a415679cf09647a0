// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the kernel's half tells of a fault becomes a fault. */
#include "tracer_record.h"

#include <errno.h>
#include <string.h>

#include "slow.h"

_Static_assert(EVENT_COMM_LEN == COMM_LEN, "struct fault has the event's comm");
_Static_assert(MAX_STACK == MAX_FRAMES, "struct fault has the event's stack");
_Static_assert(EVENT_LEVELS == MAX_LEVELS, "struct path has the event's entries");
_Static_assert((int)ENDED == (int)RESULT_NONE && (int)ENDED_MINOR == (int)RESULT_MINOR &&
	       (int)ENDED_MAJOR == (int)RESULT_MAJOR && (int)ENDED_SEGV == (int)RESULT_SEGV &&
	       (int)ENDED_SIGBUS == (int)RESULT_SIGBUS && (int)ENDED_OOM == (int)RESULT_OOM, "results differ");

/* Bits of vm_flags, whose lower half is the same in all kernels (include/linux/mm.h). */
static uint32_t vma_flags(uint32_t flags, uint32_t is)
{
	static const struct {
		uint32_t from, to;
	} bits[] = {
		{ 0x1, VMA_READ }, { 0x2, VMA_WRITE }, { 0x4, VMA_EXEC }, { 0x80, VMA_SHARED },
		{ 0x100, VMA_GROWSDOWN }, { 0x200, VMA_UFFD_MISSING }, { 0x400 | 0x4000, VMA_PFNMAP },
		{ 0x1000, VMA_UFFD_WP }, { 0x2000, VMA_LOCKED }, { 0x400000, VMA_HUGETLB },
		{ 0x20000000, VMA_HUGEPAGE }, { 0x40000000, VMA_NOHUGEPAGE }, { 0x80000000, VMA_MERGEABLE },
	};
	uint32_t to = 0;

	for (size_t i = 0; i < sizeof(bits) / sizeof(*bits); i++)
		if (flags & bits[i].from)
			to |= bits[i].to;
	/* The bit of this mode is another one in each kernel; but one of the three a userfaultfd has to ask for. */
	if (is & VMA_IS_UFFD && !(to & (VMA_UFFD_MISSING | VMA_UFFD_WP)))
		to |= VMA_UFFD_MINOR;
	to |= is & VMA_IS_ANON && !(to & VMA_HUGETLB) ? VMA_ANON : 0;
	to |= is & VMA_IS_SHMEM ? VMA_SHMEM : 0;
	return to | (is & VMA_IS_FILE ? VMA_FILE : 0);
}

static void make_vma(struct vma *vma, const struct event_vma *from)
{
	*vma = (struct vma){
		.start = from->start, .end = from->end, .flags = vma_flags(from->flags, from->is), .name = "",
	};
	if (vma->flags & VMA_FILE) {
		vma->offset = from->pgoff << 12;
		vma->inode = from->inode;
		vma->major = from->dev >> 20;
		vma->minor = from->dev & 0xfffff;
	}
	vma_set_perm(vma);
}

static bool is_same_vma(const struct event_vma *one, const struct event_vma *other)
{
	return one->start == other->start && one->end == other->end && one->flags == other->flags &&
	       one->is == other->is && one->inode == other->inode && one->dev == other->dev &&
	       one->pgoff == other->pgoff;
}

/* Mostly it is the one of the fault before. */
static void take_vma(struct record_reader *reader, struct vma *vma, const struct event_vma *from)
{
	if (!is_same_vma(&reader->last_vma, from)) {
		make_vma(&reader->vma, from);
		reader->last_vma = *from;
	}
	*vma = reader->vma;
}

/* What could not be read to its end tells of no state: there is no path then. */
static bool take_path(const struct record_reader *reader, uint64_t addr, const __u64 *entries, unsigned int levels,
		      struct path *path)
{
	uint64_t entry[MAX_LEVELS];

	if (!levels || levels > reader->tables->levels) {
		*path = (struct path){ 0 };
		return false;
	}
	for (unsigned int i = 0; i < levels; i++)
		entry[i] = entries[i];
	decode_path(reader->tables, addr, entry, levels, path);
	return path->kind != KIND_TABLE;
}

/* What has no number has found no room; or there was nothing to read, and then it ends where it begins. */
static void take_stack(struct record_reader *reader, struct fault *fault, int32_t stack)
{
	fault->stack_id = stack;
	fault->stack_end = stack == NO_STACK ? STACK_NOT_TAKEN : STACK_ENDS;
	if (stack != -EEXIST && stack != -ENOMEM)
		return;
	fault->stack_end = STACK_LOST;
	reader->lost_stacks++;
}

/* The bytes of a name before its end; the kernel leaves what it likes behind it. ended: there was one in the word before. */
static uint64_t take_name(uint64_t bytes, bool *ended)
{
	uint64_t ends = (bytes - 0x0101010101010101) & ~bytes & 0x8080808080808080;

	if (*ended)
		return 0;
	*ended = ends;
	return ends ? bytes & (((ends & -ends) >> 7) - 1) : bytes;
}

/* Names are compared as they are, so each has one form: filled up with 0. */
static void take_comm(char comm[COMM_LEN], const char *from)
{
	uint64_t bytes[COMM_LEN / sizeof(uint64_t)];
	bool ended = false;

	memcpy(bytes, from, sizeof(bytes));
	for (size_t i = 0; i < COMM_LEN / sizeof(*bytes); i++)
		bytes[i] = take_name(bytes[i], &ended);
	memcpy(comm, bytes, sizeof(bytes));
	comm[COMM_LEN - 1] = '\0';
}

/* What is found out later than here. */
static void forget_what_follows(struct fault *fault)
{
	fault->walk_status = WALK_OK;
	fault->age = 0;
	fault->after = (struct path){ 0 };
	fault->cause = (struct cause){ 0 };
	fault->origin = 0;
	fault->code = (struct code_place){ 0 };
	fault->has_cpu_node = fault->has_page_node = false;
	fault->frames = 0;
	fault->stack = NULL;
}

/* ---- records that differ in little ---- */

/* An empty entry of the lowest level, or one of a page: what else it may be, more than its flags decide. */
static bool is_plain_leaf(uint64_t entry)
{
	return !entry || entry & ENTRY_PRESENT;
}

/* Both paths go down to the lowest level, and nothing of it is to be counted. fault: what the record has come to */
static bool is_plain(const struct record_reader *reader, const struct event *event, const struct fault *fault)
{
	unsigned int n = reader->tables->levels;

	return n && fault->before.levels == n && fault->left.levels == n && is_plain_leaf(event->before[n - 1]) &&
	       is_plain_leaf(event->left[n - 1]) && (event->stack >= 0 || event->stack == NO_STACK);
}

/* Two paths of n entries, 4 or 5, whose flags are the same, so that only addresses differ: to a page both, or to none. */
static inline bool have_same_flags(const struct record_reader *reader, const __u64 *one, const __u64 *other, unsigned int n)
{
	uint64_t differ = (one[0] ^ other[0]) | (one[1] ^ other[1]) | (one[2] ^ other[2]) | (one[3] ^ other[3]);

	if (n == MAX_LEVELS)
		differ |= one[4] ^ other[4];
	return !(differ & ~reader->tables->entry_mask) && is_plain_leaf(one[n - 1]);
}

/* Of a record and one that is plain: whether what differs is what set_apart() sets. The half of an address decides, too. */
static bool is_like(const struct record_reader *reader, const struct event *event, const struct event *other)
{
	const size_t common = offsetof(struct event, ip);
	unsigned int n = reader->tables->levels;

	return !memcmp((const char *)event + common, (const char *)other + common, sizeof(*event) - common) &&
	       decode_half(reader->tables, event->addr) == decode_half(reader->tables, other->addr) &&
	       have_same_flags(reader, event->before, other->before, n) &&
	       have_same_flags(reader, event->left, other->left, n);
}

static inline void set_entries(const struct record_reader *reader, struct path *path, const __u64 *entries, unsigned int n)
{
	memcpy(path->entry, entries, 4 * sizeof(*entries));
	if (n == MAX_LEVELS)
		path->entry[4] = entries[4];
	path->value = entries[n - 1] & reader->tables->entry_mask;
}

static void set_apart(const struct record_reader *reader, struct fault *fault, const struct event *event)
{
	unsigned int n = reader->tables->levels;

	fault->ts = event->ts;
	fault->addr = event->addr;
	fault->latency = fault->has_latency ? event->latency : 0;
	set_entries(reader, &fault->before, event->before, n);
	set_entries(reader, &fault->left, event->left, n);
}

/* ---- records ---- */

/* Each member is set by itself: to clear all of it first, and then most of it again, costs more than all else here. */
static SLOW void take_event(struct record_reader *reader, struct fault *fault, const struct event *event)
{
	memset(fault->traits, 0, sizeof(fault->traits));
	fault->ts = event->ts;
	fault->addr = event->addr;
	fault->ip = event->ip;
	fault->space = event->space;
	fault->pid = event->pid;
	fault->tid = event->tid;
	fault->error_code = event->error_code;
	fault->cpu = event->cpu;
	fault->kernel_mode = event->kernel_mode;
	fault->unfinished = !(event->has & HAS_END);
	fault->has_latency = event->has & HAS_LATENCY;
	fault->latency = fault->has_latency ? event->latency : 0;
	fault->has_said = event->has & HAS_SAID;
	fault->said = event->said;
	fault->signal_code = event->signal_code;
	fault->result = event->result <= ENDED_OOM ? event->result : RESULT_NONE;
	fault->has_growth = event->has & HAS_GROWTH;
	fault->grew = event->grew;
	fault->has_vma = event->has & HAS_VMA;
	take_comm(fault->comm, event->comm);
	fault->has_before = take_path(reader, event->addr, event->before, event->before_levels, &fault->before);
	fault->has_left = take_path(reader, event->addr, event->left, event->left_levels, &fault->left);
	take_stack(reader, fault, event->stack);
	if (fault->has_vma)
		take_vma(reader, &fault->vma, &event->vma);
	else
		fault->vma = (struct vma){ 0 };
	forget_what_follows(fault);
}

/* Most are like the thread's one before: what that has come to is taken from there. */
void record_read(struct record_reader *reader, const struct event *event, struct fault *fault)
{
	struct known_record *known = &reader->known[event->tid % KNOWN_RECORDS];

	if (is_like(reader, event, &known->event)) {
		*fault = known->fault;
		set_apart(reader, fault, event);
		return;
	}
	take_event(reader, fault, event);
	if (is_plain(reader, event, fault)) {
		known->event = *event;
		known->fault = *fault;
	}
}
