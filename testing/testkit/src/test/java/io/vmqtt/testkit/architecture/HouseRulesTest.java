package io.vmqtt.testkit.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Tries each rule on a house that breaks it: a rule that cannot fail would be worse than none. */
class HouseRulesTest {
  private static final String BROKEN_HOUSE = "io.vmqtt.brokenhouse.";
  private static final String TESTKIT = "io.vmqtt.testkit";

  @Test
  void noPackageCycles_parentAndChildUseEachOther_violated() {
    EvaluationResult result =
        HouseRules.noPackageCycles().evaluate(classesOf(BROKEN_HOUSE + "cycle"));

    assertEquals(1, result.getFailureReport().getDetails().size());
  }

  @Test
  void namesAreNouns_forbiddenNames_allFoundAndNoOther() {
    assertEquals(
        Set.of(
            "SessionManager",
            "ManagerOfSessions",
            "TopicUtil",
            "TopicUtils",
            "UtilTopics",
            "ConnectionHelper",
            "RouterImpl",
            "RouterImplV5",
            "RouterBase",
            "BaseRouter",
            "AbstractRouter",
            "IRouter"),
        nestedClassesBlamed(HouseRules.namesAreNouns(), "names"));
  }

  @Test
  void nobodySleeps_sleeper_violated() {
    assertTrue(
        HouseRules.nobodySleeps().evaluate(classesOf(BROKEN_HOUSE + "sleep")).hasViolation());
  }

  @Test
  void readNoClock_everyWayToReadOne_foundAndNoOther() {
    assertEquals(
        Set.of(
            "SystemNanos",
            "SystemMillis",
            "NanosByReference",
            "Now",
            "ClockOfTheSystem",
            "UnseededRandom",
            "ThreadsRandom",
            "RandomId"),
        nestedClassesBlamed(HouseRules.readNoClock(BROKEN_HOUSE + "clock.."), "clock"));
  }

  @Test
  void knowNothingOfTheRim_buffersAndMore_bothFound() {
    List<String> details = rimDetails(HouseRules.knowNothingOfTheRim(BROKEN_HOUSE + "rim.."));

    assertTrue(details.stream().anyMatch(detail -> detail.contains("Payload")), details::toString);
    assertTrue(
        details.stream().anyMatch(detail -> detail.contains("Attributes")), details::toString);
  }

  @Test
  void onlyTheRimKnowsTheRim_packageThatIsNotNamed_violated() {
    JavaClasses house = classesOf("io.vmqtt.brokenhouse");
    String rim = BROKEN_HOUSE + "rim";

    assertFalse(
        HouseRules.onlyTheRimKnowsTheRim(rim, rim + ".deep").evaluate(house).hasViolation());
    assertTrue(HouseRules.onlyTheRimKnowsTheRim(rim).evaluate(house).hasViolation());
  }

  @Test
  void onlyTheRimKnowsTheRim_noneNamed_everyPackageHeld() {
    assertTrue(
        HouseRules.onlyTheRimKnowsTheRim()
            .evaluate(classesOf(BROKEN_HOUSE + "rim"))
            .hasViolation());
  }

  @Test
  void tests_moduleWithoutRim_rimRuleAmongThem() {
    assertTrue(
        ModuleArchitecture.of(TESTKIT)
            .tests()
            .anyMatch(test -> test.getDisplayName().equals("only the rim knows the rim")));
  }

  @Test
  void isRim_packageWithNothingOfTheRim_violated() {
    assertFalse(
        HouseRules.isRim(BROKEN_HOUSE + "rim")
            .evaluate(classesOf(BROKEN_HOUSE + "rim"))
            .hasViolation());
    assertTrue(
        HouseRules.isRim(BROKEN_HOUSE + "names")
            .evaluate(classesOf(BROKEN_HOUSE + "names"))
            .hasViolation());
  }

  @Test
  void pure_packageWithoutClasses_fails() {
    List<String> failed =
        ModuleArchitecture.of(TESTKIT)
            .rim("tls")
            .pure("misspelt")
            .tests()
            .filter(
                test -> {
                  try {
                    test.getExecutable().execute();
                    return false;
                  } catch (Throwable failure) {
                    return true;
                  }
                })
            .map(test -> test.getDisplayName())
            .toList();

    assertEquals(
        List.of(
            "io.vmqtt.testkit.misspelt.. knows nothing of the rim",
            "io.vmqtt.testkit.misspelt.. reads no clock"),
        failed);
  }

  private static List<String> rimDetails(ArchRule rule) {
    return rule.evaluate(classesOf(BROKEN_HOUSE + "rim")).getFailureReport().getDetails();
  }

  /** The simple names of the nested classes that the violations name first. */
  private static Set<String> nestedClassesBlamed(ArchRule rule, String subpackage) {
    Pattern nested = Pattern.compile("[$](\\w+)[>. ]");
    return rule
        .evaluate(classesOf(BROKEN_HOUSE + subpackage))
        .getFailureReport()
        .getDetails()
        .stream()
        .map(nested::matcher)
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static JavaClasses classesOf(String rootPackage) {
    return new ClassFileImporter().importPackages(rootPackage);
  }
}
