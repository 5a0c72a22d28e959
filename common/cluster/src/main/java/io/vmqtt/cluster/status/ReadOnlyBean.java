package io.vmqtt.cluster.status;

import java.util.Map;
import java.util.TreeMap;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanException;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import org.jspecify.annotations.Nullable;

/**
 * An MBean whose attributes are what a map has at the moment: the same figures as elsewhere, looked
 * up when somebody asks. None of them can be set.
 */
abstract class ReadOnlyBean implements DynamicMBean {
  private final String description;

  ReadOnlyBean(String description) {
    this.description = description;
  }

  /** Names and values, of types that any JMX client knows. */
  abstract Map<String, Object> values();

  /** What else it can be asked. */
  MBeanOperationInfo[] operations() {
    return new MBeanOperationInfo[0];
  }

  @Override
  public final Object getAttribute(String name) throws AttributeNotFoundException {
    @Nullable Object value = values().get(name);
    if (value == null) {
      throw new AttributeNotFoundException("no attribute " + name);
    }
    return value;
  }

  @Override
  public final AttributeList getAttributes(String[] names) {
    Map<String, Object> values = values();
    AttributeList list = new AttributeList();
    for (String name : names) {
      if (values.containsKey(name)) {
        list.add(new Attribute(name, values.get(name)));
      }
    }
    return list;
  }

  @Override
  public final void setAttribute(Attribute attribute) throws AttributeNotFoundException {
    throw new AttributeNotFoundException(attribute.getName() + " cannot be set");
  }

  /** As for attributes that cannot be set: none was. */
  @Override
  public final AttributeList setAttributes(AttributeList attributes) {
    return new AttributeList();
  }

  @Override
  public @Nullable Object invoke(String name, @Nullable Object[] arguments, String[] signature)
      throws MBeanException {
    throw new IllegalArgumentException("no operation " + name);
  }

  @Override
  public final MBeanInfo getMBeanInfo() {
    MBeanAttributeInfo[] attributes =
        new TreeMap<>(values())
            .entrySet().stream()
                .map(
                    one ->
                        new MBeanAttributeInfo(
                            one.getKey(),
                            one.getValue().getClass().getName(),
                            one.getKey(),
                            true,
                            false,
                            false))
                .toArray(MBeanAttributeInfo[]::new);
    return new MBeanInfo(getClass().getName(), description, attributes, null, operations(), null);
  }
}
