"""The CDK stacks of this project, the constructs that they compose and the settings that shape them."""
