"""What administrators decide: lists, rule values, forms, sentences, settings; what is forgotten."""
