# The work of `wgospf down` by plain commands: the program is gone when a package is purged. Nothing was recorded for it.
# Like the program, this script goes by the marks on our objects, so it does not mistake later objects of others for ours.
# Part of postrm (standard output is debconf's there). Each step runs whatever the result of the earlier steps.

# dpkg --force-script-chrootless: the tree is below this folder, and does not belong to the running system
root=${DPKG_ROOT:-}

# notes of this boot, and notes of which files are ours, for any boot
notes='/run/wgospf/notes.json /var/lib/wgospf/notes.json'

# noted PREFIX: `NAME VALUE` of each note PREFIX:NAME
noted() {
  for file in $notes; do
    if [ -e "$file" ]; then noted_in "$file" "$1"; fi
  done
}

noted_in() {
  sed -n 's/^ *"'"$2"':\(.*\)": "\(.*\)",\{0,1\}$/\1 \2/p' "$1" | sed 's/\\"/"/g'
}

# /etc/bird belongs to BIRD's user, who may have put a link there: no link is followed
ours() { [ ! -L "$1" ] && [ -f "$1" ] && head -n 1 "$1" | grep -q '^# Managed by wgospf'; }

# Tables that contain our `unreachable` default are ours alone, so BIRD's routes in them are deleted, too. `ip -N` prints the type
# as a number; without it, tables by their names.
tables() {
  ip $1 -N route show table all type unreachable proto 87 2>/dev/null |
    sed -n 's/^[a-z0-9]* default .*\btable \([0-9]*\) .*metric 4294967295.*/\1/p' | sort -u
}

# The addresses with protocol 87 (IFA_PROTO, kernel 5.18 and later), which ip prints only since iproute2 6.3:
# `INDEX ADDRESS/LENGTH`. If there were no addresses of DHCP and others, `ip address flush` would do.
addresses() {
  perl -e '
    use Socket;
    socket(my $s, 16, SOCK_RAW, 0) or exit;                  # AF_NETLINK, NETLINK_ROUTE
    send($s, pack("LSSLLCx7", 24, 22, 0x301, 1, 0, 0), 0);   # RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP
    my $data;
    while (defined recv($s, $data, 65536, 0) and length $data) {
      while (length $data >= 16) {
        my ($length, $type) = unpack("LS", $data);
        exit if $type == 3 or $type == 2 or $length < 16;    # NLMSG_DONE, NLMSG_ERROR
        my ($family, $prefix, $index) = unpack("CCx2L", substr($data, 16, 8));
        my ($at, %attribute) = (24);
        while ($at + 4 <= $length) {
          my ($size, $kind) = unpack("SS", substr($data, $at, 4));
          last if $size < 4;
          $attribute{$kind} = substr($data, $at + 4, $size - 4);
          $at += ($size + 3) & ~3;
        }
        my $address = $attribute{2} // $attribute{1};        # IFA_LOCAL, IFA_ADDRESS
        print "$index ", Socket::inet_ntop($family, $address), "/$prefix\n"
          if defined $address and unpack("C", $attribute{11} // "\0") == 87;
        $data = substr($data, ($length + 3) & ~3);
      }
    }'
}

# bird_says SOCKET COMMAND...: prints nothing if no BIRD listens
bird_says() {
  socket=$1
  shift
  timeout 10 birdc -s "$socket" "$@" 2>/dev/null </dev/null
}

# If OSPF is disabled before its configuration is removed, it removes its routes from the kernel, even with `persist`.
withdraw() {
  for protocol in $(bird_says "$1" show protocols | awk '$2 == "OSPF" { print $1 }'); do
    bird_says "$1" disable "$protocol" >/dev/null || true
  done
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    bird_says "$1" show protocols | awk '$2 == "OSPF" && $4 != "down" { left = 1 } END { exit left }' && break
    sleep 0.5
  done
}

# put CONF MODE OWNER: standard input becomes that file. It is written where only root can write, and then renamed: an existing
# file or link of that name is replaced, and not written through.
put() {
  mkdir -p /var/lib/wgospf
  new=$(mktemp -p /var/lib/wgospf) || return 0
  cat >"$new"
  chown "$3" "$new" && chmod "$2" "$new" && mv -fT "$new" "$1"
}

# kept_copy CONF: the operator's file from before wgospf. Older versions kept it beside ours
kept_copy() {
  for file in "/var/lib/wgospf/bird$1.before-wgospf" "$1.before-wgospf"; do
    if [ ! -L "$file" ] && [ -f "$file" ]; then echo "$file" && return; fi
  done
}

# give_back CONF SOCKET: restores the file from before wgospf; if there was none, BIRD gets a file that does nothing
give_back() {
  # also if BIRD was purged before us, and the file with it
  kept=$(kept_copy "$1")
  ours "$1" || { [ ! -e "$1" ] && [ ! -L "$1" ] && [ -n "$kept" ]; } || return 0
  # in main only the metric identifies BIRD's routes
  metric=$(sed -n 's/.*\bmetric \([0-9]\{1,\}\);.*/\1/p' "$1" 2>/dev/null | head -n 1)
  if grep -qs 'kernel table' "$1"; then metric=; fi
  if [ -n "$kept" ]; then
    as=$(noted before | sed -n "s|^$1 ||p" | head -n 1)
    [ -n "$as" ] || as=$(stat -c '%a %u:%g' "$kept")
    put "$1" "${as% *}" "${as#* }" <"$kept"
    rm -f "$kept"
  else
    printf 'protocol device {\n}\n' | put "$1" 640 "$(stat -c %u:%g "$1" 2>/dev/null || echo 0:0)"
  fi
  if bird_says "$2" configure check | grep -qF "$1"; then
    withdraw "$2"
    bird_says "$2" configure >/dev/null || true
  elif [ -n "$metric" ]; then
    ip route flush table main proto bird metric "$metric" 2>/dev/null || true
  fi
  [ -n "$kept" ] || rm -f "$1"
}

down_bird() {
  # for a BIRD inside a namespace the note has `netns NAME SOCKET`: it ends with the namespace
  noted bird | while read -r conf socket name _; do
    if [ "$socket" = netns ]; then rm -f "$conf"; else give_back "$conf" "$socket"; fi
  done
  give_back /etc/bird/bird.conf /run/bird/bird.ctl
  for file in /etc/bird/*; do
    if ours "$file"; then rm -f "$file"; fi
  done
}

our_links() {
  for link in /sys/class/net/*; do
    [ -e "$link/ifalias" ] || continue
    case $(cat "$link/ifalias") in
    wgospf | 'wgospf '*) echo "${link##*/}" ;;
    esac
  done
}

# inside NAMESPACE COMMAND...: not `ip -n`, which mounts /sys anew, and fails if that may not be mounted
inside() {
  there=$1
  shift
  nsenter --net="/run/netns/$there" "$@"
}

# inside_links NAMESPACE: those with our mark, and those that were moved there
inside_links() {
  inside "$1" ip -o link show 2>/dev/null | sed -n 's/^[0-9]*: \([^:@]*\)[:@].*alias wgospf\( .*\)\{0,1\}$/\1/p'
  noted moved | while read -r name _; do
    if inside "$1" ip link show dev "$name" >/dev/null 2>&1; then echo "$name"; fi
  done
}

# Ends the processes in a namespace and moves its links out: ours are deleted like all of ours, foreign ones are given back. Nothing
# of ours may be inside when the name is deleted, because it would live on.
down_namespaces() {
  noted netns | while read -r name made; do
    [ -e "/run/netns/$name" ] || continue
    if [ -d /run/systemd/system ]; then
      deb-systemd-invoke stop "wgospf-bird@$name.service" "wgospf-inside@$name.service" || true
    fi
    # the agent's part inside, if it is not a unit
    for pid in $(ip netns pids "$name"); do
      if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF " inside $name --socket "; then kill "$pid" || true; fi
    done
    noted bird-service | sed -n "s/^$name .*\"controlSocket\":\"\([^\"]*\)\".*/\1/p" | while read -r socket; do
      bird_says "$socket" down >/dev/null || true
      rm -f "$socket"
      rmdir --ignore-fail-on-non-empty "${socket%/*}" 2>/dev/null || true
    done
    for link in $(inside_links "$name"); do inside "$name" ip link set dev "$link" netns $$ || true; done
    [ "$made" = made ] || continue
    if [ -d /run/systemd/system ]; then deb-systemd-invoke stop "wgospf-netns@$name.service" || true; fi
    if [ -e "/run/netns/$name" ]; then ip netns delete "$name" || true; fi
  done
  give_back_moved
}

# What a borrowed link had outside, from its note: {"up":...,"addresses":[...],"routes":[...],"settings":{...}}.
give_back_moved() {
  noted moved | perl -ne '
    s/\\(.)/$1/g;
    my ($name, $note) = /^(\S+) (.*)$/ or next;
    my ($addresses) = $note =~ /"addresses":\[(.*?)\],"routes"/;
    my ($routes) = $note =~ /"routes":\[(.*?)\],"settings"/;
    my ($settings) = $note =~ /"settings":\{(.*?)\}/;
    print "sysctl -qw $1=$2\n" while ($settings // "") =~ /"([\w.\/-]+)":"(-?\d+)"/g;
    for ($addresses // "") {
      while (/"address":"([0-9a-f.:]+)","length":(\d+)\}(?:,"peer":"([0-9a-f.:]+)")?/g) {
        print "ip address add ", (defined $3 ? "$1 peer $3/$2" : "$1/$2"), " dev $name\n";
      }
    }
    next if $note !~ /"up":true/;
    print "ip link set dev $name up\n";
    for (split /(?<=\})(?=,\{"table)/, $routes // "") {
      my ($table) = /"table":(\d+)/; my ($protocol) = /"protocol":(\d+)/; my ($metric) = /"metric":(\d+)/;
      my ($address, $length) = /"address":"([0-9a-f.:]+)","length":(\d+)/ or next;
      my $via = /"via":"([0-9a-f.:]+)"/ ? " via $1" : "";
      print "ip route add $address/$length$via dev $name table $table proto $protocol", ($metric ? " metric $metric" : ""), "\n";
    }' | while read -r command; do $command || true; done
}

# as_set WHAT VALUE: true if we set this value, and nobody has changed it since
as_set() { grep -qsF "\"set:$1=$2\":" $notes; }

# used LINK: true if others have addresses or routes on it, or it belongs to a bridge
used() {
  ip -o address show dev "$1" | grep -qv ' scope link' ||
    ip -N -o route show table all dev "$1" | grep -qv 'proto \(2\|9\|12\|87\)\b' ||
    ip -o link show dev "$1" | grep -q ' master '
}

down_links() {
  for link in $(our_links); do ip link delete dev "$link" || true; done
  addresses | while read -r index address; do
    name=$(ip -o link show | sed -n "s/^$index: \([^:@]*\)[:@].*/\1/p")
    ip address del "$address" dev "$name" || true
  done
  noted link | while read -r name before; do
    mtu=$(echo "$before" | sed -n 's/.*"mtu":\([0-9]*\).*/\1/p')
    as_set "mtu:$name" "$(cat "/sys/class/net/$name/mtu" 2>/dev/null)" || mtu=
    case $before in *'"up":false'*) state=down ;; *) state=up ;; esac
    if [ $state = down ] && used "$name"; then state=up; fi
    ip link set dev "$name" ${mtu:+mtu "$mtu"} $state || true
  done
}

# Rules that look up the mesh table go first, guards last.
down_rules() {
  for family in -4 -6; do
    ip $family -N rule show 2>/dev/null | grep ' lookup .* proto 87$' |
      sed 's/^\([0-9]*\):/\1/; s/ \[detached\]//; s/ proto 87$/ protocol 87/' |
      while read -r rule; do ip $family rule del priority $rule || true; done
    for table in $(tables $family); do
      ip $family route flush table "$table" proto bird || true
    done
    ip $family route flush table all proto 87 type unicast || true
  done 2>/dev/null
}

down_sysctls() {
  noted sysctl | while read -r name value; do
    path=/proc/sys/$(echo "$name" | tr ./ /.)
    [ -e "$path" ] || continue
    # an earlier version did not note the values that it set
    if grep -qsF "\"set:sysctl:$name=" $notes && ! as_set "sysctl:$name" "$(cat "$path")"; then continue; fi
    if forwarded "$name"; then continue; fi
    echo "$value" >"$path" || true
  done
}

# forwarded NAME: true if others made a bridge after we switched forwarding on, and may need it
forwarded() {
  case $1 in net.ipv4.ip_forward) family=-4 ;; net.ipv6.conf.all.forwarding) family=-6 ;; *) return 1 ;; esac
  known=$(noted beside | sed -n "s|^$1 ||p")
  for dev in $(ip -o $family address show scope global | awk '{ print $2 }' | sort -u); do
    [ -d "/sys/class/net/$dev/bridge" ] || continue
    case " $known " in *" $dev "*) ;; *) return 0 ;; esac
  done
  return 1
}

# `ip route flush` mistakes an IPv6 route of that metric for one of the kernel's own, and leaves it (iproute.c).
down_guards() {
  left=$(our_links)
  if [ -n "$left" ]; then
    echo "wgospf: these links could not be removed, and their guards stay: $left"
    return
  fi
  for family in -4 -6; do
    for table in $(tables $family); do
      ip $family route del unreachable default table "$table" metric 4294967295 proto 87 || true
    done
    ip $family route flush table all proto 87 || true
    ip $family rule flush protocol 87 || true
  done 2>/dev/null
  # the table's name is our mark; without nft or such a table there is nothing to do
  nft delete table inet wgospf 2>/dev/null || true
}

down_files() {
  for folder in "$root/etc/iproute2/rt_tables.d" "$root/etc/iproute2/rt_protos.d"; do
    if ours "$folder/wgospf.conf"; then rm -f "$folder/wgospf.conf"; fi
    # wgospf makes this folder if iproute2 has none
    if [ -d "$folder" ] && ! dpkg-query ${root:+--root="$root"} -S "${folder#"$root"}" >/dev/null 2>&1; then
      rmdir --ignore-fail-on-non-empty "$folder"
    fi
  done
  rm -rf "$root/var/lib/wgospf"
  # a chroot may have the running system's /run mounted in it
  if own_system || [ "$(stat -c %d "$root/run" 2>/dev/null)" = "$(stat -c %d "$root/")" ]; then rm -rf "$root/run/wgospf"; fi
}

# Whether / is the root of the running system, so that its network belongs to this tree. Not known counts as no: with `dpkg --root`
# /proc is missing, and ischroot(1) then ends with 2 for not known.
own_system() {
  [ -z "$root" ] || return 1
  if first=$(stat -L -c %d:%i /proc/1/root/ 2>/dev/null); then
    if [ "$first" = "$(stat -L -c %d:%i /)" ]; then return 0; else return 1; fi
  fi
  # pid 1 may not be visible to us
  code=0
  ischroot || code=$?
  [ $code = 1 ]
}

# If false, nothing was ever applied from this tree: objects with our marks are another system's, as in a container with the host's network.
has_applied() { [ -e /run/wgospf ] || [ -e /var/lib/wgospf ]; }

# The network namespace that our objects belong to: noted in this boot, else that of pid 1. Empty if unknown.
home_namespace() {
  boot=$(cat /proc/sys/kernel/random/boot_id || true)
  for record in /run/wgospf/namespace /var/lib/wgospf/namespace; do
    at=$(sed -n "s/^boot $boot \(net:\[[0-9]*\]\)$/\1/p" $record || true)
    if [ -n "$at" ]; then echo "$at" && return 0; fi
  done
  readlink /proc/1/ns/net || true
} 2>/dev/null

# locked FILE: true if a wgospf runs
locked() {
  [ -e "$1" ] || return 1
  code=0
  flock -n -E 97 "$1" true || code=$?
  [ $code = 97 ]
} 2>/dev/null

# may_take_down: else it prints why not, and nothing was done. The second lock is for this network namespace, with any /run.
may_take_down() {
  own_system && has_applied || return 0
  home=$(home_namespace)
  if [ -n "$home" ] && [ "$home" != "$(readlink /proc/self/ns/net)" ]; then
    echo "wgospf: its objects are in the network namespace $home, and this is another one: purge it there (nsenter -t 1 -n ...)" >&2
    return 1
  fi
  for lock in /run/wgospf/lock /proc/sys/net/ipv4/tcp_fastopen_key; do
    locked $lock || continue
    pid=$(sed -n 's/^[a-z]* \([0-9]*\)$/\1/p' /run/wgospf/lock 2>/dev/null || true)
    echo "wgospf: it still runs (pid ${pid:-unknown}), and would make again what purge removes." >&2
    echo "wgospf: end it and purge again; 'systemctl stop wgospf' for the service, else 'kill ${pid:-PID}'" >&2
    return 1
  done
}

# Everything of ours in the kernel and BIRD, in the order of `wgospf down`.
down_network() {
  down_bird
  down_namespaces
  down_links
  down_rules
  down_sysctls
  down_guards
}

take_down() {
  # as a condition, so that `set -e` does not end the script
  { ! own_system || ! has_applied || down_network; } || true
  down_files || true
}
