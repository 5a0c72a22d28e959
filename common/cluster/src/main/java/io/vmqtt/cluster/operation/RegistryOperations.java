package io.vmqtt.cluster.operation;

/** What registries can be asked by one another. */
public final class RegistryOperations {
  /** Lists what operators did by way of it, the latest first. */
  public static final Operation<DeedQuery, DeedPage> DEEDS =
      new Operation<>("deeds", DeedQuery.class, DeedPage.class);

  private RegistryOperations() {}
}
