<?php
// A server and a client of PHP: streams and stream_select; `php -S` serves it too.
// SPDX-License-Identifier: BSD-2-Clause
if (PHP_SAPI === 'cli-server') {
	header('Content-Type: x/y');
	echo strrev(file_get_contents('php://input'));
	return;
}
[, $what, $host, $port] = $argv;
if ($what === 'serve') {
	$l = stream_socket_server("tcp://[::]:$port") or exit(1);
	$all = [$l];
	echo "ready\n";
	for (;;) {
		$r = $all;
		$w = $x = null;
		stream_select($r, $w, $x, null);
		foreach ($r as $s) {
			if ($s === $l) {
				$all[] = stream_socket_accept($l);
			} elseif (($line = fgets($s)) === false) {
				unset($all[array_search($s, $all, true)]);
				fclose($s);
			} else {
				fwrite($s, strrev(rtrim($line)) . "\n");
			}
		}
	}
}
if ($what === 'ask') {
	$all = [];
	for ($k = 0; $k < 6; $k++) {
		$all[$k] = stream_socket_client("tcp://$host:$port", $code, $why, 20) or exit($why);
		fwrite($all[$k], str_repeat("$k ", 2000) . "\n");
	}
	foreach ($all as $k => $s)
		if (fgets($s) !== strrev(rtrim(str_repeat("$k ", 2000) . "\n")) . "\n")
			exit("bytes of $k\n");
	echo "fine\n";
}
if ($what === 'post') {
	$body = str_repeat('hola ', 20000);
	for ($k = 0; $k < 5; $k++) {
		$got = file_get_contents("http://$host:$port/", false, stream_context_create(
			['http' => ['method' => 'POST', 'content' => $body]]));
		if ($got !== strrev($body))
			exit("bytes\n");
	}
	echo "fine\n";
}
