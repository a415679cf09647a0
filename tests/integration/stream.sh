# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=sh
#
# What the scripts that watch processes have in common; read after tap.sh.
# The files and the process are those of tap.sh and of the script that reads this.
# shellcheck disable=SC2034,SC2154

# start NAME ARGS...: in the background, with a pipe (fd 3) as its input; waits for its first line, which has the PID
# second.
start() {
	rm -f "$dir/in"
	mkfifo "$dir/in"
	: >"$dir/said"
	"$@" <"$dir/in" >"$dir/said" 3>&- &
	exec 3>"$dir/in"
	wait_for 100 grep -q "^$1 [0-9]" "$dir/said"
	pid=$(sed -n "s/^$1 \([0-9]*\).*/\1/p" "$dir/said")
	address=$(sed -n "s/^$1 [0-9]* \(0x[0-9a-f]*\).*/\1/p" "$dir/said")
}

# end: of what start began
end() {
	exec 3>&-
	wait_for 100 gone "$pid"
}

# watch ARGS...: pfwatch in the background (watcher), until it says that it watches. Its own fd 3 is closed.
watch() {
	: >"$err"
	pfwatch "$@" >"$out" 2>"$err" 3>&- &
	watcher=$!
	wait_for 200 grep -q watching "$err"
}

# field NAME [FILE]: a number in the last line of JSON; behind "cpus" there are those of each CPU
field() { tail -n 1 "${2-$out}" | sed -n "s/,\"cpus\":.*//; s/.*\"$1\":\([0-9]*\).*/\1/p"; }

# adds_up N: the last line of JSON is a summary that adds up, and has at least N faults
adds_up() {
	[ "$(field seen)" = $(($(field printed) + $(field filtered) + $(field lost))) ] && [ "$(field seen)" -ge "$1" ]
}

# sums N: ... and lost none
sums() { adds_up "$1" && [ "$(field lost)" = 0 ]; }
