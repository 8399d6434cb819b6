package dev.qssl;

import dev.qssl.QSsl.SslProtocol;
import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;

/** Protocol versions as people write them. */
final class VersionText {

    private VersionText() {}

    /** {@return the versions oldest first, such as {@code TLSv1.2, TLSv1.3}} */
    static String of(Collection<SslProtocol> versions) {
        return versions.stream()
                .sorted(Comparator.comparing(SslProtocol::isDatagram)
                        .thenComparing(Comparator.comparingInt(SslProtocol::wireVersion)))
                .map(SslProtocol::displayName)
                .collect(Collectors.joining(", "));
    }
}
