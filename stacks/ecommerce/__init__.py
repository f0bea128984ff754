"""The multi-region e-commerce platform, layer by layer; docs/ecommerce.md says what is there."""
