"""Alloggiati Web, the guest register of the Polizia di Stato (TULPS art. 109): record, judge, client, simulator."""
