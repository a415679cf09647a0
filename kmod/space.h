/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PFWALK_SPACE_H
#define PFWALK_SPACE_H

#include <linux/mm_types.h>
#include <linux/pid.h>

struct mm_struct *space_get(struct pid *pid, u64 *space);
void space_put(struct mm_struct *mm);

#endif
