package io.vmqtt.cluster.identity;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/** The files of one process. */
public final class IdentityFolder {
  private final IdentityFiles files;

  /** Of a process that shows a certificate of a role, and believes who has signed it. */
  public IdentityFolder(Path folder, TestAuthority authority, Role role) {
    this.files =
        new IdentityFiles(
            folder.resolve(role + ".pem"),
            folder.resolve(role + ".key"),
            null,
            folder.resolve(role + "-ca.pem"));
    authority.certificateTo(files.authority());
    show(signed(authority, role));
  }

  /** A certificate of a role. */
  public static Signed signed(TestAuthority authority, Role role) {
    return authority.signUris("one", ProvenRoles.uri(role));
  }

  /** From now on it shows this one. */
  public void show(Signed signed) {
    signed.certificateTo(files.certificate());
    signed.keyTo(files.key());
  }

  IdentityFiles files() {
    return files;
  }

  /** The process as that role. */
  public ProcessIdentity as(Role role) throws IOException {
    return new ProcessIdentity(role, files, InstantSource.system(), new SimpleMeterRegistry());
  }

  /** Has it take over what it shows now, without waiting for it. */
  public static void look(ProcessIdentity identity) {
    identity.look();
  }
}
