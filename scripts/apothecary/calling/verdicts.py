"""What the reads say of a known variant; apart from the calling, since reports ask too."""

FOUND, NOT_FOUND, NOT_ASSESSABLE = "found", "not found", "not assessable"
