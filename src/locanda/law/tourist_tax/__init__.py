"""The tourist tax (imposta di soggiorno): rules as data, one record per guest and night (spec imposta-di-soggiorno 6, 7)."""
