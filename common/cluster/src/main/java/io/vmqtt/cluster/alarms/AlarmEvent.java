package io.vmqtt.cluster.alarms;

/**
 * An alarm was raised or cleared.
 *
 * @param isRaised also when one that is active has become worse
 */
public record AlarmEvent(Alarm alarm, boolean isRaised) {}
