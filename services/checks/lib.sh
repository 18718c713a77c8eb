# What the checks of this folder share; sourced by them, not run. Each ends with status 0 (good), 1 (bad, with a sentence
# on stderr) or 2 (called wrongly).
set -u

fail() {
    echo "$1" >&2
    exit 1
}

misused() {
    echo "$1; usage: $usage" >&2
    exit 2
}

# options NAME=DEFAULT ... -- ARGUMENT ...: each `--NAME VALUE` among the arguments sets the variable NAME. The others are
# in `arguments`, and those that follow a `--` in `further`.
options() {
    local option known=' '
    arguments=() further=()
    while [[ $1 != -- ]]; do
        option=${1%%=*}
        known+="$option "
        printf -v "$option" %s "${1#*=}"
        shift
    done
    shift
    while [[ $# -gt 0 ]]; do
        case $1 in
        --)
            further=("${@:2}")
            break
            ;;
        --*)
            option=${1#--}
            [[ $known = *" $option "* ]] || misused "expected one of the options below, got $1"
            [[ $# -ge 2 ]] || misused "expected a value after $1, got none"
            printf -v "$option" %s "$2"
            shift 2
            ;;
        *)
            arguments+=("$1")
            shift
            ;;
        esac
    done
}

must_be_number() {
    [[ ${!1} =~ ^[0-9]{1,9}$ ]] || misused "expected a number after --$1, got \"${!1}\""
    # 08 is no number of bash's.
    printf -v "$1" %d "$((10#${!1}))"
}

# Runs the program again with a limit of `timeout` seconds, as a connection that bash makes has none; returns in that second
# run only. It stays in the process group of the caller, so that who ends that ends this too. Programs that are started
# then get `within` seconds: they would outlive this one.
bounded() {
    must_be_number timeout
    [[ $timeout -gt 0 ]] || misused 'expected at least 1 after --timeout, got 0'
    within=$((timeout - 1)).6
    [[ -z ${CHECK_IS_BOUNDED:-} ]] || return 0
    CHECK_IS_BOUNDED=1 timeout --foreground -s KILL "$timeout" "$0" "$@"
    local status=$?
    # 128 + SIGKILL
    [[ $status -ne 137 ]] || fail "$what: no answer within $timeout s"
    exit "$status"
}

# The first line that a server says of itself, in `line`, without its end. File descriptor 3 stays open.
greeting() {
    { exec 3<> "/dev/tcp/$1/$2"; } 2> /dev/null || fail "$what: no connection"
    line=
    IFS= read -r line <&3 2> /dev/null || [[ -n $line ]] || fail "$what: the connection was closed without a word"
    line=${line%$'\r'}
}
