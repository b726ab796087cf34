// Servers and clients of Node: net, http with kept connections, cluster, dgram.
// SPDX-License-Identifier: BSD-2-Clause
'use strict';
const assert = require('assert');
const cluster = require('cluster');
const dgram = require('dgram');
const http = require('http');
const net = require('net');

const [what, host, portText] = process.argv.slice(2);
const port = Number(portText);

function serve() {
	// Half-closed by the client: all is sent back first, then our end closes.
	net.createServer({ allowHalfOpen: true }, (c) => c.pipe(c))
		.listen(port, () => console.log('ready'));
}

function echo(k) {
	return new Promise((resolve, reject) => {
		const data = Buffer.alloc(200000 + k, k + 1);
		const got = [];
		const c = net.connect(port, host, () => c.end(data));
		c.on('data', (d) => got.push(d));
		c.on('error', reject);
		c.on('end', () => resolve(assert(Buffer.concat(got).equals(data))));
	});
}

async function ask() {
	await Promise.all(Array.from({ length: 10 }, (_, k) => echo(k)));
	// One address after the other would give each a moment, and packets get lost.
	const refused = await new Promise((resolve) =>
		net.connect({ port: 1, host, autoSelectFamily: false }).on('error', (e) => resolve(e.code)));
	assert.strictEqual(refused, 'ECONNREFUSED');
	console.log('fine');
}

function httpServe() {
	const connections = new Set();
	http.createServer((req, res) => {
		connections.add(req.socket);
		const body = [];
		req.on('data', (d) => body.push(d));
		req.on('end', () => {
			res.setHeader('X-Connections', connections.size);
			res.setHeader('X-Worker', process.pid);
			res.end(Buffer.concat(body).reverse());
		});
	}).listen(port, () => console.log('ready'));
}

function clusterServe() {
	if (!cluster.isPrimary)
		return httpServe();
	cluster.fork();
	cluster.fork();
	return undefined;
}

function post(agent, body) {
	return new Promise((resolve, reject) => {
		const req = http.request({ host, port, agent, method: 'POST' }, (res) => {
			const got = [];
			res.on('data', (d) => got.push(d));
			res.on('end', () => resolve([res, Buffer.concat(got)]));
		});
		req.on('error', reject);
		req.end(body);
	});
}

async function httpAsk() {
	const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
	let seen = 0;
	await Promise.all(Array.from({ length: 20 }, async (_, k) => {
		const body = Buffer.from(`${k} `.repeat(20000));
		const [res, got] = await post(agent, body);
		assert(got.equals(Buffer.from(body).reverse()));
		seen = Math.max(seen, Number(res.headers['x-connections']));
	}));
	assert(seen >= 1 && seen <= 2, `${seen} connections`);
	agent.destroy();
	console.log('fine');
}

async function clusterAsk() {
	const workers = new Set();
	for (let k = 0; k < 8; k++) {
		const [res] = await post(new http.Agent(), 'x');
		workers.add(res.headers['x-worker']);
	}
	assert.strictEqual(workers.size, 2);
	console.log('fine');
}

function dgramServe() {
	const s = dgram.createSocket('udp6');
	s.on('message', (m, from) => s.send(m.reverse(), from.port, from.address));
	s.bind(port, () => console.log('ready'));
}

function dgramAsk() {
	// Lost ones are sent again.
	const s = dgram.createSocket('udp4');
	const again = setInterval(() => s.send('datagram', port, host), 50);
	s.on('message', (m) => {
		assert.strictEqual(m.toString(), 'margatad');
		clearInterval(again);
		s.close();
		console.log('fine');
	});
}

({ serve, ask, httpServe, httpAsk, clusterServe, clusterAsk, dgramServe, dgramAsk })[what]();
