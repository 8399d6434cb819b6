package dev.qssl;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The arrows of this module: the JDK alone below it, and no circles between its files. */
class ArchitectureTest {

    private static final JavaClasses API = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.qssl");

    /** The enumerations of the public package that depend on nothing, so that everybody may speak in them. */
    private static final Set<String> LEAVES = Set.of("dev.qssl.QSsl", "dev.qssl.SslError");

    private static final DescribedPredicate<JavaClass> LEAF =
            DescribedPredicate.describe("leaf enumerations", type -> LEAVES.contains(fileOf(type)));

    private static final DescribedPredicate<JavaClass> JDK = resideInAnyPackage("java..", "javax..");

    @Test
    void everything_dependsOnTheJdkAlone() {
        classes()
                .should()
                .onlyDependOnClassesThat(JDK.or(resideInAnyPackage("dev.qssl..", "org.jspecify.annotations")))
                .check(API);
    }

    @Test
    void spi_speaksInJdkTypesItsOwnValuesAndTheLeaves() {
        classes()
                .that(resideInAPackage("dev.qssl.spi.."))
                .should()
                .onlyDependOnClassesThat(JDK.or(resideInAPackage("dev.qssl.spi.."))
                        .or(resideInAPackage("org.jspecify.annotations"))
                        .or(LEAF))
                .check(API);
    }

    @Test
    void leaves_dependOnNothing() {
        classes().that(LEAF).should().onlyDependOnClassesThat(JDK.or(LEAF)).check(API);
    }

    @Test
    void publicPackage_isUsedByNobodyBelowIt() {
        noClasses()
                .that(resideInAnyPackage("dev.qssl.net..", "dev.qssl.spi..", "dev.qssl.internal.."))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.qssl").and(DescribedPredicate.not(LEAF)))
                .check(API);
    }

    /** But for the one in Qt's own API: an error names its certificate, and QSslCertificate.verify returns errors. */
    @Test
    void files_formNoCircles() {
        slices().assignedFrom(new ByFile())
                .should()
                .beFreeOfCycles()
                .ignoreDependency(QSslCertificate.class, QSslError.class)
                .ignoreDependency(QSslCertificate.class, QSslConfiguration.class)
                .check(API);
    }

    private static String fileOf(JavaClass type) {
        String name = type.getBaseComponentType().getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    /** One slice per source file: a top-level class with all that is nested in it. */
    private static final class ByFile implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return type.getPackageName().startsWith("dev.qssl")
                    ? SliceIdentifier.of(fileOf(type))
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "source files";
        }
    }
}
