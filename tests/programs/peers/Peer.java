/* Servers and clients of Java: blocking sockets with threads, NIO selectors,
 * datagrams, HTTP. SPDX-License-Identifier: BSD-2-Clause */
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.*;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.*;
import java.util.*;
import java.util.concurrent.*;

public class Peer {
	static String host;
	static int port;

	static void check(boolean ok, String what) {
		if (!ok)
			throw new AssertionError(what);
	}

	static byte[] pattern(int k) {
		byte[] data = new byte[200000 + k];
		Arrays.fill(data, (byte) (k + 1));
		return data;
	}

	/* Each caller gets a thread; what it says comes back. */
	static void serve() throws Exception {
		ServerSocket l = new ServerSocket(port);
		System.out.println("ready");
		for (;;) {
			Socket c = l.accept();
			new Thread(() -> {
				try (c) {
					c.getInputStream().transferTo(c.getOutputStream());
				} catch (IOException e) {
					e.printStackTrace();
				}
			}).start();
		}
	}

	static Void echo(int k) throws Exception {
		byte[] data = pattern(k);
		try (Socket c = new Socket(host, port)) {
			c.setTcpNoDelay(true);
			c.setSoTimeout(20000);
			Thread out = new Thread(() -> {
				try {
					c.getOutputStream().write(data);
					c.shutdownOutput();
				} catch (IOException e) {
					e.printStackTrace();
				}
			});
			out.start();
			check(Arrays.equals(c.getInputStream().readAllBytes(), data), "bytes");
			out.join();
		}
		return null;
	}

	static void ask() throws Exception {
		ExecutorService pool = Executors.newFixedThreadPool(10);
		List<Future<Void>> all = new ArrayList<>();
		for (int k = 0; k < 10; k++) {
			int n = k;
			all.add(pool.submit(() -> echo(n)));
		}
		for (Future<Void> f : all)
			f.get();
		pool.shutdown();
		timeouts();
		System.out.println("fine");
	}

	/* A read that times out, and one that another thread's close ends. */
	static void timeouts() throws Exception {
		try (Socket c = new Socket(host, port)) {
			c.setSoTimeout(100);
			c.getInputStream().read();
			check(false, "no timeout");
		} catch (SocketTimeoutException expected) {
		}
		Socket c = new Socket(host, port);
		Thread closer = new Thread(() -> {
			try {
				Thread.sleep(100);
				c.close();
			} catch (Exception e) {
				e.printStackTrace();
			}
		});
		closer.start();
		try {
			c.getInputStream().read();
			check(false, "read goes on");
		} catch (SocketException expected) {
		}
		closer.join();
		ServerSocket l = new ServerSocket(0);
		Thread other = new Thread(() -> {
			try {
				Thread.sleep(100);
				l.close();
			} catch (Exception e) {
				e.printStackTrace();
			}
		});
		other.start();
		try {
			l.accept();
			check(false, "accept goes on");
		} catch (SocketException expected) {
		}
		other.join();
	}

	/* One thread and a selector for all. */
	static void nioServe() throws Exception {
		Selector sel = Selector.open();
		ServerSocketChannel l = ServerSocketChannel.open();
		l.bind(new InetSocketAddress(port));
		l.configureBlocking(false);
		l.register(sel, SelectionKey.OP_ACCEPT);
		System.out.println("ready");
		for (;;) {
			sel.select();
			for (SelectionKey key : sel.selectedKeys()) {
				if (key.isAcceptable()) {
					SocketChannel c = l.accept();
					c.configureBlocking(false);
					c.register(sel, SelectionKey.OP_READ,
						ByteBuffer.allocate(8192));
				} else {
					turn(key);
				}
			}
			sel.selectedKeys().clear();
		}
	}

	static void turn(SelectionKey key) throws IOException {
		SocketChannel c = (SocketChannel) key.channel();
		ByteBuffer b = (ByteBuffer) key.attachment();
		if (key.isReadable() && c.read(b) < 0) {
			c.close();
			return;
		}
		b.flip();
		c.write(b);
		key.interestOps(b.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
		b.compact();
	}

	static void nioAsk() throws Exception {
		Selector sel = Selector.open();
		List<ByteBuffer> got = new ArrayList<>();
		int left = 10;
		for (int k = 0; k < 10; k++) {
			SocketChannel c = SocketChannel.open();
			c.configureBlocking(false);
			c.connect(new InetSocketAddress(host, port));
			got.add(ByteBuffer.allocate(300000));
			c.register(sel, SelectionKey.OP_CONNECT,
				new ByteBuffer[] { ByteBuffer.wrap(pattern(k)), got.get(k) });
		}
		while (left > 0) {
			sel.select();
			for (SelectionKey key : sel.selectedKeys())
				left -= progress(key);
			sel.selectedKeys().clear();
		}
		for (int k = 0; k < 10; k++)
			check(Arrays.equals(Arrays.copyOf(got.get(k).array(),
				got.get(k).position()), pattern(k)), "bytes of " + k);
		System.out.println("fine");
	}

	/* 1: this one has ended. */
	static int progress(SelectionKey key) throws IOException {
		SocketChannel c = (SocketChannel) key.channel();
		ByteBuffer[] b = (ByteBuffer[]) key.attachment();
		if (key.isConnectable()) {
			c.finishConnect();
			key.interestOps(SelectionKey.OP_WRITE | SelectionKey.OP_READ);
			return 0;
		}
		if (key.isWritable()) {
			c.write(b[0]);
			if (!b[0].hasRemaining()) {
				c.shutdownOutput();
				key.interestOps(SelectionKey.OP_READ);
			}
		}
		if (key.isReadable() && c.read(b[1]) < 0) {
			c.close();
			return 1;
		}
		return 0;
	}

	static void dgramServe() throws Exception {
		DatagramChannel s = DatagramChannel.open().bind(new InetSocketAddress(port));
		ByteBuffer b = ByteBuffer.allocate(2000);
		System.out.println("ready");
		for (;;) {
			b.clear();
			SocketAddress from = s.receive(b);
			b.flip();
			s.send(b, from);
		}
	}

	static void dgramAsk() throws Exception {
		try (DatagramSocket s = new DatagramSocket()) {
			byte[] data = "datagram".getBytes();
			DatagramPacket got = new DatagramPacket(new byte[100], 100);
			s.connect(new InetSocketAddress(host, port));
			s.setSoTimeout(200);
			for (int k = 0; k < 50; k++) {
				s.send(new DatagramPacket(data, data.length));
				try {
					s.receive(got);
					break;
				} catch (SocketTimeoutException again) {
				}
			}
			check(got.getLength() == data.length, "no datagram");
		}
		System.out.println("fine");
	}

	static void httpServe() throws Exception {
		HttpServer s = HttpServer.create(new InetSocketAddress(port), 0);
		s.createContext("/", (x) -> {
			byte[] body = x.getRequestBody().readAllBytes();
			x.sendResponseHeaders(200, body.length);
			x.getResponseBody().write(body);
			x.close();
		});
		s.setExecutor(Executors.newFixedThreadPool(4));
		s.start();
		System.out.println("ready");
	}

	static void httpAsk() throws Exception {
		HttpClient client = HttpClient.newHttpClient();
		List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>();
		for (int k = 0; k < 10; k++)
			all.add(client.sendAsync(HttpRequest.newBuilder(
				URI.create("http://" + host + ":" + port + "/"))
				.POST(HttpRequest.BodyPublishers.ofByteArray(pattern(k))).build(),
				HttpResponse.BodyHandlers.ofByteArray()));
		for (int k = 0; k < 10; k++)
			check(Arrays.equals(all.get(k).get().body(), pattern(k)), "body " + k);
		System.out.println("fine");
		System.exit(0);
	}

	public static void main(String[] args) throws Exception {
		host = args[1];
		port = Integer.parseInt(args[2]);
		Peer.class.getDeclaredMethod(args[0]).invoke(null);
	}
}
