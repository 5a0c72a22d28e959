package io.vmqtt.testkit.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rules of the house about compiled classes, each usable alone; {@link ModuleArchitecture}
 * bundles them for a module.
 */
public final class HouseRules {
  /** Words that hide a missing noun, wherever they stand in a camel-case name. */
  private static final Pattern HIDES_A_NOUN =
      Pattern.compile(
          "(Abstract[A-Z].*)|(I[A-Z][a-z].*)"
              + "|((.*[a-z0-9])?(Managers?|Utils?|Helpers?|Impl|Base)([A-Z].*)?)");

  /** What belongs to the rim: transport, wire formats, contracts and dependency injection. */
  private static final String[] RIM = {
    "io.netty..",
    "io.grpc..",
    "com.google.protobuf..",
    "io.vmqtt.proto..",
    "io.micronaut..",
    "jakarta.inject.."
  };

  /** Methods without a parameter that a test could turn: by class, by name. */
  private static final Map<String, Set<String>> CLOCKS_AND_DICE =
      Map.of(
          "java.lang.System", Set.of("currentTimeMillis", "nanoTime"),
          "java.lang.Math", Set.of("random"),
          "java.util.UUID", Set.of("randomUUID"),
          "java.util.Random", Set.of("<init>"),
          "java.util.SplittableRandom", Set.of("<init>"),
          "java.util.concurrent.ThreadLocalRandom", Set.of("current"));

  private HouseRules() {}

  /** No cycle among the packages; every package counts on its own, a parent too. */
  public static ArchRule noPackageCycles() {
    return slices()
        .assignedFrom(
            new SliceAssignment() {
              @Override
              public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                return SliceIdentifier.of(javaClass.getPackageName());
              }

              @Override
              public String getDescription() {
                return "packages";
              }
            })
        .namingSlices("$1")
        .should()
        .beFreeOfCycles();
  }

  /**
   * No {@code Manager}, {@code Util}, {@code Helper}, {@code Impl}, {@code Base}, {@code
   * Abstract…}, {@code I…}.
   */
  public static ArchRule namesAreNouns() {
    return noClasses()
        .should(
            be(
                describe(
                    "named Manager, Util, Helper, Impl, Base, Abstract... or I...",
                    javaClass -> HIDES_A_NOUN.matcher(javaClass.getSimpleName()).matches())))
        .because("such a name hides a missing noun");
  }

  /** Nobody sleeps: code waits for an event, a test for a condition with a deadline. */
  public static ArchRule nobodySleeps() {
    return noClasses()
        .should()
        .accessTargetWhere(describe("the target is Thread.sleep", access -> isThreadSleep(access)))
        .because("waiting for a time instead of a condition is slow and wrong at once");
  }

  /**
   * The packages (ArchUnit's syntax: {@code "io.vmqtt.gateway.connection.."}) know nothing of the
   * rim: no Netty, gRPC, protobuf, Micronaut or dependency injection.
   */
  public static ArchRule knowNothingOfTheRim(String... packages) {
    return noClasses()
        .that()
        .resideInAnyPackage(packages)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(RIM)
        .because("the rules of MQTT and of the cluster must outlive every library");
  }

  /**
   * Whatever is not in one of these packages (ArchUnit's syntax) knows nothing of the rim, so that
   * a new package is pure until somebody says that it is not. A module may be rim all over.
   */
  public static ArchRule onlyTheRimKnowsTheRim(String... rim) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(rim)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(RIM)
        .because("Netty, gRPC, protobuf and Micronaut have rooms of their own")
        .allowEmptyShould(true);
  }

  /** There is something of the rim in the package (ArchUnit's syntax): it is named for a reason. */
  public static ArchRule isRim(String rim) {
    return classes()
        .that()
        .resideInAPackage(rim)
        .should(
            new ArchCondition<JavaClass>("have somebody among them who knows the rim") {
              private boolean found;

              @Override
              public void check(JavaClass item, ConditionEvents events) {
                found |=
                    item.getDirectDependenciesFromSelf().stream()
                        .anyMatch(
                            dependency ->
                                resideInAnyPackage(RIM).test(dependency.getTargetClass()));
              }

              @Override
              public void finish(ConditionEvents events) {
                events.add(new SimpleConditionEvent(rim, found, rim + " has nothing of the rim"));
              }
            });
  }

  /**
   * Time and chance come from outside: neither a call nor a reference to the system's clocks and
   * dice.
   */
  public static ArchRule readNoClock(String... packages) {
    return noClasses()
        .that()
        .resideInAnyPackage(packages)
        .should()
        .accessTargetWhere(
            describe(
                "the target is a clock or dice of the system", access -> isClockOrDice(access)))
        .because("a decision must come out the same when it is replayed");
  }

  private static boolean isThreadSleep(JavaAccess<?> access) {
    return ownerOf(access).equals("java.lang.Thread")
        && access.getTarget().getName().equals("sleep");
  }

  private static boolean isClockOrDice(JavaAccess<?> access) {
    String owner = ownerOf(access);
    String name = access.getTarget().getName();
    if (owner.equals("java.time.Clock") || owner.equals("java.time.InstantSource")) {
      return name.startsWith("system") || name.startsWith("tick");
    }
    boolean withoutParameters = access.getTarget().getFullName().endsWith("()");
    if (owner.startsWith("java.time.")) {
      return name.equals("now") && withoutParameters;
    }
    return withoutParameters && CLOCKS_AND_DICE.getOrDefault(owner, Set.of()).contains(name);
  }

  private static String ownerOf(JavaAccess<?> access) {
    return access.getTargetOwner().getFullName();
  }
}
