package io.vmqtt.cluster.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Private keys as PEM has them: PKCS#8 (RFC 5208), which may be encrypted, and the two older forms
 * that Java does not read, PKCS#1 for RSA (RFC 8017, A.1.2) and SEC1 for elliptic curves (RFC
 * 5915). The older ones become PKCS#8 by a few bytes around them.
 */
final class PrivateKeys {
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----(.*?)-----END \\1-----", Pattern.DOTALL);
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  private static final int INTEGER = 0x02;
  private static final int OCTET_STRING = 0x04;
  private static final int SEQUENCE = 0x30;
  private static final int PARAMETERS = 0xA0;
  private static final byte[] VERSION_0 = {INTEGER, 1, 0};

  /** The identifier of RSA, and no parameters. */
  private static final byte[] RSA = {
    SEQUENCE, 13, 6, 9, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 1, 1, 1, 5, 0
  };

  /** The identifier of keys of elliptic curves. */
  private static final byte[] EC = {6, 7, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 2, 1};

  private PrivateKeys() {}

  /**
   * Reads the first one of a file.
   *
   * @param passphrase null: there is none
   * @throws GeneralSecurityException if there is none that can be read; the message says why
   */
  static PrivateKey read(String pem, @Nullable String passphrase) throws GeneralSecurityException {
    Matcher block = BLOCK.matcher(pem);
    if (!block.find()) {
      throw new InvalidKeyException("no private key in PEM");
    }
    if (block.group(2).contains("Proc-Type")) {
      throw new InvalidKeyException(
          "encrypted in the old way of OpenSSL: 'openssl pkcs8 -topk8' makes PKCS#8 of it");
    }
    byte[] der = decode(block.group(2));
    try {
      return switch (block.group(1)) {
        case "PRIVATE KEY" -> key(der);
        case "RSA PRIVATE KEY" -> key(sequence(VERSION_0, RSA, der(OCTET_STRING, der)));
        case "EC PRIVATE KEY" ->
            key(sequence(VERSION_0, sequence(EC, curve(der)), der(OCTET_STRING, der)));
        case "ENCRYPTED PRIVATE KEY" -> decrypted(der, passphrase);
        default -> throw new InvalidKeyException("a kind of key that is not known");
      };
    } catch (BufferUnderflowException e) {
      throw new InvalidKeyException("a private key that ends too early", e);
    }
  }

  private static byte[] decode(String base64) throws InvalidKeyException {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new InvalidKeyException("a private key that is not in Base64", e);
    }
  }

  /** Whether they are of one pair. */
  static boolean match(PrivateKey key, PublicKey to) throws GeneralSecurityException {
    if (!key.getAlgorithm().equals(to.getAlgorithm())) {
      return false;
    }
    Signature signature =
        Signature.getInstance(
            switch (key.getAlgorithm()) {
              case "RSA" -> "SHA256withRSA";
              case "EC" -> "SHA256withECDSA";
              default -> key.getAlgorithm();
            });
    signature.initSign(key);
    byte[] signed = signature.sign();
    signature.initVerify(to);
    return signature.verify(signed);
  }

  private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        // It is for another algorithm, or none.
      }
    }
    throw new InvalidKeyException("a private key that is not of RSA, EC or EdDSA");
  }

  private static PrivateKey decrypted(byte[] der, @Nullable String passphrase)
      throws GeneralSecurityException {
    if (passphrase == null) {
      throw new InvalidKeyException("the key is encrypted, and there is no passphrase");
    }
    try {
      EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
      AlgorithmParameters parameters = info.getAlgParameters();
      String algorithm =
          parameters != null && info.getAlgName().equals("PBES2")
              ? parameters.toString() // its parts are in them
              : info.getAlgName();
      SecretKey secret =
          SecretKeyFactory.getInstance(algorithm)
              .generateSecret(new PBEKeySpec(passphrase.toCharArray()));
      Cipher cipher = Cipher.getInstance(algorithm);
      cipher.init(Cipher.DECRYPT_MODE, secret, parameters);
      return key(info.getKeySpec(cipher).getEncoded());
    } catch (InvalidKeySpecException e) {
      throw new InvalidKeyException("the passphrase is wrong", e);
    } catch (IOException e) {
      throw new InvalidKeyException("an encrypted key that cannot be read", e);
    }
  }

  /** The identifier of the curve, out of a key in SEC1. */
  private static byte[] curve(byte[] sec1) throws InvalidKeyException {
    ByteBuffer in = ByteBuffer.wrap(sec1);
    in.get();
    length(in);
    while (in.hasRemaining()) {
      int tag = in.get() & 0xFF;
      int length = length(in);
      if (length > in.remaining()) {
        throw new BufferUnderflowException();
      }
      if (tag == PARAMETERS) {
        byte[] curve = new byte[length];
        in.get(curve);
        return curve;
      }
      in.position(in.position() + length);
    }
    throw new InvalidKeyException("a key of an elliptic curve that does not name the curve");
  }

  private static int length(ByteBuffer in) {
    int first = in.get() & 0xFF;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = first & 0x7F; i > 0; i--) {
      length = (length << 8) | (in.get() & 0xFF);
    }
    return length < 0 ? Integer.MAX_VALUE : length;
  }

  private static byte[] sequence(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return der(SEQUENCE, all.toByteArray());
  }

  private static byte[] der(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      out.write(0x82);
      out.write(content.length >> 8);
      out.write(content.length);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }
}
