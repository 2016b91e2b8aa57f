"""The console's pages about the knowledge base: articles, imports, review, test questions."""
