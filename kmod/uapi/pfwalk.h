/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * pfwalk - the page-table path of an address, over generic netlink
 *
 * The family is "pfwalk", version 1. Two commands:
 *
 *   PFWALK_CMD_LAYOUT   (do)    the paging geometry of the running kernel
 *   PFWALK_CMD_RESOLVE  (dump)  the paths of a batch of addresses of one process
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
 *   reply     one or more messages, the paths in the order of the addresses; each message has
 *             PFWALK_A_FIRST  u32     the index in PFWALK_A_ADDRS of its first path
 *             PFWALK_A_TIME   u64     CLOCK_MONOTONIC in ns, before its first walk, with the process' mmap lock held
 *             PFWALK_A_HEAD   u32     the size of struct pfwalk_path, the fixed head of a path
 *             PFWALK_A_PATHS  binary  the paths, see below
 *             or PFWALK_A_FIRST alone: no path yet, since the lock was taken; the next recv() waits for it
 *   end       NLMSG_DONE; its error, and NLMSGERR_ATTR_MSG where NETLINK_EXT_ACK is set, say why there is
 *             no (further) answer:
 *               EINVAL  an attribute is missing, or its content is not what stands above
 *               E2BIG   more than PFWALK_MAX_ADDRS addresses
 *               ESRCH   there is no such process
 *               ENXIO   it has no address space: a kernel thread, or it is exiting or a zombie
 *               ESTALE  it has another address space than PFWALK_A_SPACE means, or than it had when the reply began
 *               EINTR   the caller was killed while it waited for the process' mmap lock
 *
 * All paths of one reply are of one address space. What the kernel refuses before the module sees it ends in an
 * ordinary NLMSG_ERROR: EINVAL (an attribute of a wrong size or an unknown type), EOPNOTSUPP (no NLM_F_DUMP), EBUSY
 * (the socket has a dump open), ENOMEM; and EPERM. recv() itself fails with ENOBUFS if the socket's receive buffer
 * was full when the reply began; the reply follows then all the same. Attributes of the set that a command has no use
 * for are ignored, and so is the version in the request.
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
 * The entries of one path were read one after the other, each once, with the process' mmap lock held for
 * reading and interrupts off. A writer that needs neither of these (another CPU's page fault) may have changed
 * an upper entry after it was read; what was read is never a freed table.
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

/* Paging levels, at the most. */
#define PFWALK_MAX_LEVELS	5

enum pfwalk_cmd {
	PFWALK_CMD_UNSPEC,
	PFWALK_CMD_LAYOUT,
	PFWALK_CMD_RESOLVE,

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
	PFWALK_KERNEL_HALF,	/* an address of the kernel; these are not walked; nothing was read */
	PFWALK_CHANGING,	/* no mapping there, and the table that the last entry names is being freed */
};

/* What the last entry of a path is. All entries before it are tables. */
enum pfwalk_kind {
	PFWALK_NONE,		/* empty */
	PFWALK_TABLE,		/* a table (last only with PFWALK_CHANGING) */
	PFWALK_PAGE,		/* a leaf; value: physical address of the page, whatever its size */
	PFWALK_PROTNONE,	/* a leaf that no access is allowed to: PROT_NONE or NUMA hint; value as above */
	PFWALK_SWAP,		/* value: offset in the swap area swap_type */
	PFWALK_MIGRATION,	/* value: physical address of the page that is on its way */
	PFWALK_HWPOISON,	/* value: physical address of the broken page */
	PFWALK_DEVICE_PRIVATE,	/* memory of a device that the CPU can't reach; value: its physical address */
	PFWALK_MARKER,		/* a PTE marker; value: its bits */
	PFWALK_OTHER,		/* not present, of a kind this module doesn't know; value: the raw swap offset */
	PFWALK_BAD,		/* not an entry the kernel makes */
};

struct pfwalk_path {
	__u8	status;		/* enum pfwalk_status */
	__u8	kind;		/* enum pfwalk_kind, where status is PFWALK_WALKED or PFWALK_CHANGING */
	__u8	levels;		/* entries in the path: 0 (nothing read) to PFWALK_MAX_LEVELS */
	__u8	same;		/* of these, how many are the same as in the record before */
	__u8	swap_type;	/* PFWALK_SWAP: the number of the swap area */
	__u8	reserved[3];	/* 0 */
	__u64	value;		/* by kind, else 0 */
};

#endif /* _UAPI_PFWALK_H */
