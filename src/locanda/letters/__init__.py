"""What leaves by mail: ``.eml`` with attachments, cover texts, the one PDF of a credential request, iCalendar (design 3).

Nothing here sends anything or reads a clock: bytes come out, and whoever holds them decides. Import the module that is needed
(``mail``, ``cover``, ``credential_request``, ``single_pdf``, ``calendar``), for each brings its own library.
"""
