# A server and a client of Ruby: threads, non-blocking calls, datagrams.
# SPDX-License-Identifier: BSD-2-Clause
require 'socket'
require 'net/http'

$stdout.sync = true
what, host, port = ARGV[0], ARGV[1], ARGV[2].to_i
case what
when 'serve'
  l = TCPServer.new('::', port)
  u = UDPSocket.new(Socket::AF_INET)
  u.bind('0.0.0.0', port)
  puts 'ready'
  Thread.new do
    loop do
      data, from = u.recvfrom(2000)
      u.send(data.reverse, 0, from[3], from[1])
    end
  end
  loop do
    Thread.new(l.accept) do |c|
      request = c.gets
      length = 0
      while (line = c.gets.chomp) != ''
        length = line.split[1].to_i if line =~ /^content-length/i
      end
      body = c.read(length).reverse
      c.write "HTTP/1.1 200 #{request.split[0]}\r\nContent-Length: #{length}\r\n" \
              "Connection: close\r\n\r\n#{body}"
      c.close
    end
  end
when 'ask'
  threads = (1..8).map do |k|
    Thread.new do
      body = "#{k} " * 30_000
      got = Net::HTTP.post(URI("http://#{host}:#{port}/"), body)
      raise 'bytes' unless got.body == body.reverse && got.message == 'POST'
    end
  end
  threads.each(&:join)
  u = UDPSocket.new
  u.connect(host, port)
  50.times do
    u.send('datagram', 0)
    next unless u.wait_readable(0.2)
    raise 'datagram' unless u.recv_nonblock(100) == 'margatad'
    puts 'fine'
    exit
  end
  raise 'no datagram came'
end
