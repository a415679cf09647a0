#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# vmlinux/<arch>/vmlinux.h: the kernel's types for the BPF program, from a kernel's BTF.
#
#   vmlinux/gen.sh BTF > vmlinux/x86/vmlinux.h
#
# BTF is /sys/kernel/btf/vmlinux, or an uncompressed vmlinux (Debian: of the package linux-image-*-dbg, or what
# scripts/extract-vmlinux of the kernel source makes of /boot/vmlinuz-*). What stands in the repository is made
# from Debian's 6.1 kernel. Any kernel's will do: accesses are relocated to the running kernel's types when the program
# is loaded (CO-RE), and what the others name differently stands in bpf/core_compat.bpf.h.
set -eu

btf=${1:-/sys/kernel/btf/vmlinux}
PATH=$PATH:/usr/sbin:/sbin

bpftool btf dump file "$btf" format c
