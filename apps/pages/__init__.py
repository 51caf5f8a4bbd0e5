"""Generic pages over the declared record types: lists, forms, record pages, sharing, history, export."""
