package io.vmqtt.store.session;

/** A message in a form that the rules carry along and never look into. */
public interface Content {}
