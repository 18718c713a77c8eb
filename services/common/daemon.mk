# What the folders beside this one share that run one daemon in the foreground. A Makefile defines SERVICE, functions of
# bash, and includes this, which has the targets:
#
#   prepare            fails with a sentence if something is missing or a variable is wrong (activate)
#   configure          writes its files into $dir (start, reload). Calls find out by what comes after it whether they are good
#   daemon=(...)       set by configure: the command line of the daemon, which stays in the foreground
#   examine            uses the service as a client would; fails with a sentence (check; start waits until it succeeds)
#   reread             tells the daemon, whose PID is its argument, to read its configuration again. Default: SIGHUP
#   stop_signal=TERM   what the daemon, not its children, is asked to end with
#
# Its processes are those of the session that the daemon was started in, and all that have a variable of ours in their
# environment: a `start` that is killed at any moment leaves nothing that `stop` does not find, and a daemon that dies leaves
# no child. Its output is in SRRD_STATE_DIR/log, the one before in log.1. Needs bash, and util-linux (setsid).

.PHONY: activate deactivate start stop reload restart join leave failed status check watch
.SILENT:
# One shell for a whole recipe, which ends at the first command that fails (-e) and at an unset variable (-u).
.ONESHELL:
.SHELLFLAGS := -euc
SHELL := /bin/bash

# A shell's dollar sign is written $$ in a Makefile. No line begins with - + or @: make takes these away, in every line of a
# recipe, also with .ONESHELL.
define FUNCTIONS
dir=$${SRRD_STATE_DIR:?is not set: this Makefile is run by srrd}
addresses=$${SRRD_ADDRESSES:-}
checks=../checks
stop_signal=TERM
stop_wait=$${STOP_WAIT:-5}
daemon=()

fail() {
    echo "$$1" >&2
    exit 1
}

# Arguments: PACKAGE:PROGRAM.
must_have() {
    local entry
    for entry in "$$@"; do
        command -v "$${entry#*:}" > /dev/null || fail "$${entry#*:} is not installed: apt-get install $${entry%%:*}"
    done
    [[ -n $$addresses ]] || fail 'the service needs an address'
}

# Arguments: NAME VALUE ...
must_be_numbers() {
    while [[ $$# -gt 0 ]]; do
        [[ $$2 =~ ^[0-9]{1,7}$$ ]] || fail "$$1: expected a number, got \"$$2\""
        shift 2
    done
}

reread() {
    kill -s HUP "$$1"
}

# proc(5), from the state on: the name before it, in parentheses, may hold anything. Empty of what is not there.
stat_of() {
    local stat=
    { read -r -d '' stat < "/proc/$$1/stat" || true; } 2> /dev/null
    echo "$${stat##*) }"
}

# The first process of our session, and so the daemon; nothing if it has ended. Its start time tells it from a stranger
# that has its number after a boot.
leader() {
    local pid began boot fields
    { read -r pid began boot < "$$dir/session"; } 2> /dev/null || return 0
    read -ra fields <<< "$$(stat_of "$$pid")"
    [[ $${#fields[@]} -gt 20 && $${fields[0]} != [ZX] && $${fields[19]} = "$$began" ]] || return 0
    echo "$$pid"
}

mark=SRRD_SERVICE_DIR=$$dir
ours() {
    local sessions=' ' own marked pid began boot fields
    read -ra fields <<< "$$(stat_of $$$$)"
    own=$${fields[3]}
    # No number is given away again while it is that of a session. One whose first process is another than it was is not ours.
    if { read -r pid began boot < "$$dir/session"; } 2> /dev/null && [[ $$boot = "$$(< /proc/sys/kernel/random/boot_id)" ]]; then
        read -ra fields <<< "$$(stat_of "$$pid")" || true
        [[ $${#fields[@]} -gt 20 && $${fields[19]} != "$$began" ]] || sessions+="$$pid "
    fi
    marked=$$(grep -lsxzF -e "$$mark" /proc/[0-9]*/environ | tr -dc '0-9\n' | paste -sd ' ' || true)
    # A marked process that has no session of its own yet is killed with the recipe that starts it.
    # By the names of the files: a process may call itself what looks like a line about another one (prctl(2), PR_SET_NAME). Of
    # several lines of a file the last one has what follows the name.
    grep -asH '' /proc/[0-9]*/stat | awk -v sessions="$$sessions" -v marked=" $$marked " -v own="$$own" '
        { pid = $$0; sub("^/proc/", "", pid); sub("/.*", "", pid); sub(/^.*\) /, ""); state[pid] = $$1; parent[pid] = $$2; session[pid] = $$4 }
        END {
            for (pid in state) if (index(marked, " " pid " ") && session[pid] != own) sessions = sessions session[pid] " "
            for (pid in state) ours[pid] = index(sessions, " " session[pid] " ") || index(marked, " " pid " ")
            # Children that have made a session of their own, and use the place of their environment for something else.
            do {
                more = 0
                for (pid in state) if (!ours[pid] && ours[parent[pid]]) { ours[pid] = 1; more = 1 }
            } while (more)
            for (pid in state) if (ours[pid] && state[pid] !~ /^[ZX]/) print pid
        }' || true
}

last_line() {
    tail -n 1 "$$dir/log" 2> /dev/null | tr -d '\0' || true
}

# Writes down its session before it becomes the daemon.
launch='
    read -r -d "" stat < /proc/$$$$/stat
    read -ra fields <<< "$${stat##*) }"
    echo "$$$$ $${fields[19]} $$(< /proc/sys/kernel/random/boot_id)" > "$$1/session"
    exec "$${@:2}"
'

start() {
    configure
    local pids child
    pids=$$(ours)
    if [[ -n $$pids && -z $$(leader) ]]; then stop; pids=; fi
    if [[ -z $$pids ]]; then
        [[ ! -e $$dir/log ]] || mv -f "$$dir/log" "$$dir/log.1"
        rm -f "$$dir/session"
        env "$$mark" setsid /bin/bash -c "$$launch" launch "$$dir" "$${daemon[@]}" < /dev/null > "$$dir/log" 2>&1 &
        child=$$!
        until [[ -n $$(leader) ]]; do
            kill -0 "$$child" 2> /dev/null || fail "$${daemon[0]##*/} has ended at once: $$(last_line)"
            sleep 0.01
        done
    fi
    until (examine) > /dev/null 2>&1; do
        [[ -n $$(leader) ]] || fail "$${daemon[0]##*/} has ended before it served: $$(last_line)"
        sleep 0.02
    done
}

stop() {
    # Seconds, not turns: on a busy machine a turn takes many times its sleep.
    local pids pid first fields kill_at=$$(( SECONDS + stop_wait )) kills=0 is_asked=
    # Of children whose parent ends before them nothing may tell any more that they are ours: what was seen once is waited for.
    local -A seen=()
    while :; do
        for pid in $$(ours); do
            read -ra fields <<< "$$(stat_of "$$pid")"
            seen[$$pid]=$${fields[19]:-gone}
        done
        pids=
        for pid in "$${!seen[@]}"; do
            read -ra fields <<< "$$(stat_of "$$pid")"
            [[ $${fields[0]:-Z} = [ZX] || $${fields[19]:-} != "$${seen[$$pid]}" ]] || pids+="$$pid "
        done
        [[ -n $$pids ]] || break
        if [[ -z $$is_asked ]]; then
            is_asked=yes first=$$(leader)
            # What is stopped (SIGSTOP) hears of the signal when it goes on. Without their parent the others end as they can.
            kill -s "$$stop_signal" $${first:-$$pids} 2> /dev/null || true
            kill -s CONT $$pids 2> /dev/null || true
        fi
        if [[ $$SECONDS -ge $$kill_at ]]; then
            kill -s KILL $$pids 2> /dev/null || true
            kills=$$(( kills + 1 ))
        fi
        [[ $$SECONDS -lt $$(( kill_at + 20 )) || $$kills -lt 50 ]] || fail "it does not end: PID $$pids"
        sleep 0.02
    done
    rm -f "$$dir/session"
}

$(SERVICE)
endef

activate:
	$(FUNCTIONS)
	must_be_numbers STOP_WAIT "$$stop_wait"
	prepare

deactivate:

start:
	$(FUNCTIONS)
	start

stop:
	$(FUNCTIONS)
	stop

reload:
	$(FUNCTIONS)
	pid=$$(leader)
	[[ -n $$pid ]] || fail 'it does not run'
	configure
	reread "$$pid"

restart:
	$(FUNCTIONS)
	stop
	start

join:

leave:

failed:
	text="$${SRRD_SERVICE:-} failed on $${SRRD_NODE:-}: $${SRRD_FAILURE:-}"
	echo "$$text"
	if command -v logger > /dev/null; then logger -t srrd -p daemon.err -- "$$text" || true; fi

status:
	$(FUNCTIONS)
	pids=$$(ours)
	if [[ -z $$pids ]]; then echo 'it does not run'; else ps -o pid,stat,etime,args -p "$$(paste -sd, <<< "$$pids")"; fi
	echo "last output: $$(last_line)"

check:
	$(FUNCTIONS)
	[[ -n $$(leader) ]] || fail "it does not run: $$(last_line)"
	examine

# Ends when the daemon has ended. What nobody writes to is read to pass the time.
watch:
	$(FUNCTIONS)
	pid=$$(leader)
	[[ -n $$pid ]] || fail 'it does not run'
	exec 3<> <(:)
	while read -r -d '' argument 2> /dev/null < "/proc/$$pid/cmdline"; do read -r -t 0.02 -u 3 || true; done
	fail "PID $$pid has ended: $$(last_line)"
