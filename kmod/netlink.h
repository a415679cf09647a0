/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PFWALK_NETLINK_H
#define PFWALK_NETLINK_H

int pfwalk_netlink_register(void);
void pfwalk_netlink_unregister(void);

#endif
