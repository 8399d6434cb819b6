package dev.qssl.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestTemplate;
import org.junit.platform.commons.support.AnnotationSupport;

class RuleCatalogueTest {

    @Test
    void everyTestOfAContract_isARule() {
        List<String> without = new ArrayList<>();
        contracts()
                .forEach(contract -> tests(contract).forEach(test -> {
                    if (!test.isAnnotationPresent(Rule.class)) {
                        without.add(contract.getSimpleName() + "." + test.getName());
                    }
                }));

        assertThat(without).isEmpty();
    }

    @Test
    void everyRule_hasAnIdOfItsOwnAndASource() {
        Map<String, String> places = new TreeMap<>();
        contracts()
                .forEach(contract -> tests(contract).forEach(test -> {
                    Rule rule = test.getAnnotation(Rule.class);
                    String place = contract.getSimpleName() + "." + test.getName();
                    assertThat(rule.id()).as(place).matches("[A-Z]+-[0-9]{3}");
                    assertThat(rule.source()).as(place).isNotBlank();
                    assertThat(places.putIfAbsent(rule.id(), place))
                            .as("%s is also %s", rule.id(), place)
                            .isNull();
                }));

        assertThat(places).hasSizeGreaterThan(150);
    }

    private static Stream<Class<?>> contracts() {
        return Stream.of(TckSuite.class.getDeclaredClasses())
                .filter(nested -> nested.isAnnotationPresent(Nested.class))
                .map(Class::getSuperclass);
    }

    private static Stream<Method> tests(Class<?> contract) {
        return Stream.of(contract.getDeclaredMethods())
                .filter(method -> AnnotationSupport.isAnnotated(method, Test.class)
                        || AnnotationSupport.isAnnotated(method, TestTemplate.class));
    }
}
