package dev.qssl.tck.link;

import org.assertj.core.api.Assertions;

/** AssertJ's entry points, and those of the kit. To be imported statically. */
public final class TckAssertions extends Assertions {

    private TckAssertions() {}

    /** {@return what can be said about one end of a connection} */
    public static EndAssert assertThat(End end) {
        return new EndAssert(end);
    }
}
