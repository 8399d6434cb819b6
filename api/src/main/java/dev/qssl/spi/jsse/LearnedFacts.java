package dev.qssl.spi.jsse;

/**
 * What a library does not say of itself and has to be found out; shared by all connections of a backend.
 *
 * @param received tells the peer's alerts from the library's exceptions
 * @param sent tells our alerts from the library's exceptions
 * @param recordPlaintext how much fits into a record
 */
record LearnedFacts(ReceivedAlerts received, SentAlerts sent, RecordPlaintext recordPlaintext) {

    /** {@return facts that are still to be found out, each when it is needed first} */
    static LearnedFacts about(JsseLibrary library) {
        ReceivedAlerts received = new ReceivedAlerts(library);
        return new LearnedFacts(received, new SentAlerts(library, received), new RecordPlaintext());
    }
}
