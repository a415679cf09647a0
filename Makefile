# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# pfwatch: `make help` says what there is. All products go to build/.

VERSION := 0.1.0

CC      ?= cc
CLANG   ?= clang
PREFIX  ?= /usr/local
KDIR    ?= /lib/modules/$(shell uname -r)/build
BPFTOOL ?= $(firstword $(shell PATH="$$PATH:/usr/sbin:/sbin" command -v bpftool) bpftool)
NAME    ?=

B := build
# The kernels that `make check-matrix` runs on.
KERNELS := 5.10 6.1 6.12 7

ifeq ($(V),1)
Q :=
else
Q := @
endif
SUBMAKE := $(MAKE) --no-print-directory $(if $(Q),-s)
say = @printf '  %-8s %s\n' '$(1)' '$(2)'

WARNINGS := -Wall -Wextra -Werror
CFLAGS   ?= -O2 -g
OUR_CFLAGS := -std=gnu11 $(WARNINGS) -D_FORTIFY_SOURCE=2 -fstack-protector-strong -DVERSION='"$(VERSION)"' \
	-DLOCALEDIR='"$(PREFIX)/share/locale"' -Ibpf -I$(B)
LIBS     := $(shell pkg-config --libs libbpf libmnl libdw zlib 2>/dev/null || echo -lbpf -lmnl -ldw -lelf -lz) -pthread

USER_SRC := $(wildcard user/*.c)
USER_OBJ := $(USER_SRC:user/%.c=$(B)/user/%.o)
UNIT_SRC := $(wildcard tests/unit/*.c)
UNIT_BIN := $(UNIT_SRC:tests/unit/%.c=$(B)/tests/unit/%)
LOAD_SRC := $(wildcard tests/workload/*.c tests/integration/*.c)
STRESS_BIN := $(addprefix $(B)/tests/stress/,requests clients fuzz stress)
CATALOGUES := $(patsubst user/po/%.po,$(B)/locale/%/LC_MESSAGES/pfwatch.mo,$(wildcard user/po/*.po))
BENCH_SRC := $(wildcard tests/bench/*.c)
BENCH_BIN := $(BENCH_SRC:tests/%.c=$(B)/tests/%)
LOAD_BIN := $(LOAD_SRC:tests/%.c=$(B)/tests/%) $(B)/tests/workload/states $(STRESS_BIN)

.PHONY: all pfwatch kmod tests demo check check-matrix check-debug bench vm install deb clean help deps-build
.DELETE_ON_ERROR:

all: deps-build
	$(Q)$(SUBMAKE) $(B)/pfwatch
	$(Q)if [ -d '$(KDIR)' ]; then \
		$(SUBMAKE) kmod; \
	else \
		echo "The module is not built: there are no headers of the running kernel in $(KDIR)"; \
		echo "(Debian: the package linux-headers-$$(uname -r); any other kernel's: make kmod KDIR=...)"; \
	fi

deps-build:
	$(Q)packaging/deps check build

# ---- the BPF programs and their skeletons ----

BPF_DEPS := $(wildcard bpf/*.h) vmlinux/x86/vmlinux.h

# Unused parameters: BPF_PROG() always has one.
$(B)/%.bpf.o: bpf/%.bpf.c $(BPF_DEPS) Makefile | $(B)/user
	$(call say,CLANG,$@)
	$(Q)$(CLANG) -g -O2 -target bpf -mcpu=v3 $(WARNINGS) -Wno-unused-parameter -D__TARGET_ARCH_x86 \
		-Ivmlinux/x86 -Ibpf -c $< -o $(B)/$*.tmp.o
	$(Q)$(BPFTOOL) gen object $@ $(B)/$*.tmp.o
	$(Q)rm -f $(B)/$*.tmp.o

$(B)/%.skel.h: $(B)/%.bpf.o
	$(call say,SKEL,$@)
	$(Q)$(BPFTOOL) gen skeleton $< name $*_bpf > $@

.PRECIOUS: $(B)/%.bpf.o

# ---- pfwatch ----

$(B)/user:
	$(Q)mkdir -p $@

$(addprefix $(B)/user/,tracer.o tracer_load.o tracer_drain.o): $(B)/pfwatch.skel.h
$(B)/user/tasks.o: $(B)/tasks.skel.h
$(B)/user/direct_map.o: $(B)/calibrate.skel.h
$(B)/user/walker_bpf.o: $(B)/resolve.skel.h

$(B)/user/%.o: user/%.c Makefile | $(B)/user
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(OUR_CFLAGS) $(CPPFLAGS) -MMD -MP -c $< -o $@

$(B)/locale/%/LC_MESSAGES/pfwatch.mo: user/po/%.po
	$(call say,MSGFMT,$@)
	$(Q)mkdir -p $(@D)
	$(Q)msgfmt --check-format -o $@ $<

$(B)/pfwatch: $(USER_OBJ) | $(CATALOGUES)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

-include $(USER_OBJ:.o=.d)

pfwatch: $(B)/pfwatch

# ---- the module: make kmod KDIR=... ----
# kbuild writes beside the sources, so it gets a directory of links to them.

# Not include/config/kernel.release: Debian's headers have the upstream version there.
kernel_release = $$(sed -n 's/.*UTS_RELEASE "\(.*\)".*/\1/p' '$(KDIR)/include/generated/utsrelease.h')

kmod:
	$(Q)release=$(call kernel_release); [ -n "$$release" ] || { \
		echo "$(KDIR) is no configured kernel tree (KDIR=... names one)" >&2; exit 1; }; \
	dir='$(CURDIR)/$(B)/kmod/'$$release; mkdir -p "$$dir"; \
	for file in $$(cd kmod && find . -name '*.[ch]' -o -name Kbuild); do \
		mkdir -p "$$dir/$$(dirname $$file)"; ln -sfn '$(CURDIR)/kmod/'$$file "$$dir/$$file"; \
	done; \
	$(if $(Q),log=$$($(MAKE) -C '$(KDIR)' M="$$dir" modules 2>&1) || { echo "$$log"; exit 1; }; \
		printf '  %-8s %s\n' KMOD "$(B)/kmod/$$release/pfwalk.ko",$(MAKE) -C '$(KDIR)' M="$$dir" modules)

# ---- tests ----

$(B)/tests/unit/%: tests/unit/%.c $(wildcard tests/unit/*.h) $(filter-out $(B)/user/main.o,$(USER_OBJ)) Makefile
	$(Q)mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(OUR_CFLAGS) -Iuser $< $(filter-out $(B)/user/main.o $(EXCLUDE_$*),$(USER_OBJ)) \
		$(LIBS) -lcmocka -o $@

# These include the source whose inside they test, or stand in for it.
EXCLUDE_test_walker_kmod := $(B)/user/walker_kmod.o
EXCLUDE_test_walker_kmod_exchange := $(B)/user/walker_kmod_exchange.o
EXCLUDE_test_walker_kmod_map := $(B)/user/walker_kmod_map.o
EXCLUDE_test_spaces := $(B)/user/budget.o
EXCLUDE_test_tasks := $(B)/user/tasks.o
EXCLUDE_test_cmd_tasks := $(B)/user/tasks.o

# Static: they run in the test machine, which has no libraries but pfwatch's.
$(B)/tests/workload/% $(B)/tests/integration/% $(B)/tests/stress/% $(B)/tests/bench/%: OUR_CFLAGS += -static -pthread
$(B)/tests/workload/%: tests/workload/%.c Makefile
	$(Q)mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(OUR_CFLAGS) $< -o $@
$(B)/tests/workload/causes: tests/workload/numa_hints.h
$(B)/tests/workload/states: $(wildcard tests/workload/states/*.[ch]) tests/workload/numa_hints.h Makefile
	$(Q)mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(OUR_CFLAGS) $(filter %.c,$^) -o $@
$(B)/tests/integration/%: tests/integration/%.c Makefile
	$(Q)mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(OUR_CFLAGS) $< -o $@

$(B)/tests/bench/%: tests/bench/%.c $(wildcard tests/bench/*.h) Makefile
	$(Q)mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(OUR_CFLAGS) $< -o $@

# pfwatch's own walker, and of the rest what that needs.
$(B)/pfwatch.a: $(USER_OBJ)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^
$(B)/tests/bench/walk: tests/bench/walk.c tests/bench/addresses.h $(B)/pfwatch.a Makefile
	$(Q)mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(filter-out -static,$(OUR_CFLAGS)) -Iuser $< $(B)/pfwatch.a $(LIBS) -o $@

$(B)/tests/stress/stress: tests/stress/victims.c tests/stress/stress.h
$(B)/tests/stress/%: tests/stress/%.c tests/stress/client.c tests/stress/client.h kmod/uapi/pfwalk.h Makefile
	$(Q)mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(OUR_CFLAGS) $(filter %.c,$^) -o $@

# Stacks are read by frame pointers; an optimizer moves what faults in front of them.
$(B)/tests/workload/calls: OUR_CFLAGS += -O0 -mno-red-zone -U_FORTIFY_SOURCE -fno-omit-frame-pointer

# One of 32 bits, for whose libraries nobody is asked.
$(B)/tests/workload/idle32: OUR_CFLAGS := -std=gnu11 $(WARNINGS) -m32 -static -nostdlib -fno-stack-protector

tests: $(UNIT_BIN) $(LOAD_BIN) $(BENCH_BIN)

check:
	$(Q)packaging/deps install build test
	$(Q)$(SUBMAKE) $(B)/pfwatch tests
	$(Q)tests/check

check-matrix:
	$(Q)packaging/deps install build test
	$(Q)$(SUBMAKE) $(B)/pfwatch tests
	$(Q)tests/check vm $(KERNELS)

check-debug:
	$(Q)packaging/deps install build test debug
	$(Q)$(SUBMAKE) $(B)/pfwatch tests
	$(Q)tests/check debug

# What a peer that can't be installed would have shown is skipped, and said.
bench: KERNELS := 6.1 6.12
bench:
	$(Q)packaging/deps install build test
	$(Q)packaging/deps install bench || echo "make bench: goes on without those" >&2
	$(Q)$(SUBMAKE) $(B)/pfwatch $(BENCH_BIN) $(B)/tests/workload/spread
	$(Q)tests/bench/run $(KERNELS)

deb:
	@echo "make $@: not there yet" >&2; exit 1

demo:
	$(Q)packaging/deps install build test
	$(Q)$(SUBMAKE) $(B)/pfwatch $(B)/tests/workload/first_touch
	$(Q)tests/demo $(NAME)

vm:
	$(Q)packaging/deps install build test
	$(Q)tests/vm/run -s

# ---- the rest ----

install: all
	$(Q)install -D -m 755 $(B)/pfwatch '$(DESTDIR)$(PREFIX)/sbin/pfwatch'
	$(Q)install -D -m 644 man/pfwatch.8 '$(DESTDIR)$(PREFIX)/share/man/man8/pfwatch.8'
	$(Q)install -D -m 644 kmod/uapi/pfwalk.h '$(DESTDIR)$(PREFIX)/include/linux/pfwalk.h'
	$(Q)for file in $(CATALOGUES:$(B)/%=%); do \
		install -D -m 644 $(B)/$$file '$(DESTDIR)$(PREFIX)/share/'$$file || exit 1; \
	done
	$(Q)if [ -d '$(KDIR)' ]; then \
		release=$(call kernel_release); \
		install -D -m 644 $(B)/kmod/$$release/pfwalk.ko \
			"$(DESTDIR)/lib/modules/$$release/updates/pfwalk.ko" && \
		{ [ -n '$(DESTDIR)' ] || PATH="$$PATH:/usr/sbin:/sbin" depmod -a $$release; }; \
	fi

clean:
	$(Q)rm -rf $(B)

help:
	@echo 'make               pfwatch, and the module for the running kernel (KDIR=... for another)'
	@echo 'make demo          page faults of a first-touch program, live, with their page-table paths; and what it costs'
	@echo 'make demo NAME=... another demonstration, or several (make demo says which there are)'
	@echo 'make check         the tests; the last line is "N passed, N failed, N skipped"'
	@echo 'make check-matrix  the tests in the test machine, on each kernel, with 4 and 5 paging levels'
	@echo 'make check-debug   the same on a kernel that looks for bugs (it is built first, once: some minutes)'
	@echo 'make bench         what it costs, with its peers beside it (PART=guest or host has a half of it: tens of minutes)'
	@echo 'make vm            a shell in the test machine, module loaded, pfwatch in PATH'
	@echo 'make install       to PREFIX=$(PREFIX), below DESTDIR; the module to /lib/modules'
	@echo 'make clean         removes build/'
	@echo
	@echo 'demo, check and vm install missing Debian packages; the test kernel is only unpacked, into a cache.'
	@echo 'Honoured: CC CLANG CFLAGS LDFLAGS KDIR DESTDIR PREFIX V=1; by the tests KERNELS LEVELS STRESS (seconds)'
