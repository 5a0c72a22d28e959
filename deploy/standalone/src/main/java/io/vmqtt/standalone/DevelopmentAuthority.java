package io.vmqtt.standalone;

import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.identity.ProvenRoles;
import io.vmqtt.cluster.tls.Certified;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** An authority of one's own, for the processes of a cluster: elliptic curves, P-256. */
final class DevelopmentAuthority {
  private static final String SIGNATURE = "SHA256withECDSA";
  private static final int SERIAL_BITS = 127;

  /** Clocks of other machines may be behind. */
  private static final Duration BEFORE_NOW = Duration.ofHours(1);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Certified authority;

  /** One that is there already. */
  DevelopmentAuthority(Certified authority) {
    this.authority = authority;
  }

  /** A new one. */
  static DevelopmentAuthority create(Instant now, Duration life) {
    KeyPair keys = keys();
    X500Principal name = name("V-MQTT development authority");
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name, serial(), from(now), Date.from(now.plus(life)), name, keys.getPublic());
    try {
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
          .addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      return new DevelopmentAuthority(
          new Certified(keys.getPrivate(), List.of(signed(builder, keys))));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("no authority", e);
    }
  }

  /** Its own certificate and key. */
  Certified certified() {
    return authority;
  }

  /** Whether it has signed a certificate. */
  boolean hasSigned(X509Certificate certificate) {
    try {
      certificate.verify(authority.leaf().getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /**
   * What processes of a role prove.
   *
   * @param hosts names and addresses of machines that they run on
   */
  static List<GeneralName> names(Role role, List<GeneralName> hosts) {
    List<GeneralName> names = new ArrayList<>();
    names.add(new GeneralName(GeneralName.uniformResourceIdentifier, ProvenRoles.uri(role)));
    names.addAll(hosts);
    return names;
  }

  /**
   * What a certificate proves.
   *
   * @throws IOException if it proves nothing, or it cannot be read
   */
  static List<GeneralName> namesOf(X509Certificate certificate) throws IOException {
    try {
      GeneralNames names =
          GeneralNames.fromExtensions(
              new JcaX509CertificateHolder(certificate).getExtensions(),
              Extension.subjectAlternativeName);
      if (names == null) {
        throw new IOException("it has no alternative names");
      }
      return List.of(names.getNames());
    } catch (CertificateEncodingException | IllegalArgumentException e) {
      throw new IOException("its alternative names cannot be read", e);
    }
  }

  /**
   * A new certificate, of servers and clients.
   *
   * @param commonName for people
   * @param names what it proves
   */
  Certified sign(String commonName, List<GeneralName> names, Instant now, Duration life) {
    KeyPair keys = keys();
    X509Certificate issuer = authority.leaf();
    Instant end = now.plus(life);
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer.getSubjectX500Principal(),
            serial(),
            from(now),
            Date.from(end.isBefore(authority.notAfter()) ? end : authority.notAfter()),
            name(commonName),
            keys.getPublic());
    try {
      JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(
                  new KeyPurposeId[] {
                    KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                  }))
          .addExtension(
              Extension.subjectAlternativeName,
              false,
              new GeneralNames(names.toArray(GeneralName[]::new)))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              identifiers.createSubjectKeyIdentifier(keys.getPublic()))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              identifiers.createAuthorityKeyIdentifier(issuer.getPublicKey()));
      return new Certified(
          keys.getPrivate(),
          List.of(signed(builder, new KeyPair(issuer.getPublicKey(), authority.key()))));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("no certificate of " + commonName, e);
    }
  }

  private static X509Certificate signed(X509v3CertificateBuilder builder, KeyPair by)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder(SIGNATURE).build(by.getPrivate())));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no keys of elliptic curves", e);
    }
  }

  private static BigInteger serial() {
    return new BigInteger(SERIAL_BITS, RANDOM).add(BigInteger.ONE);
  }

  private static Date from(Instant now) {
    return Date.from(now.minus(BEFORE_NOW));
  }

  private static X500Principal name(String commonName) {
    return new X500Principal("CN=" + commonName + ",O=V-MQTT");
  }

  /** The certificate, in PEM. */
  static String certificatePem(Certified one) {
    try {
      return pem("CERTIFICATE", one.leaf().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that cannot be written", e);
    }
  }

  /** The key, in PKCS#8. */
  static String keyPem(Certified one) {
    return pem("PRIVATE KEY", one.key().getEncoded());
  }

  private static String pem(String type, byte[] der) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(type, der));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
