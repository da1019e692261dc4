# free_port: prints a port of loopback that nobody has bound, neither of UDP nor of TCP (sourced by the
# scripts beside it).
free_port() {
    local port
    for _ in $(seq 200); do
        port=$((20000 + RANDOM % 12000))
        grep -qi ":$(printf '%04X' "$port") " /proc/net/udp /proc/net/udp6 /proc/net/tcp /proc/net/tcp6 2>/dev/null || {
            echo "$port"
            return 0
        }
    done
    echo "no free port" >&2
    return 1
}

# wait_port PID PORT [tcp]: until that port of UDP (or TCP) is bound, as long as the process lives.
wait_port() {
    while kill -0 "$1" 2>/dev/null; do
        grep -qi ":$(printf '%04X' "$2") " "/proc/net/${3:-udp}" "/proc/net/${3:-udp}6" 2>/dev/null && return 0
        sleep 0.02
    done
    return 1
}
