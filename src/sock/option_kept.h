/* Inside sock: getters and setters of options that are kept, told or refused.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef SOCK_OPTION_KEPT_H
#define SOCK_OPTION_KEPT_H

#include "options.h"

/* By bit (arg: enum shm_kept_bit) and by word (arg: offset in struct shm_kept). */
int kept_get_bit(const struct option_call *c, int *v);
int kept_set_bit(const struct option_call *c, int v);
int kept_set_flag(const struct option_call *c, int v); /* 0 and 1 only */
int kept_get_word(const struct option_call *c, int *v);
int kept_set_word(const struct option_call *c, int v);
/* arg: the value; any value is taken; lo: the errno; no bytes. */
int kept_get_fixed(const struct option_call *c, int *v);
int kept_set_ignored(const struct option_call *c, int v);
int kept_refuse(const struct option_call *c, int v);
int kept_refuse_policy(const struct option_call *c, const void *val, socklen_t len);
int kept_refuse_get(const struct option_call *c, int *v);
int kept_get_none(const struct option_call *c, void *val, socklen_t *len);

int kept_set_debug(const struct option_call *c, int v);
int kept_set_lock_filter(const struct option_call *c, int v);
int kept_set_prefer_busy(const struct option_call *c, int v);
int kept_set_busy_budget(const struct option_call *c, int v);
int kept_get_buf_lock(const struct option_call *c, int *v);
int kept_set_buf_lock(const struct option_call *c, int v);
int kept_set_reserve(const struct option_call *c, int v);
int kept_set_zerocopy(const struct option_call *c, int v);
int kept_get_txrehash(const struct option_call *c, int *v);
int kept_set_txrehash(const struct option_call *c, int v);
int kept_get_pacing(const struct option_call *c, void *val, socklen_t *len);
int kept_set_pacing(const struct option_call *c, const void *val, socklen_t len);
int kept_get_txtime(const struct option_call *c, void *val, socklen_t *len);
int kept_set_txtime(const struct option_call *c, const void *val, socklen_t len);
int kept_get_peercred(const struct option_call *c, void *val, socklen_t *len);
int kept_get_no_data(const struct option_call *c, void *val, socklen_t *len);
int kept_get_meminfo(const struct option_call *c, void *val, socklen_t *len);
int kept_get_netns(const struct option_call *c, void *val, socklen_t *len);
int kept_get_peername(const struct option_call *c, void *val, socklen_t *len);
int kept_refuse_bpf(const struct option_call *c, int v);

int kept_set_port_range(const struct option_call *c, const void *val, socklen_t len);
int kept_set_transparent(const struct option_call *c, int v);
int kept_get_addr_prefs(const struct option_call *c, int *v);
int kept_set_addr_prefs(const struct option_call *c, int v);
int kept_set_exthdr(const struct option_call *c, const void *val, socklen_t len);
int kept_set_pktinfo6(const struct option_call *c, const void *val, socklen_t len);
int kept_set_pktoptions(const struct option_call *c, const void *val, socklen_t len);
int kept_get_addrform(const struct option_call *c, int *v);
int kept_set_addrform(const struct option_call *c, int v);

int kept_get_timestamp(const struct option_call *c, int *v);
int kept_set_thin_dupack(const struct option_call *c, int v);
int kept_set_repair(const struct option_call *c, int v);
int kept_get_save_syn(const struct option_call *c, int *v);
int kept_set_save_syn(const struct option_call *c, int v);
int kept_refuse_repair(const struct option_call *c, int v);
int kept_set_ms(const struct option_call *c, int v);
int kept_set_us(const struct option_call *c, int v);
int kept_set_ulp(const struct option_call *c, const void *val, socklen_t len);

#endif
