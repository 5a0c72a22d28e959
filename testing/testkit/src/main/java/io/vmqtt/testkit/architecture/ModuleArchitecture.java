package io.vmqtt.testkit.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * The house rules for one module, as tests:
 *
 * <pre>{@code
 * class ArchitectureTest {
 *   @TestFactory
 *   Stream<DynamicTest> houseRules() {
 *     return ModuleArchitecture.of("io.vmqtt.gateway").rim("codec", "link").pure("access").tests();
 *   }
 * }
 * }</pre>
 *
 * <p>Immutable. A package named here must have classes: a rule about nothing fails.
 */
public final class ModuleArchitecture {
  private final String rootPackage;
  private final List<String> pure;
  private final List<String> rim;

  private ModuleArchitecture(String rootPackage, List<String> pure, List<String> rim) {
    this.rootPackage = rootPackage;
    this.pure = pure;
    this.rim = rim;
  }

  /**
   * A module whose packages all lie under {@code rootPackage}; none of them is of the rim, and none
   * is pure yet.
   */
  public static ModuleArchitecture of(String rootPackage) {
    return new ModuleArchitecture(rootPackage, List.of(), List.of());
  }

  /**
   * Names the packages that may know Netty, gRPC, protobuf, Micronaut and dependency injection: all
   * others may not.
   *
   * @param subpackages relative to the root package, each without those below it; the empty string
   *     is the root package
   */
  public ModuleArchitecture rim(String... subpackages) {
    return new ModuleArchitecture(
        rootPackage,
        pure,
        Stream.of(subpackages).map(one -> rootPackage + (one.isEmpty() ? "" : "." + one)).toList());
  }

  /**
   * Declares a package and all below it pure: nothing of the rim, no clocks, no dice.
   *
   * @param subpackage relative to the root package; the empty string is the whole module
   */
  public ModuleArchitecture pure(String subpackage) {
    return new ModuleArchitecture(rootPackage, plus(pure, subpackage), rim);
  }

  /** The rules that hold for tests, too, for a module that has nothing else. */
  public static Stream<DynamicTest> ofTestsOnly(String rootPackage) {
    JavaClasses classes = new ClassFileImporter().importPackages(rootPackage);
    return Stream.of(
        test("packages have no cycles", HouseRules.noPackageCycles(), classes),
        test("names are nouns", HouseRules.namesAreNouns(), classes),
        test("nobody sleeps", HouseRules.nobodySleeps(), classes));
  }

  /** One test per rule; classes are read from the class path of the calling module. */
  public Stream<DynamicTest> tests() {
    JavaClasses everything = new ClassFileImporter().importPackages(rootPackage);
    JavaClasses production =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(rootPackage);
    List<DynamicTest> tests = new ArrayList<>();
    tests.add(test("packages have no cycles", HouseRules.noPackageCycles(), production));
    tests.add(test("names are nouns", HouseRules.namesAreNouns(), everything));
    tests.add(test("nobody sleeps", HouseRules.nobodySleeps(), everything));
    tests.add(
        test(
            "only the rim knows the rim",
            HouseRules.onlyTheRimKnowsTheRim(rim.toArray(String[]::new)),
            production));
    for (String pattern : rim) {
      tests.add(test(pattern + " is part of the rim", HouseRules.isRim(pattern), production));
    }
    for (String pattern : pure) {
      tests.add(
          test(
              pattern + " knows nothing of the rim",
              HouseRules.knowNothingOfTheRim(pattern),
              production));
      tests.add(test(pattern + " reads no clock", HouseRules.readNoClock(pattern), production));
    }
    return tests.stream();
  }

  private static DynamicTest test(String name, ArchRule rule, JavaClasses classes) {
    return DynamicTest.dynamicTest(name, () -> rule.check(classes));
  }

  private List<String> plus(List<String> patterns, String subpackage) {
    String pattern = rootPackage + (subpackage.isEmpty() ? "" : "." + subpackage) + "..";
    return Stream.concat(patterns.stream(), Stream.of(pattern)).toList();
  }
}
