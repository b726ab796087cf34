/* The words of a script. SPDX-License-Identifier: BSD-2-Clause */
#include "words.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/errqueue.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#ifndef SO_ZEROCOPY
#define SO_ZEROCOPY 60
#endif
#define TCP_INFINITE 0x7fffffff /* Linux: ssthresh before any loss */

struct word {
	const char *name;
	int64_t value;
};

#define W(w) { #w, w }

static const struct word words[] = {
	W(AF_INET), W(AF_INET6), W(AF_UNSPEC), W(PF_INET), W(PF_INET6),
	W(SOCK_STREAM), W(SOCK_DGRAM), W(SOCK_RAW), W(SOCK_NONBLOCK),
	W(SOCK_CLOEXEC), W(IPPROTO_IP), W(IPPROTO_IPV6), W(IPPROTO_TCP),
	W(IPPROTO_UDP), W(IPPROTO_ICMP), W(IPPROTO_ICMPV6), W(INADDR_ANY),
	W(SOL_SOCKET), W(SOL_IP), W(SOL_IPV6),
	{ "SOL_TCP", IPPROTO_TCP }, { "SOL_UDP", IPPROTO_UDP },
	W(SO_ACCEPTCONN), W(SO_BROADCAST), W(SO_ERROR), W(SO_KEEPALIVE),
	W(SO_LINGER), W(SO_MARK), W(SO_OOBINLINE), W(SO_PRIORITY), W(SO_RCVBUF),
	W(SO_RCVLOWAT), W(SO_RCVTIMEO), W(SO_REUSEADDR), W(SO_REUSEPORT),
	W(SO_SNDBUF), W(SO_SNDTIMEO), W(SO_TIMESTAMPING), W(SO_ZEROCOPY),
	W(SO_MAX_PACING_RATE), W(SO_EE_ORIGIN_ICMP), W(SO_EE_ORIGIN_ICMP6),
	W(SO_EE_ORIGIN_LOCAL), W(SO_EE_ORIGIN_TIMESTAMPING),
	W(SO_EE_ORIGIN_ZEROCOPY), W(SO_EE_CODE_ZEROCOPY_COPIED),
	W(IP_TOS), W(IP_TTL), W(IP_MTU), W(IP_MTU_DISCOVER), W(IP_RECVERR),
	W(IP_RECVTOS), W(IP_RECVTTL), W(IP_FREEBIND), W(IP_PMTUDISC_DONT),
	W(IP_PMTUDISC_WANT), W(IP_PMTUDISC_DO), W(IP_PMTUDISC_PROBE),
	W(IP_BIND_ADDRESS_NO_PORT), W(IPV6_TCLASS), W(IPV6_RECVERR),
	W(IPV6_UNICAST_HOPS), W(IPV6_V6ONLY), W(IPV6_MTU), W(IPV6_MTU_DISCOVER),
	W(TCP_NODELAY), W(TCP_MAXSEG), W(TCP_CORK), W(TCP_KEEPIDLE),
	W(TCP_KEEPINTVL), W(TCP_KEEPCNT), W(TCP_SYNCNT), W(TCP_LINGER2),
	W(TCP_DEFER_ACCEPT), W(TCP_WINDOW_CLAMP), W(TCP_INFO), W(TCP_QUICKACK),
	W(TCP_CONGESTION), W(TCP_MD5SIG), W(TCP_USER_TIMEOUT), W(TCP_FASTOPEN),
	W(TCP_TIMESTAMP), W(TCP_NOTSENT_LOWAT), W(TCP_CC_INFO), W(TCP_SAVE_SYN),
	W(TCP_SAVED_SYN), W(TCP_FASTOPEN_CONNECT), W(TCP_FASTOPEN_KEY),
	W(TCP_FASTOPEN_NO_COOKIE), W(TCP_INQ), W(TCP_CM_INQ), W(TCP_TX_DELAY),
	W(MSG_OOB), W(MSG_PEEK), W(MSG_DONTROUTE), W(MSG_CTRUNC), W(MSG_TRUNC),
	W(MSG_DONTWAIT), W(MSG_EOR), W(MSG_WAITALL), W(MSG_CONFIRM),
	W(MSG_ERRQUEUE), W(MSG_NOSIGNAL), W(MSG_MORE), W(MSG_WAITFORONE),
	W(MSG_ZEROCOPY), W(MSG_FASTOPEN), W(MSG_CMSG_CLOEXEC),
	W(O_RDONLY), W(O_WRONLY), W(O_RDWR), W(O_NONBLOCK), W(F_GETFL),
	W(F_SETFL), W(F_GETFD), W(F_SETFD), W(FD_CLOEXEC), W(SHUT_RD),
	W(SHUT_WR), W(SHUT_RDWR), W(FIONREAD), W(SIOCINQ), W(SIOCOUTQ),
	W(SIOCOUTQNSD), W(SIOCATMARK), W(FIONBIO), W(POLLIN), W(POLLPRI),
	W(POLLOUT), W(POLLERR), W(POLLHUP), W(POLLNVAL), W(POLLRDHUP),
	W(POLLRDNORM), W(POLLWRNORM), W(EPOLL_CTL_ADD), W(EPOLL_CTL_MOD),
	W(EPOLL_CTL_DEL), W(EPOLLIN), W(EPOLLPRI), W(EPOLLOUT), W(EPOLLERR),
	W(EPOLLHUP), W(EPOLLRDHUP), W(EPOLLET), W(EPOLLONESHOT),
	/* What assertions on TCP_INFO speak of. */
	{ "TCP_ESTABLISHED", 1 }, { "TCP_SYN_SENT", 2 }, { "TCP_SYN_RECV", 3 },
	{ "TCP_FIN_WAIT1", 4 },
	{ "TCP_FIN_WAIT2", 5 }, { "TCP_TIME_WAIT", 6 }, { "TCP_CLOSE", 7 }, { "TCP_CLOSE_WAIT", 8 },
	{ "TCP_LAST_ACK", 9 }, { "TCP_LISTEN", 10 }, { "TCP_CLOSING", 11 }, W(TCP_CA_Open),
	W(TCP_CA_Disorder), W(TCP_CA_CWR), W(TCP_CA_Recovery), W(TCP_CA_Loss),
	W(TCPI_OPT_TIMESTAMPS), W(TCPI_OPT_SACK), W(TCPI_OPT_WSCALE),
	W(TCPI_OPT_ECN), W(TCPI_OPT_ECN_SEEN), W(TCPI_OPT_SYN_DATA),
	{ "TCP_INFINITE_SSTHRESH", TCP_INFINITE }, { "NULL", 0 }, { "True", 1 },
	{ "False", 0 },
};

static const struct word errors[] = {
	W(EACCES), W(EADDRINUSE), W(EADDRNOTAVAIL), W(EAFNOSUPPORT), W(EAGAIN),
	W(EALREADY), W(EBADF), W(EBUSY), W(ECONNABORTED), W(ECONNREFUSED),
	W(ECONNRESET), W(EDESTADDRREQ), W(EEXIST), W(EFAULT), W(EHOSTDOWN),
	W(EHOSTUNREACH), W(EINPROGRESS), W(EINTR), W(EINVAL), W(EIO), W(EISCONN),
	W(EMFILE), W(EMSGSIZE), W(ENETDOWN), W(ENETUNREACH), W(ENOBUFS),
	W(ENODEV), W(ENOENT), W(ENOMEM), W(ENOPROTOOPT), W(ENOSYS), W(ENOTCONN),
	W(ENOTSOCK), W(EOPNOTSUPP), W(EPERM), W(EPIPE), W(EPROTO),
	W(EPROTONOSUPPORT), W(EPROTOTYPE), W(ESOCKTNOSUPPORT), W(ESPIPE),
	W(ETIMEDOUT), W(EWOULDBLOCK), W(ENOTTY), W(ENONET), W(ERANGE),
};

static const struct word *find(const struct word *list, size_t n, const char *name)
{
	for (size_t k = 0; k < n; k++)
		if (strcmp(list[k].name, name) == 0)
			return &list[k];
	return NULL;
}

bool word_value(const char *word, int64_t *out)
{
	const struct word *w = find(words, sizeof(words) / sizeof(words[0]), word);

	if (!w) /* as values of SO_ERROR */
		w = find(errors, sizeof(errors) / sizeof(errors[0]), word);
	if (w)
		*out = w->value;
	return w != NULL;
}

int word_errno(const char *word)
{
	const struct word *w = find(errors, sizeof(errors) / sizeof(errors[0]), word);

	return w ? (int)w->value : 0;
}

const char *word_of_errno(int number)
{
	for (size_t k = 0; k < sizeof(errors) / sizeof(errors[0]); k++)
		if (errors[k].value == number)
			return errors[k].name;
	return "E?";
}
