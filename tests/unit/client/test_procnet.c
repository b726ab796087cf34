/* Files of /proc/net, to the blank. SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/client.h"
#include "netif.h"
#include "networld.h"
#include "procnet.h"

extern char **environ;

/* In place of the true one (the linker's --wrap): this process is on the host of
 * networld() without having joined anything. */
int __wrap_client_enter(void);

int __wrap_client_enter(void)
{
	return 0;
}

static void joined(void)
{
	networld();
	setenv("ENCHUFE_SOCKET", "/nowhere", 1);
	client_init(environ);
	CHECK(client_configured());
}

/* The whole file; it is short. */
static char *file(const char *path)
{
	static char text[65536];
	int fd = client_proc_net(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	CHECK_INT(fd, >=, 0);
	CHECK_INT(fcntl(fd, F_GETFD), ==, FD_CLOEXEC);
	n = read(fd, text, sizeof(text) - 1);
	CHECK_INT(n, >=, 0);
	text[n] = 0;
	close(fd);
	return text;
}

TEST(which_paths_are_ours)
{
	joined();
	CHECK_INT(client_proc_net("/proc/net/netstat", O_RDONLY), ==, -ENOENT);
	CHECK_INT(client_proc_net("/proc/net/", O_RDONLY), ==, -ENOENT);
	CHECK_INT(client_proc_net("/proc/net/tcp7", O_RDONLY), ==, -ENOENT);
	CHECK_INT(client_proc_net("/etc/passwd", O_RDONLY), ==, -ENOENT);
	CHECK(file("/proc/self/net/route")[0] == 'I');
	CHECK(file("/proc/thread-self/net/arp")[0] == 'I');
}

TEST(interfaces)
{
	const char *text;

	joined();
	text = file("/proc/net/dev");
	CHECK(strstr(text, "\n  eth0:     300       3    0    0    0     0          0"
		"         0 8589934592       4    0    0    0     0       0          0\n"));
	CHECK(strstr(text, "\n    lo:       0 "));
	text = file("/proc/net/if_inet6");
	CHECK_STR(text, "00000000000000000000000000000001 01 80 10 80       lo\n"
		"fd000000000000000000000000000001 02 40 00 80     eth0\n"
		"fe800000000000000000000000000001 02 40 20 80     eth0\n");
}

TEST(routes_are_filled_up)
{
	char *line;
	int n = 0;

	joined();
	line = strtok(file("/proc/net/route"), "\n");
	for (; line; line = strtok(NULL, "\n"), n++) {
		CHECK_INT(strlen(line), ==, 127);
		if (n == 1)
			CHECK(strstr(line, "eth0\t0000000A\t00000000\t0001\t0\t0\t0\t"
				"00FFFFFF\t0\t0\t0 ") == line);
		if (n == 2)
			CHECK(strstr(line, "eth0\t00000000\tFE00000A\t0003\t0\t0\t0\t"
				"00000000\t0\t0\t0 ") == line);
	}
	CHECK_INT(n, ==, 3);
}

TEST(neighbours)
{
	joined();
	CHECK_STR(file("/proc/net/arp"), "IP address       HW type     Flags       "
		"HW address            Mask     Device\n"
		"10.0.0.2         0x1         0x2         02:00:00:00:00:09     *"
		"        eth0\n"
		"10.0.0.3         0x1         0x0         00:00:00:00:00:00     *"
		"        eth0\n");
}

/* A socket is shown as soon as it has a port; the last one made last. */
TEST(sockets_with_a_port)
{
	struct shm_sock *s;
	uint32_t i;

	joined();
	CHECK_INT(sock_create(&cl.env, AF_INET, SOCK_DGRAM, 0, &i), ==, 0);
	CHECK(!strstr(file("/proc/net/udp"), "0:"));
	s = shm_sock_at(&cl.arena, i);
	s->local = (struct shm_addr){ .family = IP_V4, .port = 0x1234,
		.b = { 127, 0, 0, 1 } };
	CHECK(strstr(file("/proc/net/udp"),
		"    0: 0100007F:1234 00000000:0000 07 00000000:00000000 "));
	CHECK(!strstr(file("/proc/net/udp6"), "1234"));
	CHECK(!strstr(file("/proc/net/tcp"), "1234"));
}

TEST(long_lines_and_many)
{
	struct procnet_text t = { .used = 0 };
	char got[8192];
	int fd[2];

	CHECK_INT(pipe(fd), ==, 0);
	t.fd = fd[1];
	for (int k = 0; k < 10; k++)
		procnet_line(&t, 400, "%d", k);
	CHECK_INT(read(fd[0], got, sizeof(got)) % 401, ==, 0);
	CHECK(t.used % 401 == 0 && t.used < sizeof(t.buf));
	CHECK_INT(got[0], ==, '0');
	CHECK_INT(got[1], ==, ' ');
	CHECK_INT(got[400], ==, '\n');
	close(fd[0]);
	close(fd[1]);
}
