// TLS 1.3 by Qt's QSslSocket, driven by event loops: the original that QSSL's API is modelled on.
//
// Two event loops on each side, everything done in slots, writes while less than 256 KiB wait to be sent. The client
// verifies the server's chain and host name. Two processes play the two sides:
//
//   qt serve   full CHAIN.pem KEY.pem
//   qt connect full AUTHORITY.pem HOST PORT
//
// Both read orders from standard input, one a line, and answer each with one line; the end of the input ends them. What they
// are asked for is in Program.java, what the server does with a connection's bytes in ServerScript.java.
#include <QCoreApplication>
#include <QFile>
#include <QHostAddress>
#include <QSslCertificate>
#include <QSslCipher>
#include <QSslConfiguration>
#include <QSslEllipticCurve>
#include <QSslKey>
#include <QSslSocket>
#include <QTcpServer>
#include <QThread>
#include <QtEndian>
#include <algorithm>
#include <array>
#include <csignal>
#include <ctime>
#include <deque>
#include <functional>
#include <future>
#include <iostream>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

constexpr qsizetype messageBytes = 64;
constexpr qint64 readBytes = 128 * 1024;
constexpr qint64 highWater = 256 * 1024;
constexpr qint64 blockBytes = 32 << 20; // of bulk data, between two looks at the clock
constexpr int loops = 2;

[[noreturn]] void fail(const QString &reason)
{
    std::cout << "failed " << reason.simplified().toStdString() << std::endl;
    _exit(1);
}

quint64 nanos(clockid_t clock)
{
    timespec time;
    clock_gettime(clock, &time);
    return quint64(time.tv_sec) * 1'000'000'000 + quint64(time.tv_nsec);
}

quint64 now() { return nanos(CLOCK_MONOTONIC); }

quint64 processorTime() { return nanos(CLOCK_PROCESS_CPUTIME_ID); }

// An object on a thread with an event loop of its own.
class Loop : public QObject
{
public:
    Loop()
    {
        moveToThread(&own);
        own.start();
    }

    void run(std::function<void()> task) { QMetaObject::invokeMethod(this, std::move(task), Qt::QueuedConnection); }

private:
    QThread own; // never ends: the process does
};

QByteArray contentOf(const char *name)
{
    QFile file(QFile::decodeName(name));
    if (!file.open(QIODevice::ReadOnly)) {
        fail(QString("cannot read ") + name);
    }
    return file.readAll();
}

QSslConfiguration commonConfiguration()
{
    const QSslEllipticCurve group = QSslEllipticCurve::fromShortName("X25519");
    if (!group.isValid()) {
        fail("X25519 is unknown");
    }
    QSslConfiguration configuration;
    configuration.setProtocol(QSsl::TlsV1_3);
    configuration.setCiphers({QSslCipher("TLS_AES_128_GCM_SHA256")});
    configuration.setEllipticCurves({group});
    return configuration;
}

// Qt does not tell the group and resumes nothing that it was not given.
std::string agreement(const QSslSocket &socket, bool verified)
{
    const bool is13 = socket.sessionProtocol() == QSsl::TlsV1_3;
    return std::string("agreement ") + (is13 ? "TLSv1.3 " : "another ") + socket.sessionCipher().name().toStdString()
        + " ? full " + (verified ? "verified" : "unverified");
}

// What a server does with the bytes of one connection.
class Script
{
public:
    // Takes what came and returns the answers.
    QByteArray take(const char *bytes, qint64 count)
    {
        QByteArray replies;
        while (count > 0) {
            const qint64 used = left > 0 ? swallow(count, replies)
                : command == 0           ? begin(*bytes, replies)
                                         : collect(bytes, count, replies);
            bytes += used;
            count -= used;
        }
        return replies;
    }

private:
    qint64 begin(char next, QByteArray &replies)
    {
        if (next == 'H') {
            replies += 'h';
        } else if (next == 'B' || next == 'P') {
            command = next;
            head.clear();
        } else {
            fail("the client sent an unknown command");
        }
        return 1;
    }

    qint64 collect(const char *bytes, qint64 count, QByteArray &replies)
    {
        const qsizetype whole = command == 'B' ? qsizetype(sizeof(quint64)) : messageBytes;
        const qint64 used = std::min<qint64>(count, whole - head.size());
        head.append(bytes, used);
        if (head.size() == whole) {
            if (command == 'B') {
                left = qFromBigEndian<qint64>(head.constData());
            } else {
                replies += head;
            }
            command = 0;
        }
        return used;
    }

    qint64 swallow(qint64 count, QByteArray &replies)
    {
        const qint64 used = std::min(count, left);
        left -= used;
        if (left == 0) {
            replies += 'b';
        }
        return used;
    }

    char command = 0;
    QByteArray head;
    qint64 left = 0;
};

class Server : public QTcpServer
{
public:
    Server(const char *chain, const char *key) : configuration(commonConfiguration())
    {
        configuration.setLocalCertificateChain(QSslCertificate::fromData(contentOf(chain)));
        configuration.setPrivateKey(QSslKey(contentOf(key), QSsl::Ec));
        configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
        if (configuration.localCertificate().isNull() || configuration.privateKey().isNull()) {
            fail("certificate or key");
        }
        setMaxPendingConnections(4096);
    }

    // On the server's own loop.
    quint16 start()
    {
        if (!listen(QHostAddress::LocalHost)) {
            fail(errorString());
        }
        return serverPort();
    }

    std::string lastAgreement()
    {
        const std::lock_guard<std::mutex> locked(lock);
        return last;
    }

protected:
    void incomingConnection(qintptr descriptor) override
    {
        Loop &loop = serving[next++ % loops];
        loop.run([this, &loop, descriptor] { serve(loop, descriptor); });
    }

private:
    void serve(Loop &loop, qintptr descriptor)
    {
        auto *socket = new QSslSocket(&loop);
        socket->setSslConfiguration(configuration);
        if (!socket->setSocketDescriptor(descriptor)) {
            fail(socket->errorString());
        }
        socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        auto script = std::make_shared<Script>();
        connect(socket, &QSslSocket::encrypted, socket, [this, socket] {
            const std::lock_guard<std::mutex> locked(lock);
            last = agreement(*socket, true);
        });
        connect(socket, &QSslSocket::readyRead, socket, [socket, script] {
            thread_local std::vector<char> received(readBytes);
            for (qint64 count; (count = socket->read(received.data(), readBytes)) > 0;) {
                const QByteArray replies = script->take(received.data(), count);
                if (!replies.isEmpty()) {
                    socket->write(replies);
                }
            }
        });
        connect(socket, &QSslSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QSslSocket::errorOccurred, socket, [socket] {
            if (!socket->isEncrypted()) {
                socket->deleteLater();
            }
        });
        socket->startServerEncryption();
    }

    QSslConfiguration configuration;
    std::array<Loop, loops> serving;
    unsigned next = 0;
    std::mutex lock;
    std::string last = "failed nobody connected yet";
};

struct Target
{
    QSslConfiguration configuration;
    QString host;
    quint16 port;
};

// One client on one loop: a connection at a time, and what is done with it.
class Client : public QObject
{
public:
    using Done = std::function<void()>;
    using Refused = std::function<void(QString)>;

    explicit Client(const Target &target) : target(target) { }

    ~Client() override { delete socket; }

    // Connects, sends a byte and waits for the answer.
    void open(Done opened, Refused refused)
    {
        socket = new QSslSocket(this);
        socket->setSslConfiguration(target.configuration);
        socket->setPeerVerifyName(target.host);
        connect(socket, &QSslSocket::connected, this,
            [this] { socket->setSocketOption(QAbstractSocket::LowDelayOption, 1); });
        connect(socket, &QSslSocket::encrypted, this, [this, opened] {
            expect('h', opened);
            socket->write("H", 1);
        });
        connect(socket, &QSslSocket::errorOccurred, this, [this, refused] {
            const auto errors = socket->sslHandshakeErrors();
            errors.isEmpty() ? fail(socket->errorString()) : refused(errors.first().errorString());
        });
        connect(socket, &QSslSocket::readyRead, this, [this] { received(); });
        connect(socket, &QSslSocket::encryptedBytesWritten, this, [this] { writable(); });
        socket->connectToHostEncrypted("127.0.0.1", target.port);
    }

    // Ends the connection in the orderly way, without waiting.
    void close()
    {
        socket->disconnect(this);
        connect(socket, &QSslSocket::disconnected, socket, &QObject::deleteLater);
        socket->disconnectFromHost();
        if (socket->state() == QAbstractSocket::UnconnectedState) {
            socket->deleteLater();
        }
        socket = nullptr;
    }

    std::string agreed() const
    {
        return agreement(*socket, socket->sslHandshakeErrors().isEmpty() && !socket->peerCertificate().isNull());
    }

    // One connection after the other.
    void shakeHandsUntil(quint64 end, quint64 *count, Done done)
    {
        open(
            [this, end, count, done] {
                ++*count;
                close();
                now() < end ? shakeHandsUntil(end, count, done) : done();
            },
            [](const QString &reason) { fail("the server was refused: " + reason); });
    }

    // Writes a block of bulk data, and waits until the server has decrypted the last byte.
    void upload(qint64 chunk, Done done)
    {
        payload.resize(chunk, 0);
        left = blockBytes;
        expect('b', std::move(done));
        QByteArray head(1 + sizeof(quint64), 'B');
        qToBigEndian<quint64>(blockBytes, head.data() + 1);
        socket->write(head);
        writable();
    }

    // Sends a message, and waits for the echo.
    void ping(Done done)
    {
        static const QByteArray message = QByteArray(1 + messageBytes, 0).replace(0, 1, "P");
        missing = messageBytes;
        answered = std::move(done);
        wanted = 0;
        socket->write(message);
    }

private:
    void expect(char answer, Done done)
    {
        missing = 1;
        wanted = answer;
        answered = std::move(done);
    }

    void received()
    {
        std::array<char, messageBytes> bytes;
        while (missing > 0) {
            const qint64 count = socket->read(bytes.data(), missing);
            if (count <= 0) {
                return;
            }
            missing -= count;
            if (wanted != 0 && bytes[0] != wanted) {
                fail("the server answered something else");
            }
            if (missing == 0) {
                const Done done = answered; // a copy: it may start the next thing, or close the connection
                return done();
            }
        }
    }

    void writable()
    {
        while (left > 0 && socket->bytesToWrite() + socket->encryptedBytesToWrite() < highWater) {
            const qint64 count = std::min<qint64>(left, payload.size());
            left -= count; // before the write, which may call back
            socket->write(payload.constData(), count);
        }
    }

    const Target &target;
    QSslSocket *socket = nullptr;
    QByteArray payload;
    qint64 left = 0;
    qint64 missing = 0;
    char wanted = 0;
    Done answered;
};

// Runs a client's work on a loop and waits until it says that it is done.
class Errand
{
public:
    using Work = std::function<void(Client &, Client::Done)>;

    Errand(Loop &loop, const Target &target, Work work)
    {
        loop.run([this, &target, work] {
            auto *client = new Client(target);
            work(*client, [this, client] {
                client->deleteLater();
                finished.set_value();
            });
        });
    }

    void wait() { finished.get_future().wait(); }

private:
    std::promise<void> finished;
};

[[noreturn]] void refuse(const QString &reason) { fail("the server was refused: " + reason); }

class Commands
{
public:
    Commands(const char *authority, const char *host, const char *port)
        : target{commonConfiguration(), QString::fromLatin1(host), quint16(std::stoi(port))}
    {
        const auto trusted = QSslCertificate::fromData(contentOf(authority));
        if (trusted.isEmpty()) {
            fail("authority");
        }
        target.configuration.setCaCertificates(trusted);
        target.configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    }

    std::string answer(std::istringstream &order, const std::string &name)
    {
        if (name == "check") {
            return check();
        }
        quint64 size = 0;
        quint64 duration = 0;
        name == "ping" ? order >> duration : order >> size >> duration;
        if (order && name == "handshakes") {
            return shakeHands(size, duration);
        }
        if (order && name == "upload") {
            return upload(qint64(size), duration);
        }
        if (!order || name != "ping") {
            fail("unknown order");
        }
        return ping(duration);
    }

private:
    std::string check()
    {
        std::string result;
        Errand(clients[0], target, [&result](Client &client, const Client::Done &done) {
            client.open(
                [&result, &client, done] {
                    result = client.agreed();
                    client.close();
                    done();
                },
                [&result, done](const QString &reason) {
                    result = "refused " + reason.toStdString();
                    done();
                });
        }).wait();
        return result;
    }

    std::string shakeHands(quint64 count, quint64 duration)
    {
        std::vector<quint64> counts(count);
        std::deque<Errand> errands;
        const quint64 used = processorTime();
        const quint64 start = now();
        for (quint64 i = 0; i < count; i++) {
            errands.emplace_back(clients[i % loops], target,
                [&counts, i, end = start + duration](Client &client, const Client::Done &done) {
                    client.shakeHandsUntil(end, &counts[i], done);
                });
        }
        quint64 sum = 0;
        for (quint64 i = 0; i < count; i++) {
            errands[i].wait();
            sum += counts[i];
        }
        return report("handshakes", sum, now() - start, processorTime() - used);
    }

    // Opens a connection, repeats something until the time is over, and notes when it began and ended.
    struct Measured
    {
        quint64 start = 0;
        quint64 time = 0;
        quint64 used = 0;
    };

    using Step = std::function<void(Client &, Client::Done)>;

    Measured repeat(quint64 duration, const Step &step)
    {
        Measured measured;
        Errand(clients[0], target, [&measured, duration, step](Client &client, const Client::Done &done) {
            client.open(
                [&measured, &client, duration, step, done] {
                    measured.used = processorTime();
                    measured.start = now();
                    again(measured, client, duration, step, done);
                },
                refuse);
        }).wait();
        return measured;
    }

    static void again(Measured &measured, Client &client, quint64 duration, const Step &step, const Client::Done &done)
    {
        step(client, [&measured, &client, duration, step, done] {
            measured.time = now() - measured.start;
            if (measured.time < duration) {
                again(measured, client, duration, step, done);
            } else {
                measured.used = processorTime() - measured.used;
                client.close();
                done();
            }
        });
    }

    std::string upload(qint64 chunk, quint64 duration)
    {
        quint64 bytes = 0;
        const Measured measured = repeat(duration, [&bytes, chunk](Client &client, const Client::Done &done) {
            client.upload(chunk, [&bytes, done] {
                bytes += blockBytes;
                done();
            });
        });
        return report("bytes", bytes, measured.time, measured.used);
    }

    std::string ping(quint64 duration)
    {
        std::vector<quint64> times;
        const Measured measured = repeat(duration, [&times](Client &client, const Client::Done &done) {
            client.ping([&times, start = now(), done] {
                times.push_back(now() - start);
                done();
            });
        });
        std::sort(times.begin(), times.end());
        return report("pings", times.size(), measured.time, measured.used) + " " + std::to_string(times[times.size() / 2]) + " "
            + std::to_string(times[times.size() * 99 / 100]);
    }

    static std::string report(const char *name, quint64 count, quint64 time, quint64 used)
    {
        return std::string(name) + " " + std::to_string(count) + " " + std::to_string(time) + " " + std::to_string(used);
    }

    Target target;
    std::array<Loop, loops> clients;
};

void answerOrders(const std::function<std::string(std::istringstream &, const std::string &)> &answer)
{
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream order(line);
        std::string name;
        order >> name;
        std::cout << answer(order, name) << std::endl;
    }
    _exit(0); // the loops would keep the process alive
}

void serve(const char *chain, const char *key)
{
    Loop accepting;
    Server server(chain, key);
    server.moveToThread(accepting.thread());
    std::promise<quint16> started;
    accepting.run([&server, &started] { started.set_value(server.start()); });
    const quint16 port = started.get_future().get();
    answerOrders([&server, port](std::istringstream &, const std::string &name) {
        return name == "port"     ? "port " + std::to_string(port)
            : name == "processor" ? "processor " + std::to_string(processorTime())
            : name == "check"     ? server.lastAgreement()
                                  : std::string("failed unknown order");
    });
}

} // namespace

int main(int count, char **arguments)
{
    const std::string side = count > 2 ? arguments[1] : "";
    const bool full = count > 2 && std::string(arguments[2]) == "full";
    if (!full || !((side == "serve" && count == 5) || (side == "connect" && count == 6))) {
        std::cerr << "usage: qt serve full CHAIN KEY, or connect full AUTHORITY HOST PORT" << std::endl;
        return 2;
    }
    std::signal(SIGPIPE, SIG_IGN);
    QCoreApplication application(count, arguments);
    if (side == "serve") {
        serve(arguments[3], arguments[4]);
    } else {
        Commands commands(arguments[3], arguments[4], arguments[5]);
        answerOrders([&commands](std::istringstream &order, const std::string &name) { return commands.answer(order, name); });
    }
}
