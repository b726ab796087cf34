/* A script's options: --name=value. SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "play.h"

static void set_address(struct play *p, const struct script_option *o,
	struct ip_name *name)
{
	struct ip_addr a;

	if (ip_addr_parse(o->value, &a) < 0)
		return play_unknown(p, o->line, "'%s' is no address", o->value);
	name->addr = a;
}

void play_option(struct play *p, const struct script_option *o)
{
	const char *v = o->value;

	if (!strcmp(o->name, "tolerance_usecs"))
		p->tolerance = DURATION_US(atoll(v));
	else if (!strcmp(o->name, "tolerance_percent"))
		p->tolerance_share = atof(v) / 100;
	else if (!strcmp(o->name, "tcp_ts_tick_usecs"))
		p->ts_tick_us = atoll(v);
	else if (!strcmp(o->name, "strict_segments"))
		p->strict_segments = true;
	else if (!strcmp(o->name, "quiet_usecs")) {
		p->look_on = true;
		p->quiet = DURATION_US(atoll(v));
	} else if (!strcmp(o->name, "local_ip"))
		set_address(p, o, &p->flows.names.src);
	else if (!strcmp(o->name, "remote_ip"))
		set_address(p, o, &p->flows.names.dst);
	else if (!strcmp(o->name, "bind_port"))
		p->flows.names.src.port = (uint16_t)atoi(v);
	else if (!strcmp(o->name, "connect_port"))
		p->flows.names.dst.port = (uint16_t)atoi(v);
	else if (!strcmp(o->name, "mtu"))
		p->mtu = (uint32_t)atoi(v);
	else if (!strcmp(o->name, "ip_version"))
		; /* play_script() has looked at it */
	else if (strcmp(o->name, "tcp_ts_ecr_scaled") != 0 && /* our ticks are 1 ms */
		strcmp(o->name, "mss") != 0) /* of what a device merged: none here */
		play_unknown(p, o->line, "unknown option --%s", o->name);
}
