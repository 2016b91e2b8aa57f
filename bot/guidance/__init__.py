"""The guidance in operation: followed, imported, compared, published, looked back on."""
