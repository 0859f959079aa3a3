"""What the tests share: builders of mail and archives, and the real servers that they talk to."""
