/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * pfwalk - the page-table path of an address, over generic netlink
 *
 * The family is "pfwalk", version 1. Three commands:
 *
 *   PFWALK_CMD_LAYOUT   (do)    the paging geometry of the running kernel
 *   PFWALK_CMD_RESOLVE  (dump)  the paths of a batch of addresses of one process
 *   PFWALK_CMD_MAP      (dump)  what an address space holds, as regions, and the tables it takes
 *
 * Who is served: a sender with CAP_SYS_ADMIN in the initial user namespace, which is what /proc/PID/pagemap asks for
 * before it shows a page frame. Who sends without naming the destination in the call (send() on a connected socket)
 * may have been tricked into it, so the opener of the socket needs the capability then, too (netlink_capable()). All
 * others: EPERM.
 *
 * PFWALK_CMD_LAYOUT
 *   request   no attribute
 *   reply     PFWALK_A_LAYOUT, a nest of PFWALK_LAYOUT_*
 *
 * PFWALK_CMD_RESOLVE, with NLM_F_DUMP
 *   request   PFWALK_A_PID    u32     the process (any thread of it), in the PID namespace of the sender
 *             PFWALK_A_ADDRS  binary  1 to PFWALK_MAX_ADDRS addresses, __u64 each, in any order
 *             PFWALK_A_SPACE  u64     optional: the identity of the address space meant, see below
 *             PFWALK_A_COMPACT flag   optional: the paths are to come as PFWALK_A_RUNS
 *   reply     one or more messages, the paths in the order of the addresses; each message has
 *             PFWALK_A_FIRST  u32     the index in PFWALK_A_ADDRS of its first path
 *             PFWALK_A_HEAD   u32     the size of struct pfwalk_path, the fixed head of a path, or of struct pfwalk_run
 *             PFWALK_A_PATHS  binary  the paths, see below, or PFWALK_A_RUNS, if PFWALK_A_COMPACT was asked for
 *             PFWALK_A_TIME   u64     CLOCK_MONOTONIC in ns, before its first walk, with the process' mmap lock held
 *             PFWALK_A_VMA_SIZE u32   the size of struct pfwalk_vma
 *             PFWALK_A_VMAS   binary  the mappings that the addresses lie in, struct pfwalk_vma each; may be empty
 *             or PFWALK_A_FIRST alone: no path yet, since somebody holds the lock; recv() tries again
 *   end       NLMSG_DONE, see below
 *
 * PFWALK_CMD_MAP, with NLM_F_DUMP
 *   request   PFWALK_A_PID    u32     the process (any thread of it), in the PID namespace of the sender
 *             PFWALK_A_START  u64     optional: the first address; 0 if missing. Rounded down to a page
 *             PFWALK_A_END    u64     optional: the first address behind; the end of the user half if missing or above
 *                                     it. Rounded up to a page
 *             PFWALK_A_SPACE  u64     optional: the identity of the address space meant
 *   reply     one or more messages, by ascending address; each message has
 *             PFWALK_A_TIME     u64     as above
 *             PFWALK_A_NEXT     u64     the cursor: all below it is answered
 *             PFWALK_A_VMA_SIZE, PFWALK_A_REGION_SIZE  u32
 *             PFWALK_A_VMAS     binary  the mappings the message tells of, struct pfwalk_vma each
 *             PFWALK_A_REGIONS  binary  struct pfwalk_region each
 *             PFWALK_A_TABLES   binary  struct pfwalk_tables: the tables found so far, from START on
 *             or PFWALK_A_NEXT alone: nothing yet, since somebody holds the lock; recv() tries again
 *   end       NLMSG_DONE. Each message is of one instant for the lock's sake only: what changes between two messages
 *             shows in those that follow. No message takes the process' mmap lock for longer than some ten thousand
 *             entries take to read.
 *
 * The end's error, and NLMSGERR_ATTR_MSG where NETLINK_EXT_ACK is set, say why there is no (further) answer:
 *   EINVAL  an attribute is missing, or its content is not what stands above
 *   E2BIG   more than PFWALK_MAX_ADDRS addresses
 *   ESRCH   there is no such process
 *   ENXIO   it has no address space: a kernel thread, or it is exiting or a zombie
 *   ESTALE  it has another address space than PFWALK_A_SPACE means, or than it had when the reply began
 *   EINTR   the caller was killed while it waited for the process' mmap lock
 *
 * All paths of one reply are of one address space. What the kernel refuses before the module sees it ends in an
 * ordinary NLMSG_ERROR: EINVAL (an attribute of a wrong size or an unknown type), EOPNOTSUPP (no NLM_F_DUMP), EBUSY
 * (the socket has a dump open), ENOMEM; and EPERM. recv() itself fails with ENOBUFS if the socket's receive buffer
 * was full when the reply began; the reply follows then all the same. Attributes of the set that a command has no use
 * for are ignored. A version other than 1 in the request is refused with EINVAL.
 *
 * PFWALK_A_PATHS is a run of records, each
 *
 *     struct pfwalk_path   PFWALK_A_HEAD bytes
 *     __u64 entry[]        levels - same of them
 *
 * The path of an address is the `levels` entries that were read from the PGD downwards, as the kernel has them
 * (pgd_val() and so on). Neighbours share their upper tables, so a record leaves out the first `same` entries: they
 * are those of the record before it in the same message. The first record of a message has same == 0. An attribute's
 * payload is aligned to 4 bytes, so a record may not be to 8. With four paging levels there is no P4D entry; with
 * five it is the second.
 *
 * PFWALK_A_RUNS says the same in less, and takes less to make and to read. Each record is
 *
 *     struct pfwalk_run    PFWALK_A_HEAD bytes: struct pfwalk_path without its value
 *     __u64 value          unless the path ends with PFWALK_PAGE at a PTE (levels is PFWALK_LAYOUT_LEVELS). Then the value
 *                          is that entry's PFWALK_LAYOUT_PFN_MASK bits
 *     __u64 entry[]        levels - same of them
 *     __u64 last[]         of such a page, as many as `more` says, each for one address more: its path is the same but
 *                          for its last entry, which is this one, and the value that comes from it
 *
 * Here, too, `same` counts entries of the path before. A family whose CTRL_ATTR_MAXATTR is below PFWALK_A_RUNS is
 * that of an older module, which refuses PFWALK_A_COMPACT.
 *
 * The entries of one path are those of one instant: they were read with the process' mmap lock held for reading,
 * which keeps the tables above the PMD where they are; from the PMD entry on with interrupts off, and this one was
 * the same when it was read again behind the last. If it was not, three times in a row, the status is PFWALK_CHANGED
 * and the entries are those read last. But accessed bits of entries that name tables may be of any instant of the
 * message. What was read is never a freed table. The path of a kernel address (PFWALK_KERNEL) is best effort: nothing
 * holds the kernel's tables in place, so each entry is read with a fault caught; the PGD it begins at is the
 * process', whose upper half is the kernel's.
 *
 * A record's `vma` says in which mapping of the same message the address lies: its number in PFWALK_A_VMAS counted
 * from 1, or 0 if in none. An attribute of struct pfwalk_vma or pfwalk_region is stepped through by the size that
 * PFWALK_A_VMA_SIZE or PFWALK_A_REGION_SIZE says: these grow at their end, too.
 *
 * PFWALK_A_REGIONS: equal neighbours within a mapping are merged, also across messages by whoever wants to (a region
 * that begins where the one before ended, in the same mapping, with the same kind, level and page, continues it). All
 * addresses of the range that lie in a mapping are in exactly one region; those in none, in no region.
 *
 * PFWALK_A_SPACE is the identity of an address space. A PID alone names another one after execve(), or once the process
 * is gone and its number given away; then what it has at the same address is no answer. On x86 the identity is
 * mm->context.ctx_id (arch/x86/include/asm/mmu.h): never 0, never used twice while the kernel runs. A tracer reads
 * it where it sees the address, with BPF.
 *
 * How it grows: new attributes and commands are added, none changes its meaning. The head of a path grows at
 * its end, so step by PFWALK_A_HEAD and not by sizeof. A kind or status that a client doesn't know is to be
 * shown as unknown. The family's version is raised only if that isn't enough.
 */
#ifndef _UAPI_PFWALK_H
#define _UAPI_PFWALK_H

#include <linux/types.h>

#define PFWALK_FAMILY_NAME	"pfwalk"
#define PFWALK_FAMILY_VERSION	1

/* Addresses in one request. 4096 of them are 32 KiB, half of what an attribute can hold. */
#define PFWALK_MAX_ADDRS	4096

/*
 * A reader that never offers more than this to recv() gets no message of PFWALK_CMD_RESOLVE that is longer. (A
 * message may be as long as the largest buffer that its reader ever offered, up to 32 KiB; but it may always be of a
 * page, less what the kernel needs of that. A module without PFWALK_A_RUNS fills that page.)
 */
#define PFWALK_BUFFER	3584

/* Paging levels, at the most. */
#define PFWALK_MAX_LEVELS	5

enum pfwalk_cmd {
	PFWALK_CMD_UNSPEC,
	PFWALK_CMD_LAYOUT,
	PFWALK_CMD_RESOLVE,
	PFWALK_CMD_MAP,

	__PFWALK_CMD_MAX,
	PFWALK_CMD_MAX = __PFWALK_CMD_MAX - 1
};

enum pfwalk_attr {
	PFWALK_A_UNSPEC,
	PFWALK_A_PAD,
	PFWALK_A_LAYOUT,	/* nest of enum pfwalk_layout_attr */
	PFWALK_A_PID,		/* u32 */
	PFWALK_A_SPACE,		/* u64 */
	PFWALK_A_ADDRS,		/* binary, __u64[] */
	PFWALK_A_FIRST,		/* u32 */
	PFWALK_A_TIME,		/* u64, ns of CLOCK_MONOTONIC */
	PFWALK_A_HEAD,		/* u32, bytes */
	PFWALK_A_PATHS,		/* binary, records of struct pfwalk_path */
	PFWALK_A_VMA_SIZE,	/* u32, bytes */
	PFWALK_A_VMAS,		/* binary, struct pfwalk_vma[] */
	PFWALK_A_START,		/* u64 */
	PFWALK_A_END,		/* u64 */
	PFWALK_A_NEXT,		/* u64 */
	PFWALK_A_REGION_SIZE,	/* u32, bytes */
	PFWALK_A_REGIONS,	/* binary, struct pfwalk_region[] */
	PFWALK_A_TABLES,	/* binary, struct pfwalk_tables */
	PFWALK_A_COMPACT,	/* flag */
	PFWALK_A_RUNS,		/* binary, records of struct pfwalk_run */

	__PFWALK_A_MAX,
	PFWALK_A_MAX = __PFWALK_A_MAX - 1
};

/* The geometry. Shifts are in bits; addresses and masks are as the kernel's macros of the same name. */
enum pfwalk_layout_attr {
	PFWALK_LAYOUT_UNSPEC,
	PFWALK_LAYOUT_PAD,
	PFWALK_LAYOUT_LEVELS,		/* u32, 4 or 5 */
	PFWALK_LAYOUT_PAGE_SHIFT,	/* u32 */
	PFWALK_LAYOUT_PMD_SHIFT,	/* u32 */
	PFWALK_LAYOUT_PUD_SHIFT,	/* u32 */
	PFWALK_LAYOUT_P4D_SHIFT,	/* u32 */
	PFWALK_LAYOUT_PGDIR_SHIFT,	/* u32 */
	PFWALK_LAYOUT_PTRS_PER_PTE,	/* u32 */
	PFWALK_LAYOUT_PTRS_PER_PMD,	/* u32 */
	PFWALK_LAYOUT_PTRS_PER_PUD,	/* u32 */
	PFWALK_LAYOUT_PTRS_PER_P4D,	/* u32, 1 where the P4D is folded */
	PFWALK_LAYOUT_PTRS_PER_PGD,	/* u32 */
	PFWALK_LAYOUT_PAGE_OFFSET,	/* u64, start of the direct map */
	PFWALK_LAYOUT_VMALLOC_START,	/* u64 */
	PFWALK_LAYOUT_VMEMMAP_START,	/* u64 */
	PFWALK_LAYOUT_TASK_SIZE_MAX,	/* u64, end of the user half (first address that no process can have) */
	PFWALK_LAYOUT_PFN_MASK,		/* u64, PTE_PFN_MASK: the physical address in a present entry */

	__PFWALK_LAYOUT_MAX,
	PFWALK_LAYOUT_MAX = __PFWALK_LAYOUT_MAX - 1
};

/* How a walk ended. */
enum pfwalk_status {
	PFWALK_WALKED,		/* at an entry: the last one of the path, of `kind` */
	PFWALK_NONCANONICAL,	/* not an address of this paging depth; nothing was read */
	PFWALK_KERNEL,		/* as PFWALK_WALKED, of an address of the kernel half: best effort */
	PFWALK_CHANGED,		/* the tables changed under the walk: what is there now is not known */
};

/* What the last entry of a path is. All entries before it are tables. */
enum pfwalk_kind {
	PFWALK_NONE,		/* empty */
	PFWALK_TABLE,		/* a table (last only with PFWALK_CHANGED, and with PFWALK_KERNEL if it can't be read) */
	PFWALK_PAGE,		/* a leaf; value: physical address of the page, whatever its size */
	PFWALK_PROTNONE,	/* a leaf that no access is allowed to: PROT_NONE or NUMA hint; value as above */
	PFWALK_SWAP,		/* value: offset in the swap area swap_type */
	PFWALK_MIGRATION,	/* value: physical address of the page that is on its way */
	PFWALK_HWPOISON,	/* value: physical address of the broken page */
	PFWALK_DEVICE_PRIVATE,	/* memory of a device that the CPU can't reach; value: its physical address */
	PFWALK_MARKER,		/* a PTE marker; value: PFWALK_MARKER_* */
	PFWALK_OTHER,		/* not present, of a kind this module doesn't know; value: the raw swap offset.
				 * Of a kernel address: an entry that is not present and not empty; value: 0 */
	PFWALK_BAD,		/* not an entry the kernel makes */
};

/* PTE markers, the kernel's PTE_MARKER_* (include/linux/swapops.h, leafops.h). */
#define PFWALK_MARKER_UFFD_WP	1	/* write-protected by userfaultfd, and not populated */
#define PFWALK_MARKER_POISONED	2	/* an access gets SIGBUS */
#define PFWALK_MARKER_GUARD	4	/* MADV_GUARD_INSTALL: an access gets SIGSEGV */

/*
 * What the page of PFWALK_PAGE and PFWALK_PROTNONE is to the process, from its mapping, the entry and, for a private
 * mapping of a file, the page's own mark. A hint, as all of struct page is without a reference.
 */
enum pfwalk_page {
	PFWALK_PAGE_UNKNOWN,
	PFWALK_PAGE_ANON,
	PFWALK_PAGE_FILE,	/* page cache */
	PFWALK_PAGE_SHMEM,	/* shared anonymous memory, tmpfs, memfd */
	PFWALK_PAGE_KSM,
	PFWALK_PAGE_ZERO,	/* the zero page, or the huge one */
	PFWALK_PAGE_HUGETLB,
	PFWALK_PAGE_PFNMAP,	/* mapped by number, not accounted to the process: vvar, /dev/mem */
	PFWALK_PAGE_DEVICE,	/* no memory: there is no struct page behind the entry, or a device's */
	PFWALK_PAGE_KERNEL,	/* the kernel's own, of no file, and accounted like a file's: the vdso */
};

struct pfwalk_path {
	__u8	status;		/* enum pfwalk_status */
	__u8	kind;		/* enum pfwalk_kind, but for PFWALK_NONCANONICAL */
	__u8	levels;		/* entries in the path: 0 (nothing read) to PFWALK_MAX_LEVELS */
	__u8	same;		/* of these, how many are the same as in the record before */
	__u8	swap_type;	/* PFWALK_SWAP: the number of the swap area */
	__u8	page;		/* enum pfwalk_page */
	__u16	vma;		/* which of PFWALK_A_VMAS, from 1; 0: none */
	__u64	value;		/* by kind, else 0 */
};

/* The same but for these. */
struct pfwalk_run {
	__u8	status, kind, levels, same;
	union {
		__u8	swap_type;	/* PFWALK_SWAP */
		__u8	more;		/* PFWALK_PAGE at a PTE: how many addresses more the record tells of */
	};
	__u8	page;
	__u16	vma;
};

/* Properties of a mapping. Translated: the kernel's own bits differ from version to version. */
enum pfwalk_vma_flag {
	PFWALK_VMA_READ		= 1 << 0,
	PFWALK_VMA_WRITE	= 1 << 1,
	PFWALK_VMA_EXEC		= 1 << 2,
	PFWALK_VMA_SHARED	= 1 << 3,
	PFWALK_VMA_ANON		= 1 << 4,	/* private anonymous */
	PFWALK_VMA_SHMEM	= 1 << 5,	/* of shared anonymous memory, tmpfs, memfd */
	PFWALK_VMA_HUGETLB	= 1 << 6,
	PFWALK_VMA_PFNMAP	= 1 << 7,	/* VM_PFNMAP, VM_IO: pages by number */
	PFWALK_VMA_GROWSDOWN	= 1 << 8,	/* a stack */
	PFWALK_VMA_LOCKED	= 1 << 9,	/* mlock() */
	PFWALK_VMA_HUGEPAGE	= 1 << 10,	/* MADV_HUGEPAGE */
	PFWALK_VMA_NOHUGEPAGE	= 1 << 11,	/* MADV_NOHUGEPAGE */
	PFWALK_VMA_MERGEABLE	= 1 << 12,	/* MADV_MERGEABLE: KSM */
	PFWALK_VMA_UFFD_MISSING	= 1 << 13,
	PFWALK_VMA_UFFD_WP	= 1 << 14,
	PFWALK_VMA_UFFD_MINOR	= 1 << 15,
	PFWALK_VMA_FILE		= 1 << 16,	/* has a file: inode and dev are set (also with SHMEM and HUGETLB) */
};

struct pfwalk_vma {
	__u64	start, end;
	__u64	offset;		/* of start in the file, bytes; 0 without a file */
	__u64	inode;
	__u32	dev;		/* major << 20 | minor, of the file system */
	__u32	flags;		/* enum pfwalk_vma_flag */
};

struct pfwalk_region {
	__u64	start, end;
	__u16	vma;		/* which of PFWALK_A_VMAS, from 1 */
	__u8	kind;		/* enum pfwalk_kind; PFWALK_TABLE: changed under the walk, not looked at */
	__u8	level;		/* of the entries, from below: 0 PTE, 1 PMD, 2 PUD; 0 for PFWALK_NONE at any level */
	__u8	page;		/* enum pfwalk_page */
	__u8	reserved[3];	/* 0 */
};

/*
 * Table pages that the walk came through, by level from below: tables[0] are PTE tables, tables[4] the PGD (which x86
 * allocates as two pages where it isolates page tables, and which counts as one here). With four levels tables[3] is 0.
 * reserved: PTE tables that wait behind huge leaves of anonymous memory to be used when these are split. VmPTE of
 * /proc/PID/status is the sum of tables[0] to [2] and reserved, for a walk of all the user half.
 */
struct pfwalk_tables {
	__u64	tables[PFWALK_MAX_LEVELS];
	__u64	reserved;
};

#endif /* _UAPI_PFWALK_H */
