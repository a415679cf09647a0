// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A module that does what a module must not do, to see that the test machine
 * notices: misbehave.ko how=warn (a warning) or how=hang (a processor lost with
 * interrupts off).
 */
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

static char *how = "warn";
module_param(how, charp, 0);

static int __init misbehave_init(void)
{
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
