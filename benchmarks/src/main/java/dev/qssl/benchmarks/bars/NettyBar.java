package dev.qssl.benchmarks.bars;

import dev.qssl.spi.Identity;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Netty's SslHandler on the JDK's provider, with NIO. */
final class NettyBar implements Bar {

    static final String NAME = "netty-jdk-nio";

    private static final int LOOPS = 2;
    private static final long TIME_LIMIT_SECONDS = 30;

    private final EventLoopGroup clientLoops = new MultiThreadIoEventLoopGroup(LOOPS, NioIoHandler.newFactory());
    private final EventLoopGroup serverLoops = new MultiThreadIoEventLoopGroup(LOOPS, NioIoHandler.newFactory());
    private final SslContext context;
    private final AtomicInteger connections = new AtomicInteger();

    NettyBar() throws SSLException {
        context = restricted(SslContextBuilder.forClient())
                .trustManager(Arena.authority())
                .endpointIdentificationAlgorithm("HTTPS")
                .build();
        context.sessionContext().setSessionCacheSize(1);
    }

    private static SslContextBuilder restricted(SslContextBuilder builder) {
        return builder.sslProvider(SslProvider.JDK)
                .protocols(Agreement.EXPECTED.protocol())
                .ciphers(List.of(Agreement.EXPECTED.cipherSuite()));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Server serve(Identity identity) throws Exception {
        SslContext server = restricted(SslContextBuilder.forServer(
                        identity.key(), identity.chain().toArray(X509Certificate[]::new)))
                .build();
        return new Acceptor(server);
    }

    @Override
    public Client connect(int port) throws Exception {
        Handler handler = new Handler();
        SslHandler tls = newHandler();
        Bootstrap bootstrap = new Bootstrap()
                .group(clientLoops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(Arena.HIGH_WATER / 2, Arena.HIGH_WATER))
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(tls, handler);
                    }
                });
        Channel channel = bootstrap.connect(Arena.address(port)).sync().channel();
        Future<Channel> shaken = tls.handshakeFuture();
        if (!shaken.await(TIME_LIMIT_SECONDS, TimeUnit.SECONDS) || !shaken.isSuccess()) {
            Future<?> unused = channel.close();
            throw RefusedException.of("the handshake failed", shaken.cause());
        }
        return new Connected(channel, handler, tls);
    }

    // The port is only the key of the session cache: with another one each time, no session is resumed.
    private SslHandler newHandler() {
        int key = 1 + Math.floorMod(connections.incrementAndGet(), 65_535);
        return context.newHandler(ByteBufAllocator.DEFAULT, Arena.HOST, key);
    }

    @Override
    public void close() {
        Future<?> unused = clientLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        Future<?> unusedToo = serverLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static Agreement agreement(SslHandler tls, boolean client) {
        SSLSession session = tls.engine().getSession();
        return new Agreement(session.getProtocol(), session.getCipherSuite(), true, !client || peerIsExpected(session));
    }

    private static boolean peerIsExpected(SSLSession session) {
        try {
            Certificate shown = session.getPeerCertificates()[0];
            return shown.equals(Arena.server().certificate());
        } catch (SSLPeerUnverifiedException e) {
            return false;
        }
    }

    /** Hands what comes to the client's script. */
    private static final class Handler extends ChannelInboundHandlerAdapter {
        private @Nullable ClientScript script;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            try {
                for (ByteBuffer part : bytes.nioBuffers()) {
                    if (script != null) {
                        script.received(part);
                    }
                }
            } finally {
                bytes.release();
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (script != null && context.channel().isWritable()) {
                script.writable();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (script != null) {
                script.ended(cause);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (script != null) {
                script.ended(new IOException("the connection ended"));
            }
        }
    }

    private static final class Connected implements Client, ClientScript.Wire {
        private final Channel channel;
        private final SslHandler tls;
        private final ClientScript script = new ClientScript(this);

        Connected(Channel channel, Handler handler, SslHandler tls) throws InterruptedException {
            this.channel = channel;
            this.tls = tls;
            channel.eventLoop().submit(() -> handler.script = script).sync();
        }

        @Override
        public Agreement agreement() {
            return NettyBar.agreement(tls, true);
        }

        @Override
        public void ask() throws Exception {
            script.ask();
        }

        @Override
        public void upload(long bytes, int chunk) throws Exception {
            script.upload(bytes, chunk);
        }

        @Override
        public void pingPong(long[] nanos) throws Exception {
            script.pingPong(nanos);
        }

        @Override
        public void close() {
            Future<?> unused = channel.close();
        }

        @Override
        public void write(byte[] bytes, int length) {
            Future<?> unused = channel.write(Unpooled.wrappedBuffer(bytes, 0, length), channel.voidPromise());
        }

        @Override
        public void flush() {
            channel.flush();
        }

        @Override
        public boolean isFull() {
            return !channel.isWritable();
        }

        @Override
        public void execute(Runnable task) {
            channel.eventLoop().execute(task);
        }
    }

    private final class Acceptor implements Server {
        private final Channel listening;
        private volatile @Nullable Agreement last;

        Acceptor(SslContext server) throws Exception {
            listening = new ServerBootstrap()
                    .group(serverLoops)
                    .channel(NioServerSocketChannel.class)
                    .option(ChannelOption.SO_BACKLOG, Arena.BACKLOG)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            channel.pipeline().addLast(server.newHandler(channel.alloc()), new Serving());
                        }
                    })
                    .bind(Arena.address(0))
                    .sync()
                    .channel();
        }

        @Override
        public int port() {
            return ((java.net.InetSocketAddress) listening.localAddress()).getPort();
        }

        @Override
        public Agreement lastAgreement() {
            return java.util.Objects.requireNonNull(last, "nobody connected yet");
        }

        @Override
        public void close() {
            listening.close().awaitUninterruptibly();
        }

        private final class Serving extends ChannelInboundHandlerAdapter {
            private final ServerScript script = new ServerScript();
            private final ByteBuffer replies = ByteBuffer.allocate(ServerScript.READ_BYTES);

            @Override
            public void userEventTriggered(ChannelHandlerContext context, Object event) {
                if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
                    last = agreement(context.pipeline().get(SslHandler.class), false);
                }
            }

            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                ByteBuf bytes = (ByteBuf) message;
                try {
                    for (ByteBuffer part : bytes.nioBuffers()) {
                        script.accept(part, replies);
                    }
                } finally {
                    bytes.release();
                }
                if (replies.position() > 0) {
                    Future<?> unused =
                            context.writeAndFlush(Unpooled.copiedBuffer(replies.flip()), context.voidPromise());
                    replies.clear();
                }
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                Future<?> unused = context.close();
            }
        }
    }
}
