/* gethostbyname_r(), gethostbyname2_r(), gethostbyaddr_r() and gethostent(): what they
 * give for localhost, with buffers that are too short, and for what is not there.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "../say.h"

#include <netdb.h>

static struct hostent room, *found;
static char buffer[2048];
static int error;

static void say_host(const char *what, int r)
{
	char text[64];

	if (r != 0 || !found) {
		say("%s: %s, %s, error %d", what, error_name(r), found ? "found" : "none",
			error);
		return;
	}
	say("%s: %s family %d length %d", what, found->h_name, found->h_addrtype,
		found->h_length);
	/* That of IPv6 counts for localhost again, if the machine's file has it. */
	say("    %s", inet_ntop(found->h_addrtype, found->h_addr_list[0], text,
		sizeof(text)));
}

int main(void)
{
	struct in_addr lo = { htonl(INADDR_LOOPBACK) };
	static const size_t sizes[] = { sizeof(buffer), 8, 0 };

	for (int k = 0; k < 3; k++) {
		error = -77;
		say("-- %zu bytes", sizes[k]);
		say_host("gethostbyname_r localhost", gethostbyname_r("localhost", &room,
			buffer, sizes[k], &found, &error));
		error = -77;
		say_host("gethostbyname_r 10.1.2.3", gethostbyname_r("10.1.2.3", &room,
			buffer, sizes[k], &found, &error));
		error = -77;
		say_host("gethostbyname2_r ::1", gethostbyname2_r("::1", AF_INET6, &room,
			buffer, sizes[k], &found, &error));
		error = -77;
		say_host("gethostbyaddr_r 127.0.0.1", gethostbyaddr_r(&lo, sizeof(lo),
			AF_INET, &room, buffer, sizes[k], &found, &error));
	}
	error = -77;
	say_host("gethostbyaddr_r with a length of 3", gethostbyaddr_r(&lo, 3, AF_INET,
		&room, buffer, sizeof(buffer), &found, &error));
	say("gethostbyaddr of no family: %s", gethostbyaddr(&lo, sizeof(lo), AF_UNIX) ?
		"found" : "none");
	sethostent(1);
	found = gethostent();
	say("gethostent: %s", found ? found->h_name : "none");
	endhostent();
}
