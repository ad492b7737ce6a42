"""What a pack is made of: tables that are made together, by their subject."""
