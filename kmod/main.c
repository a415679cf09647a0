// SPDX-License-Identifier: GPL-2.0-only
/* pfwalk: entrance and exit of the module. What it does is in walk.c, how it is asked in netlink.c. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>

#include "netlink.h"
#include "walk.h"

static int __init pfwalk_init(void)
{
	int err;

	err = pfwalk_netlink_register();
	if (err)
		return err;
	pr_info("page-table walker ready, %u paging levels\n", walk_levels());
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
