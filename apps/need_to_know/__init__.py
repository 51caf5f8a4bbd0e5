"""need_to_know: principals, the row rule, acting_as(), grants, audience preview. The only importer of guardian."""
