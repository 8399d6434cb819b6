package dev.qssl.spi.x509;

import dev.qssl.SslError;
import dev.qssl.spi.VerificationProblem;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a path, in the order of detection. One thread. */
final class Findings {

    private final CertificatePath path;
    private final List<VerificationProblem> problems = new ArrayList<>(0);

    Findings(CertificatePath path) {
        this.path = path;
    }

    /** Notes a problem with the certificate at a depth of the path; the same code is noted once per certificate. */
    void add(int depth, SslError code, String detail) {
        for (VerificationProblem problem : problems) {
            if (problem.depth() == depth && problem.code() == code) {
                return;
            }
        }
        problems.add(
                VerificationProblem.at(depth, path.certificates().get(depth).certificate(), code, detail));
    }

    /** {@return whether any certificate has one of these problems} */
    boolean has(SslError... codes) {
        for (VerificationProblem problem : problems) {
            if (List.of(codes).contains(problem.code())) {
                return true;
            }
        }
        return false;
    }

    List<VerificationProblem> problems() {
        return List.copyOf(problems);
    }
}
