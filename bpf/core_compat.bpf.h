/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the kernels that the one BPF object is loaded into. What a kernel has is asked of its BTF when
 * the object is loaded: the question is then a constant, and the branch that it decides against is not even verified.
 *
 * Structures of other kernels than vmlinux.h's are written down as far as they are needed, under their name and
 * ___ and a word of ours, which libbpf ignores when it looks for the kernel's own.
 */
#ifndef PFWATCH_CORE_COMPAT_BPF_H
#define PFWATCH_CORE_COMPAT_BPF_H

/*
 * bpf_get_current_task_btf(), whose result can be followed like a pointer, came with Linux 5.11 (commit
 * 3ca1032ab7ab010eccb107aa515598788f7d93bb). Before, there is only a number, and each step from it is a call.
 */
#define has_current_task_btf() bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf)

static __always_inline struct task_struct *current_task(void)
{
	return has_current_task_btf() ? bpf_get_current_task_btf() : (struct task_struct *)bpf_get_current_task();
}

/* A member of what current_task() gave, or of what such a member points to: one step at a time. */
#define CURRENT_READ(pointer, member) ({							\
	typeof(pointer) __pointer = (pointer);							\
	has_current_task_btf() ? __pointer->member : BPF_CORE_READ(__pointer, member);		\
})

/* Whether the current task takes no page faults now. To read its count by a call raises that by one (mm/maccess.c). */
static __always_inline bool page_faults_disabled(struct task_struct *task)
{
	return has_current_task_btf() ? task->pagefault_disabled > 0 : BPF_CORE_READ(task, pagefault_disabled) > 1;
}

/*
 * The pages of an address space are counted in struct mm_rss_stat, one atomic number for each kind, up to Linux 6.1.
 * Since 6.2 (commit f1a7941243c102a44e8847e3b94ff4ff3ec56f25) each kind has a counter that is spread over the CPUs: a
 * common number, and what each CPU has not added to that yet.
 */
struct mm_struct___percpu {
	struct percpu_counter rss_stat[NR_MM_COUNTERS];
} __attribute__((preserve_access_index));

#define has_percpu_counters() (!bpf_core_type_exists(struct mm_rss_stat))

/*
 * Whoever has had the lock of an address space' mappings for writing leaves another number behind. Since Linux 6.4
 * (commit 5e31275cc997, CONFIG_PER_VMA_LOCK) it goes up when the lock is given back; since 6.13 (commit eb449bd96954,
 * then within a seqcount_t) also when it is taken, so that it is odd in between.
 */
struct mm_struct___number {
	int mm_lock_seq;
} __attribute__((preserve_access_index));

struct mm_struct___seqcount {
	seqcount_t mm_lock_seq;
} __attribute__((preserve_access_index));

#define has_lock_number() bpf_core_field_exists(struct mm_struct___number, mm_lock_seq)
#define has_lock_seqcount() bpf_core_field_exists(struct mm_struct___seqcount, mm_lock_seq.sequence)
#define counts_writers() (has_lock_number() || has_lock_seqcount())

/* Where writers are counted. */
static __always_inline __u32 lock_seq(struct mm_struct *mm)
{
	if (has_lock_seqcount())
		return CURRENT_READ((struct mm_struct___seqcount *)mm, mm_lock_seq.sequence);
	return has_lock_number() ? CURRENT_READ((struct mm_struct___number *)mm, mm_lock_seq) : 0;
}

/* A kernel without userfaultfd has an empty structure in its place. */
#define has_userfaultfd() bpf_core_field_exists(struct vm_userfaultfd_ctx, ctx)

#endif
