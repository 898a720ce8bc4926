"""What vendors' SDKs speak, translated to our questions and back."""
