// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Each cause by the faults that have it, the faults that nobody can tell, and all that a fault can be at all. */
#include "cause.h"
#include "fixture.h"

#define ADDR	0x7f0000203010ULL
#define STACK	0x7ffc00001008ULL
#define KERNEL	0xffff888000001000ULL

/* Error codes: bit 0 the entry is present, 1 write, 2 user mode, 4 instruction fetch, 5 protection key. */
#define READ	0x4
#define WRITE	0x6
#define EXEC	0x14
#define DENIED	0x1
#define PKEY	0x20
#define KREAD	0x0
#define KWRITE	0x2

#define SPECIAL	0x200ULL
#define UFFD	0x400ULL

/* Paths: a leaf of frame pfn at the level of a PTE or of a PMD, and what else an entry can be. */
#define PTE(flags, pfn) { .levels = 4, .kind = KIND_PAGE, .state = STATE_MAPPED, .value = (uint64_t)(pfn) << 12, \
			  .entry = { 0x1067, 0x2067, 0x3067, (uint64_t)(pfn) << 12 | (flags) } }
#define PMD(flags, pfn) { .levels = 3, .kind = KIND_PAGE, .state = STATE_MAPPED, .value = (uint64_t)(pfn) << 12, \
			  .entry = { 0x1067, 0x2067, (uint64_t)(pfn) << 12 | 0x80 | (flags) } }
#define OF(of, flags, pfn) { .levels = 4, .kind = KIND_PAGE, .state = STATE_MAPPED, .value = (uint64_t)(pfn) << 12, \
			       .entry = { 0x1067, 0x2067, 0x3067, (uint64_t)(pfn) << 12 | (flags) }, .page = of }
#define RO(pfn)		PTE(PAGE_RO | NX, pfn)
#define RW(pfn)		PTE(PAGE_RW | NX, pfn)
#define RX(pfn)		PTE(PAGE_RO, pfn)
#define ZERO		PTE(PAGE_RO | NX | SPECIAL, 0x1234)
#define HUGE_RO(pfn)	PMD(PAGE_RO | NX, pfn)
#define HUGE_RW(pfn)	PMD(PAGE_RW | NX, pfn)
#define NONE		{ .levels = 4, .kind = KIND_NONE, .state = STATE_NONE }
#define NO_TABLE	{ .levels = 2, .kind = KIND_NONE, .state = STATE_NONE }
#define SWAP		{ .levels = 4, .kind = KIND_SWAP, .state = STATE_SWAP, .value = 77 }
#define MIGRATION	{ .levels = 4, .kind = KIND_MIGRATION, .state = STATE_MIGRATION }
#define HWPOISON	{ .levels = 4, .kind = KIND_HWPOISON, .state = STATE_HWPOISON }
#define MARKER(bits)	{ .levels = 4, .kind = KIND_MARKER, .state = STATE_MARKER, .value = bits }
#define PROTNONE(more)	{ .levels = 4, .kind = KIND_PROTNONE, .state = STATE_PROTNONE, .value = 0x5000, \
			  .entry = { 0, 0, 0, 0x5160 | (more) } }
#define GONE_AGAIN	{ .levels = 4, .changed = true, .state = STATE_UNKNOWN }

#define BEFORE(...)	.has_before = true, .before = __VA_ARGS__
#define LEFT(...)	.has_left = true, .left = __VA_ARGS__
#define AFTER(...)	.walk_status = WALK_OK, .after = __VA_ARGS__
#define NO_AFTER	.walk_status = WALK_GONE

#define VMA(kind)	.has_vma = true, .vma = { .start = 0x7f0000000000, .end = 0x7f0000800000, .flags = kind }
#define SMALL_VMA(kind)	.has_vma = true, .vma = { .start = 0x7f0000200000, .end = 0x7f0000210000, .flags = kind }
#define STACK_VMA(from)	.has_vma = true, .vma = { .start = from, .end = 0x7ffc00021000, .flags = ANON | VMA_GROWSDOWN }
#define NO_VMA		.has_vma = true

#define RWX		(VMA_READ | VMA_WRITE | VMA_EXEC)
#define ANON		(RWX | VMA_ANON)
#define FILE_PRIVATE	(RWX | VMA_FILE)
#define FILE_SHARED	(RWX | VMA_FILE | VMA_SHARED)
#define SHMEM_SHARED	(RWX | VMA_SHMEM | VMA_SHARED)
#define MEMFD		(RWX | VMA_SHMEM | VMA_FILE | VMA_SHARED)
#define MEMFD_PRIVATE	(RWX | VMA_SHMEM | VMA_FILE)
#define HUGE_MEM	(RWX | VMA_HUGETLB)
#define MINOR		.has_said = true, .result = RESULT_MINOR
#define MAJOR		.has_said = true, .said = SAID_MAJOR, .result = RESULT_MAJOR
#define RETRIED		.has_said = true, .said = SAID_RETRY, .result = RESULT_MINOR
#define FAILED(what)	.has_said = true, .said = what##_SAID, .result = RESULT_##what
#define SEGV_SAID	SAID_SIGSEGV
#define SIGBUS_SAID	SAID_SIGBUS
#define OOM_SAID	SAID_OOM

struct fault_case {
	enum cause_word word;
	const char *what;
	struct fault fault;
};

#define CASE_AT(word, what, at, code, ...) \
	{ CAUSE_##word, what, { .addr = at, .error_code = code, .kernel_mode = !((code) & 4), __VA_ARGS__ } }
#define CASE(word, what, code, ...) \
	{ CAUSE_##word, what, { .addr = ADDR, .error_code = code, .kernel_mode = !((code) & 4), __VA_ARGS__ } }

static const struct fault_case anonymous[] = {
	CASE(FIRST_TOUCH, "a write", WRITE, BEFORE(NONE), LEFT(RW(8)), VMA(ANON), MINOR),
	CASE(FIRST_TOUCH, "no table", WRITE, BEFORE(NO_TABLE), LEFT(RW(8)), VMA(ANON), MINOR),
	CASE(FIRST_TOUCH, "by the walk alone", WRITE, BEFORE(NONE), SMALL_VMA(ANON), AFTER(RW(8)), .unfinished = true),
	CASE(UNKNOWN, "by the walk alone, which may have found a part", WRITE, BEFORE(NONE), VMA(ANON), AFTER(RW(8)),
	     .unfinished = true),
	CASE(FIRST_TOUCH, "gone, and no room for 2M", WRITE, BEFORE(NONE), SMALL_VMA(ANON), MINOR, NO_AFTER),
	CASE(FIRST_TOUCH, "gone, and no huge page is wanted", WRITE, BEFORE(NONE), VMA(ANON | VMA_NOHUGEPAGE), MINOR,
	     NO_AFTER),
	CASE(FIRST_TOUCH, "in kernel mode", KWRITE, BEFORE(NONE), LEFT(RW(8)), VMA(ANON), MINOR),
	CASE(FIRST_TOUCH, "userfaultfd's marker, not its mapping", WRITE, BEFORE(MARKER(1)), LEFT(RW(8)), VMA(ANON),
	     MINOR),
	CASE(FIRST_TOUCH, "in a stack that was there", WRITE, BEFORE(NONE), LEFT(RW(8)), VMA(ANON | VMA_GROWSDOWN),
	     MINOR, .has_growth = true),
	CASE(UNKNOWN, "gone, and it may have been huge", WRITE, BEFORE(NONE), VMA(ANON), MINOR, NO_AFTER),
	CASE(UNKNOWN, "nothing came of it", WRITE, BEFORE(NONE), VMA(ANON), LEFT(NONE), .has_said = true),
	CASE(UNKNOWN, "no mapping known: may be a file's copy", WRITE, BEFORE(NONE), AFTER(OF(PAGE_ANON, PAGE_RW, 8))),
	CASE(UNKNOWN, "before unknown: may be swapped", WRITE, VMA(ANON), LEFT(RW(8)), MINOR),
	CASE(UNKNOWN, "the tables changed", WRITE, BEFORE(GONE_AGAIN), VMA(ANON), LEFT(RW(8)), MINOR),

	CASE(ZERO_PAGE, "a read", READ, BEFORE(NONE), LEFT(ZERO), VMA(ANON), MINOR),
	CASE(ZERO_PAGE, "read, and written before the walk", READ, BEFORE(NONE), SMALL_VMA(ANON), AFTER(RW(9)), MINOR),
	CASE(ZERO_PAGE, "gone, and no room for 2M", READ, BEFORE(NONE), SMALL_VMA(ANON), MINOR, NO_AFTER),
	CASE(ZERO_PAGE, "in kernel mode", KREAD, BEFORE(NONE), LEFT(ZERO), VMA(ANON), MINOR),
	CASE(ZERO_PAGE, "the walker knows the page", READ, BEFORE(NONE), LEFT(PTE(PAGE_RO, 9)),
	     AFTER(OF(PAGE_ZERO, PAGE_RO, 9))),
	CASE(ZERO_PAGE, "... and nothing before", READ, LEFT(PTE(PAGE_RO, 9)), AFTER(OF(PAGE_ZERO, PAGE_RO, 9))),
	CASE(UNKNOWN, "the walk alone, a huge page may have been split", READ, AFTER(OF(PAGE_ZERO, PAGE_RO, 9))),
	CASE(UNKNOWN, "a huge page may have been there", READ, BEFORE(NONE), VMA(ANON), MINOR, AFTER(NONE)),

	CASE(THP, "a write", WRITE, BEFORE(NO_TABLE), LEFT(HUGE_RW(0x200)), VMA(ANON), MINOR),
	CASE(THP, "a read", READ, BEFORE(NO_TABLE), LEFT(HUGE_RO(0x200)), VMA(ANON), MINOR),
	CASE(THP, "in kernel mode", KWRITE, BEFORE(NO_TABLE), LEFT(HUGE_RW(0x200)), VMA(ANON), MINOR),

	CASE_AT(STACK, "a write", STACK, WRITE, BEFORE(NONE), LEFT(RW(8)), STACK_VMA(STACK & ~0xfffULL), MINOR,
		.has_growth = true, .grew = true),
	CASE_AT(STACK, "a read", STACK, READ, BEFORE(NONE), LEFT(ZERO), STACK_VMA(STACK & ~0xfffULL), MINOR,
		.has_growth = true, .grew = true),
	CASE_AT(STACK, "in kernel mode", STACK, KWRITE, BEFORE(NO_TABLE), LEFT(RW(8)), STACK_VMA(STACK & ~0xfffULL),
		MINOR, .has_growth = true, .grew = true),
	CASE_AT(FIRST_TOUCH, "the lowest page, that was there", STACK, WRITE, BEFORE(NONE), LEFT(RW(8)),
		STACK_VMA(STACK & ~0xfffULL), MINOR, .has_growth = true),
	CASE_AT(FIRST_TOUCH, "another thread's stack grew", STACK, WRITE, BEFORE(NONE), LEFT(RW(8)),
		STACK_VMA(0x7ffc00000000), MINOR, .has_growth = true, .grew = true),
};

static const struct fault_case copies[] = {
	CASE(COW, "after fork", WRITE | DENIED, BEFORE(RO(8)), LEFT(RW(9)), VMA(ANON), MINOR),
	CASE(COW, "of the zero page", WRITE | DENIED, BEFORE(ZERO), LEFT(RW(9)), VMA(ANON), MINOR),
	CASE(COW, "of the zero page, gone", WRITE | DENIED, BEFORE(ZERO), VMA(ANON), MINOR, NO_AFTER),
	CASE(COW, "of a huge page, by halves", WRITE | DENIED, BEFORE(HUGE_RO(0x200)), LEFT(RW(9)), VMA(ANON), MINOR),
	CASE(COW, "of a file's page that was read", WRITE | DENIED, BEFORE(RO(8)), LEFT(RW(9)), VMA(FILE_PRIVATE),
	     MINOR),
	CASE(COW, "of a file's page at once", WRITE, BEFORE(NONE), LEFT(RW(9)), VMA(FILE_PRIVATE), MINOR),
	CASE(COW, "of a file's page, which had to be read", WRITE, BEFORE(NONE), LEFT(RW(9)), VMA(FILE_PRIVATE), MAJOR),
	CASE(COW, "of a memfd's", WRITE, BEFORE(NONE), LEFT(RW(9)), VMA(MEMFD_PRIVATE), MINOR),
	CASE(COW, "in kernel mode", KWRITE | DENIED, BEFORE(RO(8)), LEFT(RW(9)), VMA(ANON), MINOR),
	CASE(COW, "no mapping known", WRITE | DENIED, BEFORE(RO(8)), LEFT(RW(9)), MINOR),
	CASE(COW, "no mapping known, the page is", WRITE | DENIED, BEFORE(RO(8)), LEFT(OF(PAGE_ANON, PAGE_RW, 9))),
	CASE(UNKNOWN, "found elsewhere later", WRITE | DENIED, BEFORE(RO(8)), VMA(ANON),
	     AFTER(OF(PAGE_ANON, PAGE_RW, 9))),
	CASE(COW_REUSE, "the last owner", WRITE | DENIED, BEFORE(RO(8)), LEFT(RW(8)), VMA(ANON), MINOR),
	CASE(COW_REUSE, "of a huge page", WRITE | DENIED, BEFORE(HUGE_RO(0x200)), LEFT(HUGE_RW(0x200)), VMA(ANON),
	     MINOR),
	CASE(COW_REUSE, "of a huge page that was split", WRITE | DENIED, BEFORE(HUGE_RO(0x200)), LEFT(RW(0x203)),
	     VMA(ANON), MINOR),
	CASE(COW_REUSE, "by the walk alone", WRITE | DENIED, BEFORE(RO(8)), AFTER(RW(8)), VMA(ANON)),
	CASE(UNKNOWN, "gone: copied or not", WRITE | DENIED, BEFORE(RO(8)), VMA(ANON), MINOR, NO_AFTER),
	CASE(UNKNOWN, "not written yet", WRITE | DENIED, BEFORE(RO(8)), LEFT(RO(8)), VMA(ANON), MINOR),
	CASE(UNKNOWN, "the same page, of whom", WRITE | DENIED, BEFORE(RO(8)), LEFT(RW(8)), MINOR),
	CASE(UNKNOWN, "before unknown", WRITE | DENIED, LEFT(RW(8)), VMA(ANON), MINOR),

	CASE(WRITE_NOTIFY, "of a file", WRITE | DENIED, BEFORE(RO(8)), LEFT(RW(8)), VMA(FILE_SHARED), MINOR),
	CASE(WRITE_NOTIFY, "gone", WRITE | DENIED, BEFORE(RO(8)), VMA(FILE_SHARED), MINOR, NO_AFTER),
	CASE(WRITE_NOTIFY, "in kernel mode", KWRITE | DENIED, BEFORE(RO(8)), LEFT(RW(8)), VMA(MEMFD), MINOR),
	CASE(WRITE_NOTIFY, "no mapping known, the page is", WRITE | DENIED, BEFORE(RO(8)),
	     AFTER(OF(PAGE_FILE, PAGE_RW, 8))),
	CASE(UNKNOWN, "of a device", WRITE | DENIED, BEFORE(RO(8)), LEFT(RW(8)),
	     VMA(RWX | VMA_PFNMAP | VMA_SHARED), MINOR),
};

static const struct fault_case files[] = {
	CASE(FILE_MINOR, "a read", READ, BEFORE(NONE), LEFT(RO(8)), VMA(FILE_PRIVATE), MINOR),
	CASE(FILE_MINOR, "code", EXEC, BEFORE(NONE), LEFT(RX(8)), VMA(FILE_PRIVATE), MINOR),
	CASE(FILE_MINOR, "a shared write", WRITE, BEFORE(NO_TABLE), LEFT(RW(8)), VMA(FILE_SHARED), MINOR),
	CASE(FILE_MINOR, "in kernel mode", KREAD, BEFORE(NONE), LEFT(RO(8)), VMA(FILE_PRIVATE), MINOR),
	CASE(FILE_MINOR, "waited for a lock", READ, BEFORE(NONE), LEFT(RO(8)), VMA(FILE_PRIVATE), .has_said = true,
	     .said = SAID_RETRY, .result = RESULT_MAJOR),
	CASE(FILE_MINOR, "no mapping known, the page is", READ, BEFORE(NONE), AFTER(OF(PAGE_FILE, PAGE_RO, 8)),
	     .result = RESULT_MINOR),
	CASE(FILE_MAJOR, "a read", READ, BEFORE(NONE), LEFT(RO(8)), VMA(FILE_PRIVATE), MAJOR),
	CASE(FILE_MAJOR, "a shared write", WRITE, BEFORE(NONE), LEFT(RW(8)), VMA(FILE_SHARED), MAJOR),
	CASE(FILE_MAJOR, "read while it was tried again", READ, BEFORE(NONE), LEFT(RO(8)), VMA(FILE_PRIVATE),
	     .has_said = true, .said = SAID_MAJOR | SAID_RETRY, .result = RESULT_MINOR),
	CASE(FILE_MAJOR, "before unknown", READ, VMA(FILE_SHARED), .result = RESULT_MAJOR, NO_AFTER),
	CASE(UNKNOWN, "from where is not known", READ, BEFORE(NONE), LEFT(RO(8)), VMA(FILE_PRIVATE)),
	CASE(UNKNOWN, "before unknown, may be swap", READ, VMA(FILE_PRIVATE), .result = RESULT_MAJOR, NO_AFTER),

	CASE(SHMEM, "a write", WRITE, BEFORE(NONE), LEFT(RW(8)), VMA(SHMEM_SHARED), MINOR),
	CASE(SHMEM, "a read", READ, BEFORE(NONE), LEFT(RW(8)), VMA(MEMFD), MINOR),
	CASE(SHMEM, "from swap", READ, BEFORE(NONE), LEFT(RW(8)), VMA(MEMFD), MAJOR),
	CASE(SHMEM, "a private read", READ, BEFORE(NONE), LEFT(RO(8)), VMA(MEMFD_PRIVATE), MINOR),
	CASE(SHMEM, "a huge page", WRITE, BEFORE(NO_TABLE), LEFT(HUGE_RW(0x200)), VMA(MEMFD), MINOR),
	CASE(SHMEM, "not userfaultfd's: it is there", READ, BEFORE(NONE), LEFT(RW(8)), VMA(MEMFD | VMA_UFFD_MISSING),
	     MINOR),
	CASE(SHMEM, "no mapping known, the page is", READ, BEFORE(NONE), AFTER(OF(PAGE_SHMEM, PAGE_RW, 8)),
	     .unfinished = true),
	CASE(UNKNOWN, "before unknown", WRITE, LEFT(RW(8)), VMA(SHMEM_SHARED), MINOR),
	CASE(UNKNOWN, "the vdso", EXEC, BEFORE(NONE), LEFT(RX(8)), VMA(VMA_READ | VMA_EXEC), MINOR),

	CASE(HUGETLB, "a write", WRITE, BEFORE(NO_TABLE), LEFT(HUGE_RW(0x200)), VMA(HUGE_MEM), MINOR),
	CASE(HUGETLB, "a copy", WRITE | DENIED, BEFORE(HUGE_RO(0x200)), LEFT(HUGE_RW(0x400)), VMA(HUGE_MEM), MINOR),
	CASE(HUGETLB, "shared, in kernel mode", KREAD, BEFORE(NO_TABLE), LEFT(HUGE_RW(0x200)),
	     VMA(HUGE_MEM | VMA_SHARED | VMA_FILE), MINOR),
	CASE(HUGETLB, "before unknown", WRITE, VMA(HUGE_MEM), MINOR, NO_AFTER),
};

static const struct fault_case special[] = {
	CASE(SWAP_IN, "from disk", READ, BEFORE(SWAP), LEFT(RO(8)), VMA(ANON), MAJOR),
	CASE(SWAP_IN, "from the cache", WRITE, BEFORE(SWAP), LEFT(RW(8)), VMA(ANON), MINOR),
	CASE(SWAP_IN, "killed meanwhile", WRITE, BEFORE(SWAP), LEFT(SWAP), VMA(ANON), NO_AFTER),
	CASE(SWAP_IN, "in kernel mode, no mapping known", KWRITE, BEFORE(SWAP), .unfinished = true),
	CASE(SWAP_IN, "before unknown, but it was read", WRITE, VMA(ANON), .result = RESULT_MAJOR, NO_AFTER),
	CASE(NUMA_HINT, "a read", READ, BEFORE(PROTNONE(0)), LEFT(RW(8)), VMA(ANON), MINOR),
	CASE(NUMA_HINT, "a write in kernel mode", KWRITE, BEFORE(PROTNONE(0)), LEFT(RW(8)), VMA(FILE_SHARED), MINOR),
	CASE(NUMA_HINT, "no mapping known, but it was done", READ, BEFORE(PROTNONE(0)), MINOR, NO_AFTER),
	CASE(UNKNOWN, "no mapping known: may be PROT_NONE", READ, BEFORE(PROTNONE(0)), AFTER(PROTNONE(0))),
	CASE(MIGRATION, "a read", READ, BEFORE(MIGRATION), LEFT(RW(8)), VMA(ANON), MINOR),
	CASE(MIGRATION, "of a file", WRITE, BEFORE(MIGRATION), LEFT(MIGRATION), VMA(FILE_SHARED), MINOR),
	CASE(MIGRATION, "of hugetlbfs", KWRITE, BEFORE(MIGRATION), VMA(HUGE_MEM), MINOR),
	CASE(USERFAULT, "missing", WRITE, BEFORE(NONE), LEFT(RW(8)), VMA(ANON | VMA_UFFD_MISSING), RETRIED),
	CASE(USERFAULT, "missing, a read, and nothing more known", READ, BEFORE(NONE), VMA(ANON | VMA_UFFD_MISSING),
	     NO_AFTER),
	CASE(USERFAULT, "missing from memfd", READ, BEFORE(NONE), LEFT(RW(8)), VMA(MEMFD | VMA_UFFD_MISSING), RETRIED),
	CASE(USERFAULT, "missing from hugetlbfs", KREAD, BEFORE(NONE), VMA(HUGE_MEM | VMA_UFFD_MISSING), RETRIED),
	CASE(USERFAULT, "minor", READ, BEFORE(NONE), LEFT(RW(8)), VMA(MEMFD | VMA_UFFD_MINOR), RETRIED),
	CASE(USERFAULT, "protected", WRITE | DENIED, BEFORE(PTE(PAGE_RO | UFFD, 8)), LEFT(RW(8)),
	     VMA(ANON | VMA_UFFD_WP), RETRIED),
	CASE(USERFAULT, "protected from reads", READ, BEFORE(PROTNONE(UFFD)), LEFT(RW(8)), VMA(ANON | VMA_UFFD_WP),
	     RETRIED),
	CASE(COW_REUSE, "the protection lifted without asking", WRITE | DENIED, BEFORE(PTE(PAGE_RO | UFFD, 8)),
	     LEFT(RW(8)), VMA(ANON | VMA_UFFD_WP), MINOR),
	CASE(USERFAULT, "protected, by the kernel's count", WRITE | DENIED, BEFORE(PTE(PAGE_RO | UFFD, 8)), LEFT(RW(8)),
	     VMA(ANON | VMA_UFFD_WP), .result = RESULT_MAJOR),
	CASE(UNKNOWN, "protected, and counted as minor", WRITE | DENIED, BEFORE(PTE(PAGE_RO | UFFD, 8)), LEFT(RW(8)),
	     VMA(ANON | VMA_UFFD_WP), .result = RESULT_MINOR),
	CASE(UNKNOWN, "protected, but how it ended?", WRITE | DENIED, BEFORE(PTE(PAGE_RO | UFFD, 8)), LEFT(RW(8)),
	     VMA(ANON | VMA_UFFD_WP)),
	CASE(UNKNOWN, "there or handed over", READ, BEFORE(NONE), LEFT(RW(8)), VMA(MEMFD | VMA_UFFD_MISSING)),
	CASE(UNKNOWN, "before unknown", WRITE, VMA(ANON | VMA_UFFD_MISSING), MINOR, NO_AFTER),
	CASE(SPURIOUS, "a write", WRITE | DENIED, BEFORE(RW(8)), LEFT(RW(8)), VMA(ANON), MINOR),
	CASE(SPURIOUS, "another thread was faster", READ, BEFORE(RO(8)), LEFT(RO(8)), VMA(FILE_PRIVATE), MINOR),
	CASE(SPURIOUS, "code", EXEC | DENIED, BEFORE(RX(8)), NO_AFTER),
	CASE(SPURIOUS, "in kernel mode", KWRITE, BEFORE(HUGE_RW(0x200)), VMA(ANON), MINOR),
};

static const struct fault_case failures[] = {
	CASE(SEGV, "no mapping", READ, BEFORE(NO_TABLE), .result = RESULT_SEGV, .signal_code = 1),
	CASE(SEGV, "no permission", WRITE | DENIED, BEFORE(RO(8)), LEFT(RO(8)), .result = RESULT_SEGV,
	     .signal_code = 2),
	CASE(SEGV, "no execution", EXEC | DENIED, BEFORE(RW(8)), .result = RESULT_SEGV, .signal_code = 2),
	CASE(SEGV, "a protection key", WRITE | DENIED | PKEY, BEFORE(RW(8)), LEFT(RW(8))),
	CASE(SEGV, "PROT_NONE", READ, BEFORE(PROTNONE(0)), .result = RESULT_SEGV, .signal_code = 2),
	CASE(SEGV, "a guard region", WRITE, BEFORE(MARKER(4)), VMA(ANON), FAILED(SEGV)),
	CASE(SEGV, "a guard region, and nothing seen", WRITE, BEFORE(MARKER(4)), NO_AFTER),
	CASE(SEGV, "no mapping, and nothing seen", WRITE, BEFORE(NONE), NO_VMA, NO_AFTER),
	CASE(SEGV, "read-only, and nothing seen", WRITE, BEFORE(NONE), VMA(VMA_READ | VMA_ANON), NO_AFTER),
	CASE_AT(SEGV, "a kernel address in user mode", KERNEL, READ, NO_AFTER),
	CASE_AT(UNKNOWN, "a vsyscall, perhaps", 0xffffffffff600000, EXEC, NO_AFTER),
	CASE(SIGBUS, "beyond the end of the file", READ, BEFORE(NONE), LEFT(NONE), VMA(FILE_SHARED), FAILED(SIGBUS)),
	CASE(SIGBUS, "userfaultfd without a handler", READ, BEFORE(NONE), VMA(ANON | VMA_UFFD_MISSING), FAILED(SIGBUS)),
	CASE(SIGBUS, "a poisoned page", READ, BEFORE(HWPOISON), VMA(ANON), NO_AFTER),
	CASE(SIGBUS, "a marker of poison", READ, BEFORE(MARKER(2)), VMA(ANON), NO_AFTER),
	CASE(OOM, "anonymous", WRITE, BEFORE(NONE), VMA(ANON), FAILED(OOM)),
	CASE(OOM, "of a file", READ, BEFORE(NONE), VMA(FILE_PRIVATE), FAILED(OOM)),
	CASE(OOM, "a copy", WRITE | DENIED, BEFORE(RO(8)), VMA(ANON), FAILED(OOM)),

	CASE_AT(KERNEL, "a kernel address", KERNEL, KREAD, NO_AFTER),
	CASE_AT(KERNEL, "a kernel address, written", KERNEL, KWRITE | DENIED, BEFORE(RW(8)), NO_AFTER),
	CASE(KERNEL, "EFAULT: no mapping", KREAD, BEFORE(NO_TABLE), LEFT(NO_TABLE), AFTER(NO_TABLE)),
	CASE(KERNEL, "EFAULT: no permission", KWRITE | DENIED, BEFORE(RO(8)), LEFT(RO(8)), AFTER(RO(8))),
	CASE(KERNEL, "EFAULT: beyond the end of the file", KREAD, BEFORE(NONE), VMA(FILE_SHARED), FAILED(SIGBUS)),
	CASE(KERNEL, "EFAULT: a guard region", KREAD, BEFORE(MARKER(4)), VMA(ANON), FAILED(SEGV)),
	CASE(KERNEL, "EFAULT: gone, but it is over", KWRITE, BEFORE(NONE), NO_AFTER),
	CASE(KERNEL, "page faults disabled, and tried again otherwise", KWRITE | DENIED, BEFORE(RO(8)), AFTER(RW(8))),
	CASE(UNKNOWN, "nothing was done, but later by another", WRITE, BEFORE(NONE), AFTER(RW(8)), SMALL_VMA(ANON)),
	CASE(KERNEL, "EFAULT: a protection key", KREAD | PKEY | DENIED, BEFORE(RW(8)), LEFT(RW(8))),
	CASE(SEGV, "in kernel mode, with a signal", KREAD, BEFORE(NONE), .result = RESULT_SEGV, .signal_code = 1),
	CASE(UNKNOWN, "in kernel mode, the end not seen", KREAD, BEFORE(NONE), NO_AFTER, .unfinished = true),
	CASE(UNKNOWN, "nothing known at all", READ, NO_AFTER),
	CASE(UNKNOWN, "the walk alone", WRITE, AFTER(RW(8))),
};

static void check_cases(const struct fault_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct cause cause;

		cause_find(&cases[i].fault, &four_levels, &cause);
		if (cause.word != cases[i].word)
			fail_msg("%s, %s: found %s (facts %llx)", cause_name(cases[i].word), cases[i].what,
				 cause_name(cause.word), (unsigned long long)cause.facts);
	}
}

#define TABLE_TEST(table)						\
	static void table##_is_told(void **state)			\
	{								\
		(void)state;						\
		check_cases(table, sizeof(table) / sizeof(*table));	\
	}

TABLE_TEST(anonymous)
TABLE_TEST(copies)
TABLE_TEST(files)
TABLE_TEST(special)
TABLE_TEST(failures)

static void count_words(const struct fault_case *cases, size_t n, unsigned int *counts)
{
	for (size_t i = 0; i < n; i++)
		counts[cases[i].word]++;
}

static void each_cause_has_three_cases(void **state)
{
	unsigned int counts[CAUSES] = { 0 };

	(void)state;
	count_words(anonymous, sizeof(anonymous) / sizeof(*anonymous), counts);
	count_words(copies, sizeof(copies) / sizeof(*copies), counts);
	count_words(files, sizeof(files) / sizeof(*files), counts);
	count_words(special, sizeof(special) / sizeof(*special), counts);
	count_words(failures, sizeof(failures) / sizeof(*failures), counts);
	for (unsigned int i = 0; i < CAUSES; i++)
		if (counts[i] < 3)
			fail_msg("%s has %u cases", cause_name(i), counts[i]);
}

static void five_levels_are_the_same(void **state)
{
	struct path none = { .levels = 4, .kind = KIND_NONE, .state = STATE_NONE };
	struct path huge = { .levels = 4, .kind = KIND_PAGE, .state = STATE_MAPPED, .value = 0x200000,
			     .entry = { 1, 1, 1, 0x200000 | 0x80 | PAGE_RW } };
	struct fault fault = { .addr = ADDR, .error_code = WRITE, .has_before = true, .before = none,
			       .has_left = true, .left = huge, VMA(ANON), MINOR };
	struct cause cause;

	(void)state;
	cause_find(&fault, &five_levels, &cause);
	assert_int_equal(cause.word, CAUSE_THP);
	assert_true(cause_has(&cause, FACT_AFTER_2M));
}

/* ---- whatever a fault is ---- */

static uint64_t random_state = 88172645463325252ULL;

static uint64_t random_number(uint64_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state % below;
}

static struct path random_path(void)
{
	struct path path = {
		.levels = random_number(5), .kind = random_number(KIND_BAD + 1),
		.state = random_number(STATE_BAD_ADDRESS + 1), .page = random_number(PAGE_KERNEL + 1),
		.value = random_number(4) << 12, .changed = !random_number(16), .kernel = !random_number(16),
	};

	if (random_number(2)) {		/* chance alone rarely makes a page */
		path.kind = KIND_PAGE;
		path.state = STATE_MAPPED;
	}
	for (unsigned int i = 0; i < path.levels; i++)
		path.entry[i] = random_number(1 << 12) | path.value | (random_number(2) ? NX : 0);
	if (!random_number(4))
		path.value = random_number(8);
	return path;
}

static uint32_t random_flags(void)
{
	static const uint32_t flags[] = {
		ANON, ANON | VMA_GROWSDOWN, FILE_PRIVATE, FILE_SHARED, SHMEM_SHARED, HUGE_MEM,
	};

	return random_number(2) ? flags[random_number(6)] : random_number(VMA_FILE << 1);
}

static struct fault random_fault(void)
{
	static const uint64_t addrs[] = { ADDR, STACK, KERNEL, 0, UINT64_MAX, 0x7ffffffff000 };

	uint64_t addr = addrs[random_number(6)];

	return (struct fault){
		.addr = addr, .error_code = random_number(64), .kernel_mode = random_number(2),
		.has_before = random_number(4), .has_left = random_number(2), .has_said = random_number(2),
		.has_vma = random_number(2), .before = random_path(), .left = random_path(), .after = random_path(),
		.said = random_number(0x800), .signal_code = random_number(5), .result = random_number(RESULTS + 1),
		.vma = {
			.start = addr & ~0xfffULL, .end = random_number(2) ? addr + 0x1000 : 0, .flags = random_flags(),
		},
		.unfinished = random_number(2), .has_growth = random_number(2), .grew = random_number(2),
		.walk_status = random_number(WALK_STATUSES),
	};
}

/* One word, which a fault of the same facts has always, and which no fact of the contrary goes with. */
static void any_fault_has_a_cause(void **state)
{
	unsigned int counts[CAUSES] = { 0 };

	(void)state;
	for (unsigned int i = 0; i < 500000; i++) {
		struct fault fault = random_fault();
		struct cause cause = { .word = 99 }, again = { 0 };

		cause_find(&fault, random_number(2) ? &four_levels : &five_levels, &cause);
		assert_in_range(cause.word, 0, CAUSE_UNKNOWN);
		assert_non_null(cause_name(cause.word));
		assert_int_equal(cause.facts >> FACTS, 0);
		fault.cpu++;
		fault.ip++;
		cause_find(&fault, &four_levels, &again);
		if (cause.facts == again.facts)
			assert_int_equal(cause.word, again.word);
		if (cause.word == CAUSE_FIRST_TOUCH)
			assert_true(cause_has(&cause, FACT_WRITE) && cause_has(&cause, FACT_ANON));
		if (cause.word == CAUSE_ZERO_PAGE)
			assert_false(cause_has(&cause, FACT_WRITE));
		if (cause.word == CAUSE_COW || cause.word == CAUSE_COW_REUSE || cause.word == CAUSE_WRITE_NOTIFY)
			assert_true(cause_has(&cause, FACT_WRITE));
		if (fault.result == RESULT_SEGV && !fault.kernel_mode)
			assert_int_equal(cause.word, CAUSE_SEGV);
		counts[cause.word]++;
	}
	for (unsigned int i = 0; i < CAUSES; i++)
		if (!counts[i])		/* chance has come by each of them */
			fail_msg("no %s", cause_name(i));
}

/* ---- names ---- */

static void names_lead_back(void **state)
{
	enum cause_word word;

	(void)state;
	for (unsigned int i = 0; i < CAUSES; i++) {
		assert_true(cause_by_name(cause_name(i), strlen(cause_name(i)), &word));
		assert_int_equal(word, i);
	}
	assert_false(cause_by_name("co", 2, &word));
	assert_false(cause_by_name("cow-reused", 10, &word));
	assert_false(cause_by_name("", 0, &word));
	assert_true(cause_by_name("cow,thp", 3, &word));
	assert_int_equal(word, CAUSE_COW);
}

static void each_fact_has_words(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < FACTS; i++) {
		assert_non_null(fact_name(i));
		assert_non_null(fact_phrase(i));
		assert_null(strpbrk(fact_name(i), " \"\\"));
		for (unsigned int j = 0; j < i; j++)
			assert_string_not_equal(fact_name(i), fact_name(j));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(anonymous_is_told),
		cmocka_unit_test(copies_is_told),
		cmocka_unit_test(files_is_told),
		cmocka_unit_test(special_is_told),
		cmocka_unit_test(failures_is_told),
		cmocka_unit_test(each_cause_has_three_cases),
		cmocka_unit_test(five_levels_are_the_same),
		cmocka_unit_test(any_fault_has_a_cause),
		cmocka_unit_test(names_lead_back),
		cmocka_unit_test(each_fact_has_words),
	};

	return cmocka_run_group_tests_name("cause", tests, NULL, NULL);
}
