# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=sh
#
# What the scripts that print TAP have in common, read by each of them at its start: how a check is reported, and how
# something is waited for. With TIMES set, each report tells when it was.
#
# The status of a command is looked at together with what it wrote, on the line behind it.
# shellcheck disable=SC2181

dir=$(mktemp -d)
out=$dir/out
err=$dir/err
failures=0

# report STATUS NAME: the check is ok if STATUS is 0.
report() {
	[ -z "${TIMES-}" ] || echo "# at $(cut -d' ' -f1 /proc/uptime)"
	if [ "$1" = 0 ]; then
		echo "ok - $2"
		return
	fi
	failures=$((failures + 1))
	echo "not ok - $2"
	tail -n 5 "$err" 2>/dev/null | cut -c1-300 | sed 's/^/# stderr: /'
	tail -n 5 "$out" 2>/dev/null | cut -c1-300 | sed 's/^/# stdout: /'
}

# check NAME COMMAND...: COMMAND succeeds.
check() {
	name=$1
	shift
	"$@" >"$out" 2>"$err"
	report $? "$name"
}

# refuses STATUS PATTERN COMMAND...: COMMAND ends with STATUS, after one line on stderr that PATTERN is in.
refuses() {
	status=$1 pattern=$2
	shift 2
	"$@" >"$out" 2>"$err"
	got=$?
	[ "$got" = "$status" ] && [ "$(wc -l <"$err")" = 1 ] && grep -q "^pfwatch: .*$pattern" "$err"
	report $? "refused ($status, '$pattern'): $*"
	[ "$got" = "$status" ] || echo "# exit status $got"
}

# wait_for TRIES COMMAND...: half a second each; when it gives up something hangs, and is not merely slow
wait_for() {
	tries=$(($1 * 10))
	shift
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.05
	done
}

# gone PID
gone() { [ ! -e "/proc/$1" ]; }
