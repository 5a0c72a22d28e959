package io.vmqtt.gateway.quic;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;

/**
 * How sockets of UDP are made here.
 *
 * @param loops the threads of connections
 * @param type of the sockets
 * @param spread whether each loop can have one, of the same port: the system spreads among them
 *     what comes, by where it comes from
 */
public record UdpSockets(
    EventLoopGroup loops, Class<? extends DatagramChannel> type, boolean spread) {}
