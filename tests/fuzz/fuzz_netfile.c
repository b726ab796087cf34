/* Any bytes as a network file: a tree that keeps its promises, or a message.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz_seeds.h"
#include "netfile.h"

static const char pair[] =
	"network: demo\nseed: 42\nhosts:\n  client: {}\n  server: {}\nlinks:\n"
	"  - name: wire\n    between: [client, server]\n"
	"    addresses: {client: [10.0.0.1/24, 'fd00::1/64'], "
	"server: [10.0.0.2/24]}\n    delay: 10ms\n    jitter: 1ms\n"
	"    loss: 0.5%\n    loss_burst: 3\n    rate: 100Mbit\n"
	"    queue: 1000\n    duplicate: 0%\n    corrupt: 0%\n"
	"    reorder: 0%\n    mtu: 1500\n    capture: wire.pcapng\n";
static const char tap[] =
	"hosts: {a: {}, b: &x {}, c: *x}\nlinks:\n- switch: [a, b, c]\n"
	"- tap: {host: a, device: tap0, addresses: [192.168.77.2/24, "
	"\"fd77::2/64\"], gateway: 192.168.77.1, gateway6: \"fd77::1\"}\n";

const struct fuzz_seed fuzz_seeds[] = {
	{ pair, sizeof(pair) - 1 },
	{ tap, sizeof(tap) - 1 },
	{ NULL, 0 },
};
const char *const fuzz_words[] = { "hosts:", "links:", "- between: [a, b]\n",
	"tap: {", "switch: [", "addresses: {a: [", "&x ", "*x", "? ", "!!str ",
	"|\n", "---\n", "\n  ", "{", "}", "[", "]", "\"", "~", "0%", "9999999999s",
	"255.255.255.255/32", "::/0", NULL };

static void require(int condition)
{
	if (!condition)
		abort();
}

static void check_link(const struct netfile *n, const struct netfile_link *l)
{
	require(netfile_is_name(l->name));
	require(link_check_impair(&l->impair) == 0);
	require(l->mtu >= NETFILE_MTU_MIN && l->mtu <= NETFILE_MTU_MAX);
	require(l->nends >= (l->kind == NETFILE_TAP ? 1 : 2));
	for (uint32_t i = 0; i < l->nends; i++) {
		const struct netfile_end *e = &l->ends[i];

		require(e->host < n->nhosts);
		require(e->naddrs >= 1 && e->naddrs <= NETFILE_ADDRS_MAX);
		for (uint32_t k = 0; k < e->naddrs; k++)
			require(!ip_addr_is_any(&e->addrs[k].addr));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct netfile_error err;
	struct netfile n;
	int r;

	r = netfile_parse((const char *)data, len, "/nets/x.yaml", &n, &err);
	if (r < 0) {
		require(r == -EINVAL || r == -EFBIG || r == -ENOMEM);
		require(err.text[0] && !strchr(err.text, '\n'));
		require(!n.hosts && !n.links);
		return 0;
	}
	require(r == 0 && !err.text[0]);
	require(netfile_is_name(n.name));
	require(n.nhosts >= 1 && n.nhosts <= NETFILE_HOSTS_MAX);
	for (uint32_t i = 0; i < n.nlinks; i++)
		check_link(&n, &n.links[i]);
	netfile_free(&n);
	return 0;
}
