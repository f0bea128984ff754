"""What CloudFormation would do with a change, template against template: `python -m review.template_diff`."""
