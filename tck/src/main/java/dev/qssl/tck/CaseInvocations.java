package dev.qssl.tck;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.tck.peer.ForeignPeer;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Runs an {@link EachCase} test once per case. */
public final class CaseInvocations implements TestTemplateInvocationContextProvider {

    /** Called by JUnit. */
    public CaseInvocations() {}

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public boolean mayReturnZeroTestTemplateInvocationContexts(ExtensionContext context) {
        return true; // what is required is claimed, but in no version for both roles
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        List<Class<?>> wanted = List.of(context.getRequiredTestMethod().getParameterTypes());
        Collection<SslProtocol> versions = Subject.of(context).protocols(Requirements.of(context));
        List<Optional<SslProtocol>> protocols = wanted.contains(SslProtocol.class)
                ? versions.stream().map(Optional::of).toList()
                : List.of(Optional.empty());
        List<Optional<ForeignPeer>> peers = wanted.contains(ForeignPeer.class)
                ? ForeignPeer.all().stream().map(Optional::of).toList()
                : List.of(Optional.empty());
        return protocols.stream()
                .flatMap(protocol -> peers.stream().map(peer -> new Case(protocol, peer)))
                .filter(Case::isPossible)
                .map(found -> found);
    }

    private record Case(Optional<SslProtocol> protocol, Optional<ForeignPeer> peer)
            implements TestTemplateInvocationContext, ParameterResolver, BeforeEachCallback {

        boolean isPossible() {
            return protocol.isEmpty() || peer.isEmpty() || peer.get().speaks(protocol.get());
        }

        @Override
        public String getDisplayName(int index) {
            return Stream.of(protocol.map(SslProtocol::name), peer.map(ForeignPeer::name))
                    .flatMap(Optional::stream)
                    .collect(Collectors.joining(", "));
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(this);
        }

        @Override
        public void beforeEach(ExtensionContext context) {
            peer.ifPresent(ForeignPeer::require);
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return Arrays.asList(SslProtocol.class, ForeignPeer.class)
                    .contains(parameter.getParameter().getType());
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            Optional<?> value = parameter.getParameter().getType() == SslProtocol.class ? protocol : peer;
            return Objects.requireNonNull(value.orElse(null));
        }
    }
}
