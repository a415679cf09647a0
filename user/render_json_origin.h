/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Whose a fault was, as members of JSON. What isn't known isn't there. */
#ifndef PFWATCH_RENDER_JSON_ORIGIN_H
#define PFWATCH_RENDER_JSON_ORIGIN_H

#include "fault.h"
#include "output.h"

/* "dev":"8:1" of the mapping's file. */
void put_json_dev(struct output *out, const struct vma *vma);
void put_json_vma(struct output *out, const struct vma *vma);
void put_json_code(struct output *out, const struct code_place *code);
void put_json_origin(struct output *out, const struct fault *fault);

#endif
