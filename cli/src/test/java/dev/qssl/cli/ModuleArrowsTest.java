package dev.qssl.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The arrows between the modules: from the command line through the kit to the API, and from each backend to the SPI. */
class ModuleArrowsTest {

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.qssl");

    /** What the SPI speaks in besides its own values and the JDK's. */
    private static final Set<String> LEAVES = Set.of("dev.qssl.QSsl", "dev.qssl.SslError");

    private static final DescribedPredicate<JavaClass> API = DescribedPredicate.describe(
            "the API",
            type -> resideInAnyPackage("dev.qssl", "dev.qssl.net..", "dev.qssl.spi..", "dev.qssl.internal..")
                    .test(type));

    private static final DescribedPredicate<JavaClass> BEYOND_THE_SPI = DescribedPredicate.describe(
            "the API beyond the SPI",
            type -> API.test(type)
                    && !resideInAPackage("dev.qssl.spi..").test(type)
                    && !LEAVES.contains(type.getName().replaceFirst("\\$.*", "")));

    @Test
    void everyModule_isSeen() {
        assertThat(ALL.stream().map(JavaClass::getPackageName).distinct())
                .contains("dev.qssl", "dev.qssl.spi", "dev.qssl.backend.jdk", "dev.qssl.tck.fixture", "dev.qssl.cli");
    }

    @Test
    void backends_neverSeeEachOther() {
        slices().matching("dev.qssl.backend.(*)..")
                .should()
                .notDependOnEachOther()
                .check(ALL);
    }

    @Test
    void backends_seeTheSpiAlone() {
        noClasses()
                .that()
                .resideInAPackage("dev.qssl.backend..")
                .should()
                .dependOnClassesThat(BEYOND_THE_SPI.or(
                        resideInAnyPackage("dev.qssl.tck..", "dev.qssl.benchmarks..", "dev.qssl.cli..")))
                .check(ALL);
    }

    @Test
    void backends_areSeenByNobody() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.qssl.backend..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.qssl.backend..")
                .check(ALL);
    }

    @Test
    void api_seesNoOtherModule() {
        classes()
                .that(API)
                .should()
                .onlyDependOnClassesThat(API.or(resideInAnyPackage("java..", "javax..", "org.jspecify.annotations")))
                .check(ALL);
    }

    @Test
    void tck_isSeenByTheCommandLineAndTheBenchmarksAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.qssl.tck..", "dev.qssl.benchmarks..", "dev.qssl.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.qssl.tck..")
                .check(ALL);
    }

    @Test
    void benchmarks_areSeenByTheCommandLineAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.qssl.benchmarks..", "dev.qssl.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.qssl.benchmarks..")
                .check(ALL);
    }

    @Test
    void commandLine_isSeenByNobodyAndSeesNothingInternal() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.qssl.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.qssl.cli..")
                .check(ALL);
        noClasses()
                .that()
                .resideInAPackage("dev.qssl.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.qssl.internal..")
                .check(ALL);
    }
}
