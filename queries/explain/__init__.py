"""A post, a material and the signs between them -> a picture that shows a person why it was recognised, or why not."""
