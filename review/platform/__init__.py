"""What a reviewer of the e-commerce platform wants to see, read from its synthesized templates."""
