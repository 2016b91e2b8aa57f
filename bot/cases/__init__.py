"""Cases: what the support function works on, on pages, on cards and in letters."""
