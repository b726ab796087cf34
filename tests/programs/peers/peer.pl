# Servers and clients of Perl: IO::Socket::IP, a select loop, a fork for each
# caller, datagrams. SPDX-License-Identifier: BSD-2-Clause
use strict;
use warnings;
use IO::Select;
use IO::Socket::IP;
use Socket qw(SHUT_WR SOCK_DGRAM);

$| = 1;
my ($what, $host, $port) = @ARGV;
# Without AI_ADDRCONFIG, which is set otherwise: a host alone has but loopback's.
my @any = (GetAddrInfoFlags => 0);

sub listener {
	my $l = IO::Socket::IP->new(LocalPort => $port, Listen => 20, ReuseAddr => 1,
		Family => Socket::AF_INET6, V6Only => 0, @any) or die "listen: $@";
	print "ready\n";
	return $l;
}

my %run;

# A child for each caller; lines come back turned round.
$run{serve} = sub {
	my $l = listener();
	$SIG{CHLD} = 'IGNORE';
	while (my $c = $l->accept) {
		my $pid = fork // die;
		if (!$pid) {
			while (my $line = <$c>) {
				chomp $line;
				print $c scalar(reverse $line), "\n";
			}
			exit;
		}
		close $c;
	}
};

# One process, one select loop.
$run{selectServe} = sub {
	my $l = listener();
	my $all = IO::Select->new($l);
	my %rest;
	while (my @ready = $all->can_read) {
		for my $s (@ready) {
			if ($s == $l) {
				$all->add($l->accept);
				next;
			}
			my $n = sysread($s, $rest{$s}, 65536, length($rest{$s} // ''));
			if (!$n) {
				$all->remove($s);
				close $s;
				next;
			}
			while ($rest{$s} =~ s/^(.*)\n//) {
				my $answer = reverse($1) . "\n";
				$s->blocking(1);
				print $s $answer;
				$s->flush;
			}
		}
	}
};

$run{ask} = sub {
	my @all = map { IO::Socket::IP->new(PeerHost => $host, PeerPort => $port,
		@any, Type => Socket::SOCK_STREAM) or die "connect: $@" } 1 .. 6;
	for my $k (0 .. $#all) {
		my $c = $all[$k];
		my $text = "line $k " x 1000;
		print $c "$text\n";
		$c->flush;
	}
	for my $k (reverse 0 .. $#all) {
		my $c = $all[$k];
		my $text = "line $k " x 1000;
		my $got = <$c>;
		die "bytes" unless $got eq reverse($text) . "\n";
		shutdown($c, SHUT_WR);
		die "more" if defined(scalar <$c>);
	}
	print "fine\n";
};

$run{dgramServe} = sub {
	my $s = IO::Socket::IP->new(LocalPort => $port, Type => SOCK_DGRAM, @any,
		Family => Socket::AF_INET) or die "bind: $@";
	print "ready\n";
	while (defined(my $from = $s->recv(my $data, 2000))) {
		$s->send(scalar reverse($data), 0, $from);
	}
};

$run{dgramAsk} = sub {
	my $s = IO::Socket::IP->new(PeerHost => $host, PeerPort => $port,
		@any, Type => SOCK_DGRAM, Family => Socket::AF_INET) or die "connect: $@";
	for (1 .. 50) {
		$s->send("datagram");
		next unless IO::Select->new($s)->can_read(0.2);
		$s->recv(my $data, 2000);
		die "bytes" unless $data eq 'margatad';
		print "fine\n";
		exit;
	}
	die "no datagram came";
};

$run{$what}->();
