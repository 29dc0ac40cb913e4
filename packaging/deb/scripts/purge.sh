# What `wgospf down` does, by plain commands: the program is gone when a package is purged. Nothing was recorded for it.
# As the program does, it goes by the marks that our objects carry, so that what came after us is not taken for ours.
# Part of postrm (standard output is debconf's there). Each step is tried whatever became of those before.

# dpkg --force-script-chrootless: the tree is below this folder, and the running system is another's
root=${DPKG_ROOT:-}

# of this boot, and of which files are ours, whatever the boot
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

# /etc/bird belongs to BIRD's user, who may have put a link there: it is not followed
ours() { [ ! -L "$1" ] && [ -f "$1" ] && head -n 1 "$1" | grep -q '^# Managed by wgospf'; }

# The tables with our `unreachable` default in them are ours alone: BIRD's routes in them go, too. `ip -N` prints the type
# as a number; without it, tables by their names.
tables() {
  ip $1 -N route show table all type unreachable proto 87 2>/dev/null |
    sed -n 's/^[a-z0-9]* default .*\btable \([0-9]*\) .*metric 4294967295.*/\1/p' | sort -u
}

# The addresses with protocol 87 (IFA_PROTO, kernel 5.18 and later), which ip tells since iproute2 6.3 alone:
# `INDEX ADDRESS/LENGTH`. Without DHCP's and others' addresses beside them, this would be `ip address flush`.
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

# bird_says SOCKET COMMAND...: nothing where no BIRD listens
bird_says() {
  socket=$1
  shift
  timeout 10 birdc -s "$socket" "$@" 2>/dev/null </dev/null
}

# OSPF that is disabled before its configuration goes takes its routes out of the kernel, also where they persist.
withdraw() {
  for protocol in $(bird_says "$1" show protocols | awk '$2 == "OSPF" { print $1 }'); do
    bird_says "$1" disable "$protocol" >/dev/null || true
  done
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    bird_says "$1" show protocols | awk '$2 == "OSPF" && $4 != "down" { left = 1 } END { exit left }' && break
    sleep 0.5
  done
}

# put CONF MODE OWNER: standard input becomes that file. Written where nobody but root can write, and renamed: what is at that
# name goes, and is not written through.
put() {
  mkdir -p /var/lib/wgospf
  new=$(mktemp -p /var/lib/wgospf) || return 0
  cat >"$new"
  chown "$3" "$new" && chmod "$2" "$new" && mv -fT "$new" "$1"
}

# kept_copy CONF: the file from before us. Older versions had it beside ours
kept_copy() {
  for file in "/var/lib/wgospf/bird$1.before-wgospf" "$1.before-wgospf"; do
    if [ ! -L "$file" ] && [ -f "$file" ]; then echo "$file" && return; fi
  done
}

# give_back CONF SOCKET: the file from before us comes back; where there was none, BIRD takes one that does nothing
give_back() {
  # nor where the purge of BIRD went before ours, and took the file along
  kept=$(kept_copy "$1")
  ours "$1" || { [ ! -e "$1" ] && [ ! -L "$1" ] && [ -n "$kept" ]; } || return 0
  # in main BIRD's routes are known by their metric alone
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
  # of one inside a namespace, `netns NAME SOCKET`: it ends with what is inside
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

# inside NAMESPACE COMMAND...: not `ip -n`, which mounts /sys anew, and fails where that may not be mounted
inside() {
  there=$1
  shift
  nsenter --net="/run/netns/$there" "$@"
}

# inside_links NAMESPACE: those with our mark, and those that were moved in
inside_links() {
  inside "$1" ip -o link show 2>/dev/null | sed -n 's/^[0-9]*: \([^:@]*\)[:@].*alias wgospf\( .*\)\{0,1\}$/\1/p'
  noted moved | while read -r name _; do
    if inside "$1" ip link show dev "$name" >/dev/null 2>&1; then echo "$name"; fi
  done
}

# Ends what is in a namespace, and takes the links out: ours are deleted as all of ours, others' are given back. Before our name
# goes nothing of ours may be inside, for it would live on.
down_namespaces() {
  noted netns | while read -r name made; do
    [ -e "/run/netns/$name" ] || continue
    if [ -d /run/systemd/system ]; then
      deb-systemd-invoke stop "wgospf-bird@$name.service" "wgospf-inside@$name.service" || true
    fi
    # the agent's part inside, where it is no unit
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

# as_set WHAT VALUE: we set it so, and nobody has set it otherwise since
as_set() { grep -qsF "\"set:$1=$2\":" $notes; }

# used LINK: others have addresses or routes on it, or it belongs to a bridge
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

# Rules that look into the mesh's table go first, guards last.
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
    # an earlier version did not note what it set
    if grep -qsF "\"set:sysctl:$name=" $notes && ! as_set "sysctl:$name" "$(cat "$path")"; then continue; fi
    if forwarded "$name"; then continue; fi
    echo "$value" >"$path" || true
  done
}

# forwarded NAME: a bridge of others came since we switched forwarding on, and may need it
forwarded() {
  case $1 in net.ipv4.ip_forward) family=-4 ;; net.ipv6.conf.all.forwarding) family=-6 ;; *) return 1 ;; esac
  known=$(noted beside | sed -n "s|^$1 ||p")
  for dev in $(ip -o $family address show scope global | awk '{ print $2 }' | sort -u); do
    [ -d "/sys/class/net/$dev/bridge" ] || continue
    case " $known " in *" $dev "*) ;; *) return 0 ;; esac
  done
  return 1
}

# `ip route flush` takes an IPv6 route of that metric for one of the kernel's own, and leaves it (iproute.c).
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
  # its name is our mark; where there is no nft or no such table there is nothing to do
  nft delete table inet wgospf 2>/dev/null || true
}

down_files() {
  for folder in "$root/etc/iproute2/rt_tables.d" "$root/etc/iproute2/rt_protos.d"; do
    if ours "$folder/wgospf.conf"; then rm -f "$folder/wgospf.conf"; fi
    # made by wgospf where iproute2 has none
    if [ -d "$folder" ] && ! dpkg-query ${root:+--root="$root"} -S "${folder#"$root"}" >/dev/null 2>&1; then
      rmdir --ignore-fail-on-non-empty "$folder"
    fi
  done
  rm -rf "$root/var/lib/wgospf"
  # a chroot may have the running system's /run mounted in it
  if own_system || [ "$(stat -c %d "$root/run" 2>/dev/null)" = "$(stat -c %d "$root/")" ]; then rm -rf "$root/run/wgospf"; fi
}

# Whether / is the root of the system that runs, so that its network is this tree's. What cannot be told is none: `dpkg --root`
# leaves /proc out, and ischroot(1), with 2 for not known, is no answer to it.
own_system() {
  [ -z "$root" ] || return 1
  if first=$(stat -L -c %d:%i /proc/1/root/ 2>/dev/null); then
    if [ "$first" = "$(stat -L -c %d:%i /)" ]; then return 0; else return 1; fi
  fi
  # pid 1 is not for us to see
  code=0
  ischroot || code=$?
  [ $code = 1 ]
}

# Nothing was ever applied from this tree: what has our marks is another's, as in a container that shares the host's network.
has_applied() { [ -e /run/wgospf ] || [ -e /var/lib/wgospf ]; }

# The network namespace that all of ours belongs to: noted of this boot, else that of pid 1. Empty where it cannot be told.
home_namespace() {
  boot=$(cat /proc/sys/kernel/random/boot_id || true)
  for record in /run/wgospf/namespace /var/lib/wgospf/namespace; do
    at=$(sed -n "s/^boot $boot \(net:\[[0-9]*\]\)$/\1/p" $record || true)
    if [ -n "$at" ]; then echo "$at" && return 0; fi
  done
  readlink /proc/1/ns/net || true
} 2>/dev/null

# locked FILE: a wgospf is at work
locked() {
  [ -e "$1" ] || return 1
  code=0
  flock -n -E 97 "$1" true || code=$?
  [ $code = 97 ]
} 2>/dev/null

# may_take_down: else it says why not, and nothing was done. The second lock is that of this network namespace, whatever the /run.
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

# What the kernel and BIRD have of us, in the order of `wgospf down`.
down_network() {
  down_bird
  down_namespaces
  down_links
  down_rules
  down_sysctls
  down_guards
}

take_down() {
  # in a condition, where `set -e` ends nothing
  { ! own_system || ! has_applied || down_network; } || true
  down_files || true
}
