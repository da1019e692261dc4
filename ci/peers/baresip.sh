# baresip as a peer (sourced): a folder of its own made at run time, no sound card, everything on loopback.
#
#     baresip_start "$work" "$port" "$control" "<sip:bob@127.0.0.1>;regint=0;answermode=auto"
#     baresip_do "$control" dial "sip:alice@127.0.0.1:5070"
#     kill "$baresip"

# baresip_folder FOLDER PORT CONTROL ACCOUNT writes what baresip_begin FOLDER PORT CONTROL starts; both are
# baresip_start FOLDER PORT CONTROL ACCOUNT: leaves its pid in $baresip. It listens for TLS on PORT + 1, with
# FOLDER/cert.pem, which nobody but it has signed.
baresip_start() {
    baresip_folder "$@"
    baresip_begin "$@"
}

baresip_folder() {
    local modules
    modules=$(dirname "$(dpkg -L baresip-core | grep '/ctrl_tcp\.so$')")
    mkdir -p "$1"
    echo "$4" >"$1/accounts"
    : >"$1/contacts"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=baresip \
        -addext "subjectAltName=URI:sip:127.0.0.1,DNS:127.0.0.1" \
        -keyout "$1/key.pem" -out "$1/own.pem" 2>/dev/null
    cat "$1/key.pem" "$1/own.pem" >"$1/cert.pem"
    cat >"$1/config" <<CONFIG
sip_listen 127.0.0.1:$2
module_path $modules
module g711.so
module aubridge.so
module_app account.so
module_app menu.so
module_app ctrl_tcp.so
module_app uuid.so
audio_player aubridge,x
audio_source aubridge,x
ctrl_tcp_listen 127.0.0.1:$3
rtp_ports 32000-60000
sip_certificate $1/cert.pem
CONFIG
}

baresip_begin() {
    baresip -f "$1" >"$1/log" 2>&1 </dev/null &
    baresip=$!
    wait_port $baresip "$2" && wait_port $baresip "$3" tcp || { cat "$1/log"; return 1; }
}

# baresip_do CONTROL COMMAND [PARAMS]: one command, as a netstring of JSON; waits for the answer.
baresip_do() {
    local json="{\"command\":\"$2\",\"params\":\"${3:-}\"}" answer
    exec 9<>"/dev/tcp/127.0.0.1/$1"
    printf '%d:%s,' ${#json} "$json" >&9
    read -r -t 5 -n 20 answer <&9 || true
    exec 9>&-
    [ -n "$answer" ]
}
