"""A shopper made of code, who walks the running shop by its pages and forms alone."""
