/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PFWALK_ONESHOT_H
#define PFWALK_ONESHOT_H

void oneshot(const char *pid, const char *va);

#endif
