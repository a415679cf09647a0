// SPDX-License-Identifier: GPL-2.0-only
/* pfwalk: entrance and exit of the module. What it does is in walk.c, how it is asked in netlink.c. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

#include "netlink.h"
#include "oneshot.h"
#include "walk.h"

static char *pid;
module_param(pid, charp, 0);
MODULE_PARM_DESC(pid, "a process, with va: its page-table path is written to the kernel log at load");

static char *va;
module_param(va, charp, 0);
MODULE_PARM_DESC(va, "an address of process pid, decimal or hexadecimal with 0x");

static int __init pfwalk_init(void)
{
	int err;

	err = pfwalk_netlink_register();
	if (err)
		return err;
	pr_info("page-table walker ready, %u paging levels\n", walk_levels());
	oneshot(pid, va);
	return 0;
}

static void __exit pfwalk_exit(void)
{
	/*
	 * No dump is open: each holds a reference to this module, and it would not be unloaded. LAYOUT requests under
	 * way are waited for, with genetlink's lock.
	 */
	pfwalk_netlink_unregister();
}

module_init(pfwalk_init);
module_exit(pfwalk_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Page-table walker: the PGD to PTE path of a process' addresses, over generic netlink");
MODULE_VERSION("0.1.0");
