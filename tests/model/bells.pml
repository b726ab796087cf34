/* The doorbells of one stream (src/client/bells.c, wait.c, epwait.c), for spin:
 * SLEEPERS (1 or 2) threads that sleep on the stand-in, an epoll if EPOLL, and a ringer. That a sleeper
 * sleeps for ever although there is something for it is an invalid end state.
 *
 * Memory is in order here: each of the full fences in the code stands between two
 * steps of the model. A recv() of several bells is one step, as under the kernel's
 * lock. With -DBROKEN=1 the last bell is taken whoever is inside; with -DBROKEN=2 a
 * sleeper does not look again after it went inside, with -DBROKEN=3 bells are taken that
 * came after the look whether somebody was rung: each must fail.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef BROKEN
#define BROKEN 0
#endif
#ifndef SIZE
#define SIZE 2
#endif
#ifndef SLEEPERS
#define SLEEPERS 2
#endif
#ifndef EPOLL
#define EPOLL 1
#endif
#define AWAKE 0
#define ARMED 1
#define RUNG 2

byte news[3];		/* what each one waits for: [2] the epoll's */
byte used[3];		/* ...and has taken */
bool waits[2];   	/* rx_wait: counts */
bool queued;		/* the epoll's item is on its ready stack */
bool edge;		/* the real epoll has an event that nobody has fetched */
byte armed;
bool rung;
byte bells;		/* bytes on the stand-in */
byte inside;
bool changed[2];	/* the futex has moved on since its waiter looked */
byte bell_wait;
bool lock;
bool done;		/* no more news: the end */

#define GRANTED(i) (news[i] != used[i] || done)

inline acquire() { atomic { !lock; lock = true } }
inline release() { lock = false }
inline moved() { atomic { changed[0] = true; changed[1] = true } }

/* bells_take(): left */
inline take(left, n)
{
	acquire();
	rung = false;
	n = bells; /* what comes from now on stays */
	if
	:: BROKEN != 1 && n > 0 && (inside > 0 || armed == RUNG) ->
		left = true;
		rung = true;
		if
		:: n > 1 -> bells = bells - (n - 1)
		:: else
		fi
	:: else ->
		left = false;
		if
		:: BROKEN == 3 -> bells = 0
		:: BROKEN != 3 -> bells = bells - n
		fi
	fi;
	release();
	if
	:: n > 0 && !left && bell_wait > 0 -> moved()
	:: else
	fi
}

proctype sleeper(byte i)
{
	byte n;
	bool left;

	do
	:: used[i] = news[i];
		if
		:: done -> break
		:: else
		fi;
		/* sock_sleep_begin */
		waits[i] = true;
again:
		if
		:: GRANTED(i) -> goto out
		:: else
		fi;
		acquire();
		inside++;
		release();
		if
		:: BROKEN != 2 && GRANTED(i) -> inside--; goto left_news
		:: else
		fi;
		if
		:: !rung -> bells > 0 /* asleep */
		:: rung
		fi;
		inside--;
left_news:
		if
		:: bell_wait > 0 -> moved()
		:: else
		fi;
		if
		:: GRANTED(i) -> goto out
		:: else
		fi;
		/* bells_clear() */
		bell_wait++;
		changed[i] = false;
		take(left, n);
		if
		:: left -> changed[i] /* the futex; its limit is not relied on */
		:: else
		fi;
		bell_wait--;
		goto again;
out:
		waits[i] = false
	od
}

/* epoll_wait() in a loop. */
proctype epoll()
{
	bool left;
	byte n, was;

	do
	:: /* collect */
		queued = false;
		used[2] = news[2];
		if
		:: done -> break
		:: else
		fi;
		/* arm */
		if
		:: armed == AWAKE -> armed = ARMED
		:: else
		fi;
		if
		:: queued
		:: !queued ->
			/* asleep: an edge counts only if bells lie there still */
			do
			:: atomic { edge -> edge = false };
				if
				:: bells > 0 -> break
				:: else
				fi
			od;
			if
			:: armed == RUNG -> armed = ARMED
			:: else
			fi;
			take(left, n)
		fi;
		/* disarm() */
		atomic { was = armed; armed = AWAKE };
		if
		:: was == RUNG && bell_wait > 0 -> moved()
		:: else
		fi
	od
}

/* A byte on the stand-in. */
inline ring()
{
	rung = true;
	atomic { bells++; edge = true }
}

inline tell()
{
	bool wanted = false;

	/* push_item() */
	queued = true;
	if
	:: armed == ARMED -> atomic { if :: armed == ARMED -> armed = RUNG :: else fi }
	:: else
	fi;
	wanted = armed != AWAKE;
	wanted = wanted || waits[0] || waits[1];
	if
	:: wanted -> ring()
	:: else
	fi
}

active proctype ringer()
{
	byte k;

	do
	:: k < SIZE ->
		if
		:: news[0]++
		:: SLEEPERS == 2 -> news[1]++
		:: EPOLL -> news[2]++
		:: SLEEPERS == 2 -> atomic { news[0]++; news[1]++ } /* both may take it */
		fi;
		k++;
		tell();
		/* The next comes when that is known: so a lost one is seen. */
		news[0] == used[0] && news[1] == used[1] && news[2] == used[2]
	:: k < SIZE - 1 -> /* or at once */
		news[0]++;
		k++;
		tell()
	:: k == SIZE -> break
	od;
	done = true;
	tell()
}

init {
	atomic {
		run sleeper(0);
		if
		:: SLEEPERS == 2 -> run sleeper(1)
		:: else
		fi;
		if
		:: EPOLL -> run epoll()
		:: else
		fi
	}
}
