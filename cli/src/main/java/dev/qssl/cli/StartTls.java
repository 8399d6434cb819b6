package dev.qssl.cli;

import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The protocols that begin in clear and switch to TLS on request, each with its dialogue up to the go-ahead. */
enum StartTls {
    /** RFC 3207. */
    SMTP {
        @Override
        void ask(PlainDialogue dialogue) throws IOException {
            reply(dialogue, "220", "the greeting");
            dialogue.send("EHLO " + dialogue.addressLiteral());
            String offers = reply(dialogue, "250", "EHLO");
            if (offers.lines()
                    .noneMatch(
                            line -> line.substring(3).toUpperCase(Locale.ROOT).matches("[ -]STARTTLS *"))) {
                throw new IOException("the SMTP server does not offer STARTTLS here, or somebody on the way removed it"
                        + " from what it offers");
            }
            dialogue.send("STARTTLS");
            reply(dialogue, "220", "STARTTLS");
        }
    },
    /** RFC 9051, section 6.2.1. */
    IMAP {
        @Override
        void ask(PlainDialogue dialogue) throws IOException {
            String greeting = dialogue.readLine();
            if (!greeting.toUpperCase(Locale.ROOT).startsWith("* OK")) {
                // PREAUTH would leave the session logged in as somebody of an attacker's choice (RFC 9051, section
                // 11.1).
                throw unexpected("the greeting", "* OK", greeting);
            }
            dialogue.send("q1 STARTTLS");
            String answer = dialogue.readLine();
            while (answer.startsWith("* ")) {
                answer = dialogue.readLine();
            }
            if (!answer.toUpperCase(Locale.ROOT).startsWith("Q1 OK")) {
                throw unexpected("STARTTLS", "q1 OK", answer);
            }
        }
    },
    /** RFC 2595, section 4. */
    POP3 {
        @Override
        void ask(PlainDialogue dialogue) throws IOException {
            positive(dialogue, "the greeting");
            dialogue.send("STLS");
            positive(dialogue, "STLS");
        }

        private void positive(PlainDialogue dialogue, String to) throws IOException {
            String answer = dialogue.readLine();
            if (!answer.startsWith("+OK")) {
                throw unexpected(to, "+OK", answer);
            }
        }
    },
    /** RFC 4217. */
    FTP {
        @Override
        void ask(PlainDialogue dialogue) throws IOException {
            reply(dialogue, "220", "the greeting");
            dialogue.send("AUTH TLS");
            reply(dialogue, "234", "AUTH TLS");
        }
    },
    /** The SSLRequest message of PostgreSQL's frontend/backend protocol. */
    POSTGRES {
        @Override
        void ask(PlainDialogue dialogue) throws IOException {
            dialogue.send(new byte[] {0, 0, 0, 8, 0x04, (byte) 0xD2, 0x16, 0x2F});
            int answer = dialogue.readByte();
            if (answer == 'N') {
                throw new IOException("the PostgreSQL server is not set up for TLS (ssl = off)");
            }
            if (answer != 'S') {
                throw new IOException("expected S or N in answer to SSLRequest, not the byte 0x"
                        + Integer.toHexString(answer) + ": this is no PostgreSQL server, or a very old one");
            }
        }
    };

    /** Reads a name as it is written on the command line. */
    static final class Converter implements ITypeConverter<StartTls> {

        @Override
        public StartTls convert(String value) {
            return Stream.of(values())
                    .filter(protocol -> protocol.toString().equalsIgnoreCase(value.strip()))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + value + "' is none of "
                            + Stream.of(values()).map(StartTls::toString).collect(Collectors.joining(", "))));
        }
    }

    private static final Pattern REPLY = Pattern.compile("([0-9]{3})([ -]).*|([0-9]{3})");
    private static final int MAXIMUM_LINES = 1000;

    /**
     * Talks in clear until the server gives the go-ahead.
     *
     * @throws IOException if it refuses, does not know how, or says something else; the message says what and to what
     */
    abstract void ask(PlainDialogue dialogue) throws IOException;

    // Reads a reply of SMTP or FTP: one line, or several of which the last has a space behind the code.
    private static String reply(PlainDialogue dialogue, String wanted, String to) throws IOException {
        String line = dialogue.readLine();
        Matcher first = REPLY.matcher(line);
        if (!first.matches() || !line.startsWith(wanted)) {
            throw unexpected(to, wanted, line);
        }
        StringBuilder all = new StringBuilder(line).append('\n');
        for (int count = 1; "-".equals(first.group(2)) && !line.startsWith(wanted + " "); count++) {
            if (count == MAXIMUM_LINES) {
                throw new IOException("the answer to " + to + " has more than " + MAXIMUM_LINES + " lines");
            }
            line = dialogue.readLine();
            all.append(line).append('\n');
        }
        return all.toString();
    }

    private static IOException unexpected(String to, String wanted, String got) {
        return new IOException((to.startsWith("the ") ? "as " : "in answer to ") + to + " came \"" + got + "\", not \""
                + wanted + "\"");
    }

    /** {@return the name as it is written on the command line} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
