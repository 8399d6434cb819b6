package dev.qssl.tck;

/** Rules that a backend must obey, to be told which one. */
public interface Contract {

    /**
     * Says what to certify. Called by the kit before anything else.
     *
     * @param backend the backend under test
     * @param driver who drives its sockets
     */
    void certify(Subject backend, Driving driver);
}
