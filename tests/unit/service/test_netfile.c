/* Network files: what good ones give, and for each mistake the line and what is
 * said of it. SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "sock/congestion.h"
#include "netfile.h"

static struct netfile net;
static struct netfile_error err;

static void parse(const char *text)
{
	char buf[500];

	if (netfile_parse(text, strlen(text), "/nets/Demo-1.yaml", &net, &err) < 0)
		check_failed(__FILE__, __LINE__, "%s",
			netfile_error_format(&err, "file", buf, sizeof(buf)));
}

/* The examples of the documentation are good. Each ```yaml block that has hosts
 * is a whole file. */
TEST(netfile_examples_of_the_documentation)
{
	static char doc[65536];
	int files = 0;
	FILE *f = fopen(NETFILE_DOC, "r");
	size_t n;

	CHECK(f != NULL);
	n = fread(doc, 1, sizeof(doc) - 1, f);
	fclose(f);
	doc[n] = 0;
	for (char *p = doc; (p = strstr(p, "```yaml\n"));) {
		char *end = strstr(p + 8, "```");

		CHECK(end != NULL);
		*end = 0;
		if (strstr(p, "\nhosts:")) {
			parse(p + 8);
			netfile_free(&net);
			files++;
		}
		p = end + 1;
	}
	CHECK_INT(files, ==, 3);
}

static void check_addr(const struct ip_prefix *p, const char *want)
{
	char text[IPADDR_TEXT_MAX], full[IPADDR_TEXT_MAX + 4];

	snprintf(full, sizeof(full), "%s/%u", ip_addr_format(&p->addr, text),
		p->bits);
	CHECK_STR(full, want);
}

TEST(netfile_smallest)
{
	parse("hosts: {a: {}}\n");
	CHECK_STR(net.name, "demo-1");
	CHECK(!net.has_seed);
	CHECK_INT(net.nhosts, ==, 1);
	CHECK_STR(net.hosts[0].name, "a");
	CHECK_INT(net.nlinks, ==, 0);
	netfile_free(&net);
	CHECK_INT(net.nhosts, ==, 0);
	parse("hosts: {a: {loopback: packets}, b: {loopback: shared}, c: {}}\n");
	CHECK(net.hosts[0].loopback_packets);
	CHECK(!net.hosts[1].loopback_packets);
	CHECK(!net.hosts[2].loopback_packets);
	netfile_free(&net);
	parse("hosts:\n  a:\n  b: ~\n  c: {}\nlinks: []\n");
	CHECK_INT(net.nhosts, ==, 3);
	netfile_free(&net);
}

TEST(netfile_host_names_and_rules)
{
	const struct netfile_host *a, *b;

	parse("hosts:\n"
	      "  a:\n"
	      "    resolver: [b, 10.9.9.9, 'fd00::1']\n"
	      "    search: [example.org, test]\n"
	      "    sysctl:\n"
	      "      net.ipv4.ip_local_port_range: 4000 5000\n"
	      "      net.ipv4.tcp_keepalive_time: 600\n"
	      "      net.ipv4.tcp_congestion_control: bbr\n"
	      "  b: {aliases: [www, www.example.org]}\n");
	a = &net.hosts[0];
	b = &net.hosts[1];
	CHECK_INT(a->nresolvers, ==, 3);
	CHECK_INT(a->resolvers[0].addr.family, ==, IP_NONE);
	CHECK_INT(a->resolvers[0].host, ==, 1);
	CHECK_INT(a->resolvers[1].addr.family, ==, IP_V4);
	CHECK_INT(a->resolvers[2].addr.family, ==, IP_V6);
	CHECK_INT(a->nsearch, ==, 2);
	CHECK_STR(a->search[1].text, "test");
	CHECK_INT(a->sysctl.port_range[0], ==, 4000);
	CHECK_INT(a->sysctl.port_range[1], ==, 5000);
	CHECK_INT(a->sysctl.tcp_keepalive_time, ==, 600);
	CHECK_STR(sock_congestion_name(a->sysctl.tcp_congestion), "bbr");
	CHECK_STR(sock_congestion_name(b->sysctl.tcp_congestion), "cubic");
	CHECK_INT(a->sysctl.tcp_keepalive_intvl, ==, 75);
	CHECK_INT(b->naliases, ==, 2);
	CHECK_STR(b->aliases[1].text, "www.example.org");
	CHECK_INT(b->sysctl.tcp_keepalive_time, ==, 7200);
	CHECK_INT(b->sysctl.unprivileged_port_start, ==, geteuid() == 0 ? 1024 : 0);
	netfile_free(&net);
}

static const char full_text[] =
	"network: demo\n"
	"seed: 18446744073709551615\n"
	"links:\n" /* before the hosts: order does not matter */
	"  - name: wire\n"
	"    addresses: {client: [192.168.5.1/24, 'fd00:5::1/64'], "
	"server: [192.168.5.2/24]}\n"
	"    between: [client, server]\n"
	"    delay: 1.5ms\n"
	"    jitter: 20 us\n"
	"    loss: 0.5%\n"
	"    loss_burst: 2.5\n"
	"    rate: 100Mbit\n"
	"    queue: 50\n"
	"    duplicate: 1%\n"
	"    corrupt: 0.25%\n"
	"    reorder: 100%\n"
	"    mtu: 9000\n"
	"    capture: wire.pcapng\n"
	"  - switch: [a, client, server]\n"
	"    capture: /tmp/x.pcapng\n"
	"  - name: out\n"
	"    tap:\n"
	"      gateway: 192.168.77.1\n"
	"      gateway6: fd77::1\n"
	"      host: server\n"
	"      device: tap%d\n"
	"      addresses: [192.168.77.2/24, 'fd77::2/64']\n"
	"hosts:\n"
	"  client: {}\n"
	"  server:\n"
	"  a: {}\n";

TEST(netfile_full)
{
	const struct link_impair *i;
	const struct netfile_link *l;

	parse(full_text);
	CHECK_STR(net.name, "demo");
	CHECK(net.has_seed && net.seed == UINT64_MAX);
	CHECK_INT(net.nhosts, ==, 3);
	CHECK_INT(net.nlinks, ==, 3);
	l = &net.links[0];
	CHECK_STR(l->name, "wire");
	CHECK_INT(l->kind, ==, NETFILE_PAIR);
	CHECK_INT(l->nends, ==, 2);
	CHECK_INT(l->ends[0].host, ==, 0);
	CHECK_INT(l->ends[1].host, ==, 1);
	CHECK_INT(l->ends[0].naddrs, ==, 2);
	check_addr(&l->ends[0].addrs[0], "192.168.5.1/24");
	check_addr(&l->ends[0].addrs[1], "fd00:5::1/64");
	CHECK_INT(l->ends[1].naddrs, ==, 1);
	i = &l->impair;
	CHECK_INT(i->delay.ns, ==, 1500000);
	CHECK_INT(i->jitter.ns, ==, 20000);
	CHECK(i->loss == 0.005 && i->loss_burst == 2.5);
	CHECK(i->duplicate == 0.01 && i->corrupt == 0.0025 && i->reorder == 1);
	CHECK_INT(i->rate, ==, 100000000);
	CHECK_INT(i->queue, ==, 50);
	CHECK_INT(l->mtu, ==, 9000);
	CHECK_STR(l->capture, "/nets/wire.pcapng");
	l = &net.links[1];
	CHECK_STR(l->name, "link1");
	CHECK_INT(l->kind, ==, NETFILE_SWITCH);
	CHECK_INT(l->nends, ==, 3);
	CHECK_INT(l->ends[0].host, ==, 2);
	check_addr(&l->ends[0].addrs[0], "10.1.0.1/24");
	check_addr(&l->ends[2].addrs[1], "fd00:1::3/64");
	CHECK_STR(l->capture, "/tmp/x.pcapng");
	CHECK_INT(l->mtu, ==, 1500);
	CHECK_INT(l->impair.rate, ==, 0);
	l = &net.links[2];
	CHECK_INT(l->kind, ==, NETFILE_TAP);
	CHECK_STR(l->device, "tap%d");
	CHECK_INT(l->nends, ==, 1);
	CHECK_INT(l->ends[0].host, ==, 1);
	check_addr(&l->ends[0].addrs[1], "fd77::2/64");
	CHECK_INT(l->gateway.family, ==, IP_V4);
	CHECK_INT(l->gateway6.b[15], ==, 1);
	netfile_free(&net);
}

TEST(netfile_gives_addresses_out)
{
	parse("hosts: {a: , b: }\nlinks:\n- between: [b, a]\n- tap: {host: a}\n");
	check_addr(&net.links[0].ends[0].addrs[0], "10.0.0.1/24");
	check_addr(&net.links[0].ends[0].addrs[1], "fd00::1/64");
	check_addr(&net.links[0].ends[1].addrs[0], "10.0.0.2/24");
	check_addr(&net.links[0].ends[1].addrs[1], "fd00::2/64");
	check_addr(&net.links[1].ends[0].addrs[0], "10.1.0.1/24");
	CHECK_STR(net.links[1].device, "");
	CHECK_INT(net.links[1].gateway.family, ==, IP_NONE);
	netfile_free(&net);
}

TEST(netfile_packet)
{
	const struct netfile_link *l;

	parse("hosts: {a: }\nlinks:\n- packet: {host: a, device: eth0, "
		"addresses: [10.7.0.2/24], gateway: 10.7.0.1}\n  mtu: 9000\n");
	l = &net.links[0];
	CHECK_INT(l->kind, ==, NETFILE_PACKET);
	CHECK_STR(l->device, "eth0");
	CHECK_INT(l->nends, ==, 1);
	check_addr(&l->ends[0].addrs[0], "10.7.0.2/24");
	CHECK_INT(l->gateway.family, ==, IP_V4);
	CHECK_INT(l->mtu, ==, 9000);
	netfile_free(&net);
}

/* The largest network; N and K keep their digits in IPv6. */
TEST(netfile_holds_its_limits)
{
	char *text = malloc(NETFILE_BYTES_MAX), *p = text;

	p += sprintf(p, "hosts:\n");
	for (int i = 0; i < NETFILE_HOSTS_MAX; i++)
		p += sprintf(p, "  h%d: {}\n", i);
	p += sprintf(p, "links:\n");
	for (int i = 0; i < NETFILE_LINKS_MAX; i++) {
		p += sprintf(p, "  - switch: [h0");
		for (int k = 1; k < (i ? 2 : NETFILE_SWITCH_MAX); k++)
			p += sprintf(p, ",h%d", k);
		p += sprintf(p, "]\n");
	}
	parse(text);
	CHECK_INT(net.nlinks, ==, NETFILE_LINKS_MAX);
	check_addr(&net.links[0].ends[253].addrs[0], "10.0.0.254/24");
	check_addr(&net.links[0].ends[253].addrs[1], "fd00::254/64");
	check_addr(&net.links[255].ends[1].addrs[0], "10.255.0.2/24");
	check_addr(&net.links[255].ends[1].addrs[1], "fd00:255::2/64");
	netfile_free(&net);
	free(text);
}

struct mistake {
	const char *text;
	unsigned line;
	unsigned column;
	const char *says; /* what the message must contain */
};

#define AB "hosts: {a: {}, b: {}, c: {}}\nlinks:\n"
#define WIRE AB "- between: [a, b]\n"
#define TAP AB "- tap:\n    host: a\n"

static const struct mistake mistakes[] = {
	/* the file */
	{ "", 0, 0, "the file is empty" },
	{ "# only a remark\n", 0, 0, "the file is empty" },
	{ "hosts: {a: {}\n", 2, 1, "this is not YAML: did not find expected" },
	{ "hosts:\n\ta: {}\n", 2, 1, "this is not YAML" },
	{ "hosts: {a: {}}\nseed: \"x\n", 3, 1, "this is not YAML" },
	{ "hosts: {a: {}}\n---\nhosts: {b: {}}\n", 3, 1, "a second document" },
	{ "hosts: {a: {}}\nseed: \xff\n", 2, 7, "this is not YAML" },
	{ "- a\n", 1, 1, "a network file must be a map, not a list" },
	{ "just text\n", 1, 1, "a network file must be a map, not a single value" },
	{ "network: x\n", 1, 1, "hosts is missing" },
	/* top keys */
	{ "host: {a: {}}\n", 1, 1,
		"unknown key 'host' in a network file; allowed: network, seed, "
		"hosts, links" },
	{ "network: Demo\nhosts: {a: {}}\n", 1, 10, "network: 'Demo' is not a name" },
	{ "network: []\nhosts: {a: {}}\n", 1, 10,
		"network must be a single value, not a list" },
	{ "network: \nhosts: {a: {}}\n", 1, 9, "network is empty" },
	{ "seed: -1\nhosts: {a: {}}\n", 1, 7,
		"seed: '-1' is not a seed; write a whole number" },
	{ "seed: 18446744073709551616\nhosts: {a: {}}\n", 1, 7,
		"out of range; allowed: 0 to 18446744073709551615" },
	{ "hosts: {a: {}}\nhosts: {b: {}}\n", 2, 1,
		"'hosts' is given twice in a network file; first in line 1" },
	{ "hosts: !!set {a: {}}\n", 1, 8, "tags are not supported" },
	{ "hosts: {a: {}}\n? [x]\n: y\n", 2, 3, "a key must be a single value" },
	/* hosts */
	{ "hosts: {}\n", 1, 8, "hosts has 0 entries; allowed: 1 to 256" },
	{ "hosts: [a, b]\n", 1, 8, "hosts must be a map, not a list" },
	{ "hosts:\n  a: {}\n  b c: {}\n", 3, 3, "host: 'b c' is not a name" },
	{ "hosts:\n  -a: {}\n", 2, 3, "host: '-a' is not a name" },
	{ "hosts:\n  a: {}\n  b: {}\n  a: {}\n", 4, 3,
		"'a' is given twice in hosts; first in line 2" },
	{ "hosts:\n  a: {addresses: []}\n", 2, 7,
		"unknown key 'addresses' in a host; allowed: aliases, loopback, raw, resolver, "
		"search, sysctl" },
	{ "hosts: {a: {loopback: fast}}\n", 1, 23,
		"loopback: 'fast' is not a way; write shared or packets" },
	{ "hosts: {a: {aliases: www}}\n", 1, 22,
		"aliases must be a list, not a single value" },
	{ "hosts: {a: {aliases: [-w]}}\n", 1, 23, "aliases: '-w' is not a name" },
	{ "hosts: {a: {aliases: [a..b]}}\n", 1, 23, "'a..b' is not a name" },
	{ "hosts: {a: {aliases: [10.0.0.1]}}\n", 1, 23,
		"aliases: '10.0.0.1' is not a name" },
	{ "hosts: {a: {resolver: [b]}}\n", 1, 24,
		"resolver: there is no host 'b'; the hosts are: a" },
	{ "hosts: {a: {resolver: [0.0.0.0]}}\n", 1, 24,
		"resolver: '0.0.0.0' is not an address of a server" },
	{ "hosts: {a: {resolver: [1.1.1.1, 1.1.1.2, 1.1.1.3, 1.1.1.4]}}\n", 1, 23,
		"resolver has 4 entries; allowed: 1 to 3" },
	{ "hosts: {a: {search: [a b]}}\n", 1, 22, "search: 'a b' is not a name" },
	{ "hosts:\n  a:\n    sysctl:\n      net.x: 1\n", 4, 7,
		"sysctl: there is no rule 'net.x'; net. and: core.rmem_default, " },
	{ "hosts: {a: {sysctl: {net.ipv4.tcp_congestion_control: vegas}}}\n", 1, 55,
		"net.ipv4.tcp_congestion_control: there is no 'vegas'; allowed: cubic, "
		"reno, bbr" },
	{ "hosts: {a: {sysctl: {net.ipv4.tcp_fin_timeout: 121}}}\n", 1, 48,
		"net.ipv4.tcp_fin_timeout: '121' is out of range; allowed: 1 to 120" },
	{ "hosts: {a: {sysctl: {net.ipv4.tcp_fin_timeout: 6s}}}\n", 1, 48,
		"net.ipv4.tcp_fin_timeout: '6s' is not a whole number" },
	{ "hosts: {a: {sysctl: {net.ipv4.ip_local_port_range: 9}}}\n", 1, 52,
		"'9' is not two numbers, as in 32768 60999" },
	{ "hosts: {a: {sysctl: {net.ipv4.ip_local_port_range: 9 8}}}\n", 1, 52,
		"net.ipv4.ip_local_port_range: the range ends before it begins" },
	{ "hosts: {a: {sysctl: {net.ipv4.ip_local_port_range: 0 8}}}\n", 1, 52,
		"'0 8' is out of range; allowed: 1 to 65535" },
	{ "hosts:\n  a: 7\n", 2, 6, "a host must be a map, not a single value" },
	{ "hosts:\n  aaaaaaaaaabbbbbbbbbbccccccccccddd: {}\n", 2, 3,
		"is not a name; a name has 1 to 32" },
	/* what a link joins */
	{ "hosts: {a: {}}\nlinks: {}\n", 2, 8, "links must be a list, not a map" },
	{ AB "- x\n", 3, 3, "a link must be a map, not a single value" },
	{ AB "- delay: 1ms\n", 3, 3, "this link joins nothing; a link has one of" },
	{ AB "- between: [a, b]\n  switch: [a, b]\n", 4, 11,
		"a link with both between and switch" },
	{ AB "- between: [a]\n", 3, 12, "between has 1 entries; wanted: 2" },
	{ AB "- between: [a, x]\n", 3, 16,
		"between: there is no host 'x'; the hosts are: a, b, c" },
	{ AB "- between: [a, a]\n", 3, 16, "host 'a' is there twice" },
	{ AB "- switch: [a]\n", 3, 11, "switch has 1 entries; allowed: 2 to 254" },
	{ AB "- switch: a\n", 3, 11, "switch must be a list, not a single value" },
	{ WIRE "  dely: 1ms\n", 4, 3, "unknown key 'dely' in a link; allowed: name, "
		"between, switch, tap, packet, addresses, delay, jitter, loss" },
	{ WIRE "  name: x\n- between: [a, c]\n  name: x\n", 5, 3,
		"there is a link 'x' already" },
	{ WIRE "- between: [a, c]\n  name: link0\n", 4, 3,
		"there is a link 'link0' already" },
	/* values */
	{ WIRE "  delay: 10\n", 4, 10,
		"delay: '10' is not a time; write a number and ns, us, ms or s" },
	{ WIRE "  delay: 10min\n", 4, 10, "'10min' is not a time" },
	{ WIRE "  delay: -1ms\n", 4, 10, "'-1ms' is not a time" },
	{ WIRE "  delay: 1.ms\n", 4, 10, "'1.ms' is not a time" },
	{ WIRE "  delay: 1..5ms\n", 4, 10, "'1..5ms' is not a time" },
	{ WIRE "  delay: 3601s\n", 4, 10,
		"delay: '3601s' is out of range; allowed: 0s to 3600s" },
	{ WIRE "  jitter: [1ms]\n", 4, 11,
		"jitter must be a single value, not a list" },
	{ WIRE "  loss: 0.5\n", 4, 9,
		"loss: '0.5' is not a percentage; write a number and %, as in 0.5%" },
	{ WIRE "  loss: 101%\n", 4, 9, "out of range; allowed: 0% to 100%" },
	{ WIRE "  loss: nan%\n", 4, 9, "'nan%' is not a percentage" },
	{ WIRE "  loss_burst: 0.5\n", 4, 15, "out of range; allowed: 1 to 1000000" },
	{ WIRE "  loss_burst: 2\n  loss: 90%\n", 4, 15,
		"with a loss of 90% bursts are at least 9 frames long" },
	{ WIRE "  rate: 100\n", 4, 9, "rate: '100' is not a rate; write a number and "
		"bit, kbit, Mbit or Gbit" },
	{ WIRE "  rate: 10bit\n", 4, 9, "out of range; allowed: 1kbit to 1Tbit" },
	{ WIRE "  rate: 100MB\n", 4, 9, "'100MB' is not a rate" },
	{ WIRE "  queue: 0\n", 4, 10, "out of range; allowed: 1 to 1000000" },
	{ WIRE "  queue: 1.5\n", 4, 10, "'1.5' is not a number of frames" },
	{ WIRE "  mtu: 576\n", 4, 8, "out of range; allowed: 1280 to 65535" },
	{ WIRE "  mtu: 99999999999999999999999\n", 4, 8, "out of range" },
	{ WIRE "  mtu: \"1500\\n\\e\"\n", 4, 8, "'1500?" "?' is not a number of bytes" },
	{ WIRE "  mtu: \"15\\000\"\n", 4, 8, "mtu contains a zero byte" },
	{ WIRE "  capture:\n", 4, 11, "capture is empty" },
	{ WIRE "  capture: caps/\n", 4, 12, "'caps/' is a folder" },
	{ WIRE "  capture: x\n- between: [a, c]\n  capture: /nets/x\n", 6, 12,
		"'/nets/x' is that of link 'link0' already" },
	/* addresses */
	{ WIRE "  addresses: [10.0.0.1/24]\n", 4, 14,
		"addresses must be a map, not a list" },
	{ WIRE "  addresses: {c: [10.0.0.1/24]}\n", 4, 15,
		"host 'c' is not on this link" },
	{ WIRE "  addresses: {d: [10.0.0.1/24]}\n", 4, 15, "there is no host 'd'" },
	{ WIRE "  addresses: {a: 10.0.0.1/24}\n", 4, 18,
		"addresses must be a list, not a single value" },
	{ WIRE "  addresses: {a: []}\n", 4, 18, "has 0 entries; allowed: 1 to 8" },
	{ WIRE "  addresses: {a: [10.0.0.1]}\n", 4, 19,
		"'10.0.0.1' is not an address with its prefix length" },
	{ WIRE "  addresses: {a: [10.0.0.256/24]}\n", 4, 19, "is not an address" },
	{ WIRE "  addresses: {a: [10.0.0.1/33]}\n", 4, 19, "is not an address" },
	{ WIRE "  addresses: {a: [10.0.0.0/24]}\n", 4, 19, "is the network itself" },
	{ WIRE "  addresses: {a: [10.0.0.255/24]}\n", 4, 19,
		"is the broadcast address" },
	{ WIRE "  addresses: {a: [127.0.0.1/8]}\n", 4, 19,
		"is not an address of an interface" },
	{ WIRE "  addresses: {a: ['ff02::1/64']}\n", 4, 19,
		"is not an address of an interface" },
	{ WIRE "  addresses: {a: [9.0.0.1/24], b: [9.0.0.1/24]}\n", 4, 36,
		"address 9.0.0.1 is given twice, first in line 4" },
	{ WIRE "  addresses: {a: [10.0.0.2/24]}\n", 3, 3,
		"address 10.0.0.2 is given twice, first in line 4" },
	/* packet */
	{ AB "- packet: {host: a}\n", 3, 11, "packet: device is missing" },
	{ AB "- packet: {device: x}\n", 3, 11, "packet: host is missing" },
	{ AB "- packet: {host: a, device: x%d}\n", 3, 29,
		"write the name of an interface that is there" },
	{ AB "- packet: {host: a, device: x}\n  addresses: {a: [10.7.0.1/24]}\n", 4, 14,
		"of a packet link they are written within packet" },
	{ AB "- packet: {host: a, device: x}\n  tap: {host: a}\n", 3, 11,
		"a link with both tap and packet" },
	/* tap */
	{ AB "- tap: {device: x}\n", 3, 8, "tap: host is missing" },
	{ AB "- tap: a\n", 3, 8, "tap must be a map, not a single value" },
	{ TAP "    dev: x\n", 5, 5, "unknown key 'dev' in tap; allowed: host, device, "
		"addresses, gateway, gateway6" },
	{ TAP "    device: a/b\n", 5, 13, "device: 'a/b' cannot be a device's name" },
	{ TAP "    device: sixteen-bytes-it\n", 5, 13, "cannot be a device's name" },
	{ TAP "    device: x%s\n", 5, 13, "cannot be a device's name" },
	{ TAP "    gateway: fd00::1\n", 5, 14, "is not an IPv4 address" },
	{ TAP "    gateway6: 10.0.0.1\n", 5, 15, "is not an IPv6 address" },
	{ TAP "    addresses: [10.7.0.1/24]\n    gateway: 10.8.0.1\n", 6, 14,
		"lies in none of the host's networks" },
	{ TAP "    addresses: [10.7.0.1/24]\n    gateway: 10.7.0.1\n", 6, 14,
		"is the host itself" },
	{ TAP "  addresses: {a: [10.7.0.1/24]}\n", 5, 14,
		"of a tap link they are written within tap" },
};

TEST(netfile_reports_each_mistake_in_its_place)
{
	char buf[500];

	for (unsigned i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		const struct mistake *m = &mistakes[i];
		int r = netfile_parse(m->text, strlen(m->text), "/nets/x.yaml",
			&net, &err);

		netfile_error_format(&err, "x.yaml", buf, sizeof(buf));
		if (r != -EINVAL || err.line != m->line || !strstr(err.text, m->says)
			|| (m->column && err.column != m->column))
			check_failed(__FILE__, __LINE__, "%s\ngave %d: %s\nwanted "
				"%u:%u: %s", m->text, r, buf, m->line, m->column,
				m->says);
		CHECK(!strchr(buf, '\n'));
		CHECK(net.hosts == NULL && net.links == NULL);
		netfile_free(&net); /* may be called, does nothing */
	}
}

TEST(netfile_too_many)
{
	char *text = malloc(NETFILE_BYTES_MAX + 2), *p = text;

	p += sprintf(p, "hosts:\n");
	for (int i = 0; i <= NETFILE_HOSTS_MAX; i++)
		p += sprintf(p, "  h%d: {}\n", i);
	CHECK_INT(netfile_parse(text, strlen(text), "x", &net, &err), ==, -EINVAL);
	CHECK_STR(err.text, "hosts has 257 entries; allowed: 1 to 256");
	CHECK_INT(err.line, ==, 2);

	p = text + sprintf(text, "hosts: {a: {}, b: {}}\nlinks:\n");
	for (int i = 0; i <= NETFILE_LINKS_MAX; i++)
		p += sprintf(p, "- between: [a, b]\n");
	CHECK_INT(netfile_parse(text, strlen(text), "x", &net, &err), ==, -EINVAL);
	CHECK_STR(err.text, "links has 257 entries; allowed: 0 to 256");

	memset(text, ' ', NETFILE_BYTES_MAX + 1);
	CHECK_INT(netfile_parse(text, NETFILE_BYTES_MAX + 1, "x", &net, &err), ==,
		-EFBIG);
	CHECK_STR(err.text, "the file is larger than 262144 bytes");
	free(text);
}

TEST(netfile_read_from_disk)
{
	char path[] = "/tmp/test_netfile.XXXXXX", buf[500];
	int fd = mkstemp(path);

	CHECK_INT(write(fd, full_text, sizeof(full_text) - 1), ==,
		sizeof(full_text) - 1);
	close(fd);
	CHECK_INT(netfile_read(path, &net, &err), ==, 0);
	CHECK_STR(net.links[0].capture, "/tmp/wire.pcapng");
	netfile_free(&net);
	unlink(path);
	CHECK_INT(netfile_read(path, &net, &err), ==, -ENOENT);
	CHECK_INT(err.line, ==, 0);
	CHECK(strstr(netfile_error_format(&err, path, buf, sizeof(buf)),
		": cannot read it: No such file"));
	CHECK_INT(netfile_read("/tmp", &net, &err), ==, -EISDIR);
}

TEST(netfile_names_come_from_paths)
{
	static const char *const pairs[][2] = {
		{ "a/b/Two Hosts.net.yaml", "two-hosts" }, { ".yaml", "net" },
		{ "-", "net" }, { "", "net" }, { "x", "x" },
		{ "abcdefghijklmnopqrstuvwxyz0123456789.yaml",
			"abcdefghijklmnopqrstuvwxyz012345" },
	};
	static const char text[] = "hosts: {a: {}}\n";

	for (unsigned i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		CHECK_INT(netfile_parse(text, strlen(text), pairs[i][0], &net,
			&err), ==, 0);
		CHECK_STR(net.name, pairs[i][1]);
		netfile_free(&net);
	}
}

TEST(netfile_values)
{
	struct duration d;
	uint64_t rate;
	double p;

	CHECK_INT(netfile_parse_duration("0", &d), ==, 0);
	CHECK_INT(d.ns, ==, 0);
	CHECK_INT(netfile_parse_duration("0.1ms", &d), ==, 0);
	CHECK_INT(d.ns, ==, 100000);
	CHECK_INT(netfile_parse_duration("3600s", &d), ==, 0);
	CHECK_INT(d.ns, ==, 3600000000000);
	CHECK_INT(netfile_parse_duration("7\xc2\xb5s", &d), ==, 0);
	CHECK_INT(d.ns, ==, 7000);
	CHECK_INT(netfile_parse_duration("1234567890123456ns", &d), ==, -EINVAL);
	CHECK_INT(netfile_parse_duration("1e3ms", &d), ==, -EINVAL);
	CHECK_INT(netfile_parse_duration("", &d), ==, -EINVAL);
	CHECK_INT(netfile_parse_duration("ms", &d), ==, -EINVAL);
	CHECK_INT(netfile_parse_rate("1.544Mbit", &rate), ==, 0);
	CHECK_INT(rate, ==, 1544000);
	CHECK_INT(netfile_parse_rate("10 gbit/s", &rate), ==, 0);
	CHECK_INT(rate, ==, 10000000000);
	CHECK_INT(netfile_parse_rate("unlimited", &rate), ==, 0);
	CHECK_INT(rate, ==, 0);
	CHECK_INT(netfile_parse_percent("33.3%", &p), ==, 0);
	CHECK(p > 0.33299999 && p < 0.33300001);
	CHECK_INT(netfile_parse_percent("0", &p), ==, 0);
}
