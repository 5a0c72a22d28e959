package io.vmqtt.faultydisk;

/** What a name of a folder may lead to. */
sealed interface DiskNode permits DiskFile, DiskFolder {}
