"""records: the kernel: records, labels, workflow, events, timeline, links, comments, attachments.

No HTTP, no word of any one domain app.
"""
