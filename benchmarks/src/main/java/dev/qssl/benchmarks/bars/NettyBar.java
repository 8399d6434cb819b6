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
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Netty's SslHandler with NIO, on the JDK's provider or on BoringSSL by way of tcnative. */
final class NettyBar implements Bar {

    private static final int LOOPS = 2;
    private static final long TIME_LIMIT_SECONDS = 30;

    private final EventLoopGroup clientLoops = new MultiThreadIoEventLoopGroup(LOOPS, NioIoHandler.newFactory());
    private final EventLoopGroup serverLoops = new MultiThreadIoEventLoopGroup(LOOPS, NioIoHandler.newFactory());
    private final Library library;
    private final Handshakes handshakes;
    private final Witness witness;
    private final SslContext context;
    private final AtomicInteger connections = new AtomicInteger();

    NettyBar(Library library, Handshakes handshakes) throws GeneralSecurityException, IOException {
        this.library = library;
        this.handshakes = handshakes;
        this.witness = new Witness(Jsse.judge());
        SslContextBuilder builder = restricted(SslContextBuilder.forClient()).endpointIdentificationAlgorithm("HTTPS");
        if (handshakes == Handshakes.RESUMED) {
            context = builder.trustManager(witness).build();
        } else {
            context = builder.trustManager(Arena.authority()).build();
            context.sessionContext().setSessionCacheSize(1);
        }
    }

    /** What encrypts. */
    enum Library {
        /** The JDK's provider, which is fastest on arrays. */
        JDK("netty-jdk-nio", SslProvider.JDK),
        /** BoringSSL, which is fastest on direct buffers. */
        TCNATIVE("netty-tcnative-nio", SslProvider.OPENSSL);

        final String bar;
        final SslProvider provider;

        Library(String bar, SslProvider provider) {
            this.bar = bar;
            this.provider = provider;
        }

        /** {@return whether it runs here} */
        boolean isAvailable() {
            return this == JDK || OpenSsl.isAvailable();
        }
    }

    private SslContextBuilder restricted(SslContextBuilder builder) {
        builder.sslProvider(library.provider).protocols(Agreement.EXPECTED.protocol());
        // BoringSSL lets no suite of TLS 1.3 be chosen; what it negotiates is checked.
        return library == Library.JDK ? builder.ciphers(List.of(Agreement.EXPECTED.cipherSuite())) : builder;
    }

    @Override
    public String name() {
        return library.bar;
    }

    @Override
    public Server serve(Identity identity) throws Exception {
        SslContext server = restricted(SslContextBuilder.forServer(
                        identity.key(), identity.chain().toArray(X509Certificate[]::new)))
                .build();
        if (handshakes == Handshakes.RESUMED && server.sessionContext() instanceof OpenSslSessionContext sessions) {
            sessions.setTicketKeys(newTicketKey()); // without one it gives no tickets
        }
        return new Acceptor(server);
    }

    @Override
    public Client connect(int port) throws Exception {
        Handler handler = new Handler();
        SslHandler tls = newHandler(port);
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

    private static OpenSslSessionTicketKey newTicketKey() {
        SecureRandom random = new SecureRandom();
        byte[] name = new byte[OpenSslSessionTicketKey.NAME_SIZE];
        byte[] mac = new byte[OpenSslSessionTicketKey.HMAC_KEY_SIZE];
        byte[] secret = new byte[OpenSslSessionTicketKey.AES_KEY_SIZE];
        random.nextBytes(name);
        random.nextBytes(mac);
        random.nextBytes(secret);
        return new OpenSslSessionTicketKey(name, mac, secret);
    }

    // The port is only the key of the session cache: with another one each time, no session is resumed.
    private SslHandler newHandler(int port) {
        int key = handshakes == Handshakes.RESUMED ? port : 1 + Math.floorMod(connections.incrementAndGet(), 65_535);
        return context.newHandler(ByteBufAllocator.DEFAULT, Arena.HOST, key);
    }

    @Override
    public void close() {
        Future<?> unused = clientLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        Future<?> unusedToo = serverLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private Agreement clientAgreement(SslHandler tls) {
        SSLSession session = tls.engine().getSession();
        Handshakes began = handshakes == Handshakes.RESUMED ? witness.sawOf(tls.engine()) : Handshakes.FULL;
        return Agreement.of(session, null, began, peerIsExpected(session));
    }

    /** A server does not tell how it began: the client's word counts. */
    private Agreement serverAgreement(SslHandler tls) {
        return Agreement.of(tls.engine().getSession(), null, handshakes, true);
    }

    private static boolean peerIsExpected(SSLSession session) {
        try {
            return Arena.isServer(session.getPeerCertificates()[0]);
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

    private final class Connected implements Client, ClientScript.Wire {
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
            return clientAgreement(tls);
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
            send(Unpooled.wrappedBuffer(bytes, 0, length));
        }

        private void send(ByteBuf bytes) {
            Future<?> unused = channel.write(bytes, channel.voidPromise());
        }

        @Override
        public ClientScript.Payload payload(int bytes) {
            return library == Library.JDK
                    ? ClientScript.Wire.super.payload(bytes)
                    : new Pooled(channel.alloc().directBuffer(bytes).writeZero(bytes));
        }

        /** A pooled direct buffer of which every write is a part, without a copy. */
        private final class Pooled implements ClientScript.Payload {
            private final ByteBuf whole;

            Pooled(ByteBuf whole) {
                this.whole = whole;
            }

            @Override
            public void write(int length) {
                send(whole.retainedSlice(0, length));
            }

            @Override
            public void release() {
                whole.release();
            }
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

            @Override
            public void userEventTriggered(ChannelHandlerContext context, Object event) {
                if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
                    last = serverAgreement(context.pipeline().get(SslHandler.class));
                }
            }

            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                ByteBuf bytes = (ByteBuf) message;
                ByteBuffer replies = ThreadBuffers.get().replies();
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
