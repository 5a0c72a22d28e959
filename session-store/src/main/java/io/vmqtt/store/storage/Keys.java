package io.vmqtt.store.storage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Keys of tables. */
final class Keys {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Keys() {}

  static byte[] of(long number) {
    byte[] key = new byte[8];
    LONGS.set(key, 0, number);
    return key;
  }

  static byte[] of(long first, long second) {
    byte[] key = new byte[16];
    LONGS.set(key, 0, first);
    LONGS.set(key, 8, second);
    return key;
  }

  static byte[] of(long first, long second, long third) {
    byte[] key = new byte[24];
    LONGS.set(key, 0, first);
    LONGS.set(key, 8, second);
    LONGS.set(key, 16, third);
    return key;
  }

  static byte[] of(long number, byte[] rest) {
    byte[] key = new byte[8 + rest.length];
    LONGS.set(key, 0, number);
    System.arraycopy(rest, 0, key, 8, rest.length);
    return key;
  }

  static long first(byte[] key) {
    return (long) LONGS.get(key, 0);
  }

  static long second(byte[] key) {
    return (long) LONGS.get(key, 8);
  }

  /** Zero where two were written. */
  static long thirdOrZero(byte[] key) {
    return key.length < 24 ? 0 : (long) LONGS.get(key, 16);
  }
}
