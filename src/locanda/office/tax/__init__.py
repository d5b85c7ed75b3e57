"""The life of the tourist tax in an account (spec imposta-di-soggiorno 7-11): what is owed, receipts, refusals, payments."""
