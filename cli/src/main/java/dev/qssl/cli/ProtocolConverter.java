package dev.qssl.cli;

import dev.qssl.QSsl.SslProtocol;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a TLS version or range as people write it: {@code 1.3}, {@code TLSv1.2}, {@code 1.2+}. */
final class ProtocolConverter implements ITypeConverter<SslProtocol> {

    private static final Map<String, SslProtocol> BY_NUMBER = Map.of(
            "1.0", SslProtocol.TLS_V1_0,
            "1", SslProtocol.TLS_V1_0,
            "1.1", SslProtocol.TLS_V1_1,
            "1.2", SslProtocol.TLS_V1_2,
            "1.3", SslProtocol.TLS_V1_3,
            "1.0+", SslProtocol.TLS_V1_0_OR_LATER,
            "1.1+", SslProtocol.TLS_V1_1_OR_LATER,
            "1.2+", SslProtocol.TLS_V1_2_OR_LATER,
            "1.3+", SslProtocol.TLS_V1_3_OR_LATER);

    @Override
    public SslProtocol convert(String value) {
        String text = value.strip().toLowerCase(Locale.ROOT);
        if (text.startsWith("dtls")) {
            throw new TypeConversionException("'" + value + "' is for datagrams; this command speaks TLS over TCP");
        }
        SslProtocol found = BY_NUMBER.get(text.replaceFirst("^tls[ _-]?v?", "").replace('_', '.'));
        if (found == null) {
            throw new TypeConversionException("'" + value + "' is no TLS version; write 1.2, 1.3, or 1.2+ for a range");
        }
        return found;
    }
}
