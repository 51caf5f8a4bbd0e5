"""Open pages that hear at once when something changed: one stream of events for each browser, at `/events/`.

`pages` are answered by Django in the pool of threads; streams are not, so that hundreds of them take none of its
threads. Over a stream goes that something changed and never what: no id, no count, no text.
"""
