// The least that a cold start of a hub takes: the objects of test/bench/hub.ts by rtnetlink and by WireGuard's generic netlink
// (linux/wireguard.h), in buffers of 60 kB, each answered before the next.
//   floor N: makes N tunnels and prints the seconds
#include <arpa/inet.h>
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/wireguard.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FULL = 60000, FIRST_INDEX = 10000, TABLE = 2, PROTOCOL = 87, GROUP = 87 };

static char buffer[FULL + 4096];
static size_t used, waiting;
static int sock;
static struct nlmsghdr *message;

static void fail(const char *what, int error) {
  fprintf(stderr, "floor: %s: %s\n", what, strerror(error));
  exit(1);
}

static void flush(void) {
  static char answer[1 << 20];
  if (used > 0 && send(sock, buffer, used, 0) < 0) fail("send", errno);
  used = 0;
  while (waiting > 0) {
    ssize_t length = recv(sock, answer, sizeof answer, 0);
    if (length < 0) fail("recv", errno);
    for (struct nlmsghdr *one = (void *)answer; NLMSG_OK(one, length); one = NLMSG_NEXT(one, length)) {
      if (one->nlmsg_type != NLMSG_ERROR) continue;
      int error = -((struct nlmsgerr *)NLMSG_DATA(one))->error;
      if (error != 0) fail("the kernel refuses", error);
      waiting--;
    }
  }
}

static void *begin(int type, int flags, size_t size) {
  if (used > FULL) flush();
  message = (void *)(buffer + used);
  memset(message, 0, NLMSG_LENGTH(size));
  *message = (struct nlmsghdr){NLMSG_LENGTH(size), type, NLM_F_REQUEST | NLM_F_ACK | flags, 0, 0};
  return NLMSG_DATA(message);
}

static struct nlattr *put(int type, const void *data, size_t size) {
  struct nlattr *at = (void *)((char *)message + NLMSG_ALIGN(message->nlmsg_len));
  *at = (struct nlattr){NLA_HDRLEN + size, type};
  memset((char *)at + NLA_HDRLEN, 0, NLA_ALIGN(size));
  if (size > 0) memcpy((char *)at + NLA_HDRLEN, data, size);
  message->nlmsg_len = NLMSG_ALIGN(message->nlmsg_len) + NLA_HDRLEN + NLA_ALIGN(size);
  return at;
}
static void put32(int type, uint32_t value) { put(type, &value, 4); }
static void put16(int type, uint16_t value) { put(type, &value, 2); }
static void puts0(int type, const char *text) { put(type, text, strlen(text) + 1); }
static struct nlattr *nest(int type) { return put(type | NLA_F_NESTED, NULL, 0); }
static void unnest(struct nlattr *at) { at->nla_len = (char *)message + message->nlmsg_len - (char *)at; }
static void done(void) {
  used += NLMSG_ALIGN(message->nlmsg_len);
  waiting++;
}

static const char *nameOf(int i) {
  static char name[IFNAMSIZ];
  snprintf(name, sizeof name, "wg%d", i + 1);
  return name;
}
static uint32_t networkOf(int i) { return htonl(0x0a460000u + (i / 128) * 256 + (i % 128) * 2); }

static void unreachable(int family) {
  struct rtmsg *route = begin(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof *route);
  *route = (struct rtmsg){.rtm_family = family, .rtm_table = TABLE, .rtm_protocol = PROTOCOL, .rtm_type = RTN_UNREACHABLE};
  put32(RTA_PRIORITY, 4294967295u);
  done();
}

static void rule(int family, uint32_t priority, int action, const char *iif, const char *prefix, int isSource) {
  struct fib_rule_hdr *header = begin(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, sizeof *header);
  header->family = family;
  header->action = action;
  header->table = action == FR_ACT_TO_TBL ? TABLE : 0;
  put32(FRA_PRIORITY, priority);
  uint8_t protocol = PROTOCOL;
  put(FRA_PROTOCOL, &protocol, 1);
  if (iif) puts0(FRA_IIFNAME, iif);
  if (prefix) {
    uint32_t address = inet_addr(prefix);
    put(isSource ? FRA_SRC : FRA_DST, &address, 4);
    if (isSource) header->src_len = 16;
    else header->dst_len = 16;
  }
  if (action == FR_ACT_GOTO) put32(FRA_GOTO, 1100);
  done();
}

static const char *prefixes[] = {"10.69.0.0", "10.70.0.0"};
static const int families[] = {AF_INET, AF_INET6};

static void guards(int count) {
  for (int p = 0; p < 2; p++) {
    rule(AF_INET, 1012, FR_ACT_UNREACHABLE, "lo", prefixes[p], 0);
    rule(AF_INET, 1012, FR_ACT_UNREACHABLE, "lo", prefixes[p], 1);
    rule(AF_INET, 1098, FR_ACT_UNREACHABLE, NULL, prefixes[p], 0);
  }
  for (int f = 0; f < 2; f++) {
    rule(families[f], 1100, FR_ACT_NOP, NULL, NULL, 0);
    rule(families[f], 1013, FR_ACT_GOTO, "lo", NULL, 0);
    for (int i = 0; i < count; i++) rule(families[f], 1099, FR_ACT_UNREACHABLE, nameOf(i), NULL, 0);
  }
}

static void lookups(int count) {
  for (int p = 0; p < 2; p++) {
    rule(AF_INET, 1010, FR_ACT_TO_TBL, "lo", prefixes[p], 0);
    rule(AF_INET, 1011, FR_ACT_TO_TBL, "lo", prefixes[p], 1);
  }
  for (int f = 0; f < 2; f++)
    for (int i = 0; i < count; i++) rule(families[f], 1031, FR_ACT_TO_TBL, nameOf(i), NULL, 0);
}

static void makeLink(int i) {
  struct ifinfomsg *link = begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof *link);
  link->ifi_index = FIRST_INDEX + i;
  puts0(IFLA_IFNAME, nameOf(i));
  put32(IFLA_MTU, 1420);
  put32(IFLA_GROUP, GROUP);
  struct nlattr *info = nest(IFLA_LINKINFO);
  puts0(IFLA_INFO_KIND, "wireguard");
  unnest(info);
  done();
}

static void setLink(int i, int up) {
  struct ifinfomsg *link = begin(RTM_SETLINK, 0, sizeof *link);
  link->ifi_index = FIRST_INDEX + i;
  if (up) link->ifi_flags = link->ifi_change = IFF_UP;
  else put(IFLA_IFALIAS, "floor", 5);
  done();
}

static void address(int i) {
  struct ifaddrmsg *header = begin(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof *header);
  *header = (struct ifaddrmsg){.ifa_family = AF_INET, .ifa_prefixlen = 31, .ifa_index = FIRST_INDEX + i};
  uint32_t own = networkOf(i);
  put(IFA_LOCAL, &own, 4);
  put(IFA_ADDRESS, &own, 4);
  done();
}

static void route(int i) {
  struct rtmsg *header = begin(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof *header);
  *header = (struct rtmsg){.rtm_family = AF_INET, .rtm_dst_len = 31, .rtm_table = TABLE, .rtm_protocol = PROTOCOL,
                           .rtm_scope = RT_SCOPE_LINK, .rtm_type = RTN_UNICAST};
  uint32_t network = networkOf(i);
  put(RTA_DST, &network, 4);
  put32(RTA_OIF, FIRST_INDEX + i);
  done();
}

static void allowed(int family, const void *any, int size) {
  struct nlattr *one = nest(0);
  uint8_t mask = 0;
  put16(WGALLOWEDIP_A_FAMILY, family);
  put(WGALLOWEDIP_A_IPADDR, any, size);
  put(WGALLOWEDIP_A_CIDR_MASK, &mask, 1);
  unnest(one);
}

static void configure(int id, int i) {
  struct genlmsghdr *header = begin(id, 0, sizeof *header);
  header->cmd = WG_CMD_SET_DEVICE;
  header->version = WG_GENL_VERSION;
  uint8_t own[WG_KEY_LEN], peer[WG_KEY_LEN], any[16] = {0};
  memset(own, 0x40, sizeof own);
  memset(peer, 0x11, sizeof peer);
  memcpy(peer, &i, sizeof i);
  puts0(WGDEVICE_A_IFNAME, nameOf(i));
  put(WGDEVICE_A_PRIVATE_KEY, own, sizeof own);
  put16(WGDEVICE_A_LISTEN_PORT, 20000 + i);
  put32(WGDEVICE_A_FLAGS, WGDEVICE_F_REPLACE_PEERS);
  struct nlattr *peers = nest(WGDEVICE_A_PEERS), *one = nest(0);
  put(WGPEER_A_PUBLIC_KEY, peer, sizeof peer);
  struct sockaddr_in endpoint = {.sin_family = AF_INET, .sin_port = htons(51820), .sin_addr.s_addr = inet_addr("198.51.100.254")};
  put(WGPEER_A_ENDPOINT, &endpoint, sizeof endpoint);
  struct nlattr *ips = nest(WGPEER_A_ALLOWEDIPS);
  allowed(AF_INET, any, 4);
  allowed(AF_INET6, any, 16);
  unnest(ips);
  unnest(one);
  unnest(peers);
  done();
}

static int openSocket(int protocol) {
  int size = 1 << 23;
  int made = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
  if (made < 0) fail("socket", errno);
  setsockopt(made, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
  setsockopt(made, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  return made;
}

// CTRL_CMD_GETFAMILY, linux/genetlink.h; the answer's attributes begin behind struct genlmsghdr
static int familyId(void) {
  static char answer[1 << 14];
  struct genlmsghdr *header = begin(GENL_ID_CTRL, 0, sizeof *header);
  message->nlmsg_flags = NLM_F_REQUEST;
  header->cmd = CTRL_CMD_GETFAMILY;
  header->version = 1;
  puts0(CTRL_ATTR_FAMILY_NAME, WG_GENL_NAME);
  if (send(sock, message, message->nlmsg_len, 0) < 0) fail("send", errno);
  ssize_t length = recv(sock, answer, sizeof answer, 0);
  struct nlmsghdr *one = (void *)answer;
  if (!NLMSG_OK(one, length) || one->nlmsg_type == NLMSG_ERROR) fail("no WireGuard in this kernel", ENOENT);
  char *end = answer + one->nlmsg_len;
  for (char *at = (char *)NLMSG_DATA(one) + GENL_HDRLEN; at < end; at += NLA_ALIGN(((struct nlattr *)at)->nla_len))
    if (((struct nlattr *)at)->nla_type == CTRL_ATTR_FAMILY_ID) return *(uint16_t *)(at + NLA_HDRLEN);
  fail("no family id", ENOENT);
  return 0;
}

int main(int argc, char **argv) {
  int count = argc > 1 ? atoi(argv[1]) : 1;
  struct timespec from, to;
  clock_gettime(CLOCK_MONOTONIC, &from);
  int rtnl = sock = openSocket(NETLINK_ROUTE);
  unreachable(AF_INET);
  unreachable(AF_INET6);
  guards(count);
  for (int i = 0; i < count; i++) makeLink(i);
  for (int i = 0; i < count; i++) setLink(i, 0);
  flush();
  sock = openSocket(NETLINK_GENERIC);
  int id = familyId();
  for (int i = 0; i < count; i++) configure(id, i);
  flush();
  sock = rtnl;
  for (int i = 0; i < count; i++) address(i);
  lookups(count);
  for (int i = 0; i < count; i++) setLink(i, 1);
  for (int i = 0; i < count; i++) route(i);
  flush();
  clock_gettime(CLOCK_MONOTONIC, &to);
  printf("%.3f\n", to.tv_sec - from.tv_sec + (to.tv_nsec - from.tv_nsec) / 1e9);
  return 0;
}
