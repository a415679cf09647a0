// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A module that does what a module must not do, to see that the test machine
 * notices: misbehave.ko how=warn (a warning) or how=hang (a processor lost with
 * interrupts off). Of these only a kernel that looks for them takes notice:
 * how=leak (memory nobody knows of), how=stale (memory read when it was free),
 * how=lock (two locks, taken in either order).
 */
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

static char *how = "warn";
module_param(how, charp, 0);

/* Not gone with the rest of init: the trace has its name. */
static noinline void leak(void)
{
	int i;

	for (i = 0; i < 16; i++)
		memset(kmalloc(256, GFP_KERNEL), 0x5a, 256);
}

static int read_stale(void)
{
	volatile char *memory = kzalloc(256, GFP_KERNEL);

	kfree((void *)memory);
	return memory[16];
}

static void lock_in_disorder(void)
{
	static DEFINE_MUTEX(first);
	static DEFINE_MUTEX(second);

	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);
	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

static int __init misbehave_init(void)
{
	if (!strcmp(how, "leak")) {
		leak();
		return 0;
	}
	if (!strcmp(how, "stale"))
		return read_stale() & 0;
	if (!strcmp(how, "lock")) {
		lock_in_disorder();
		return 0;
	}
	if (!strcmp(how, "warn")) {
		WARN(1, "misbehaving as asked\n");
		return 0;
	}
	if (!strcmp(how, "hang")) {
		local_irq_disable();
		for (;;)
			cpu_relax();
	}
	return -EINVAL;
}

static void __exit misbehave_exit(void)
{
}

module_init(misbehave_init);
module_exit(misbehave_exit);
MODULE_DESCRIPTION("Misbehaves, for the test machine's own test");
MODULE_LICENSE("Dual BSD/GPL");
