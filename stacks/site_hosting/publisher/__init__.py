"""The Lambda function that puts versions of the site into the bucket and says which one is live.

Runs on AWS Lambda with what its Python runtime brings (boto3) and nothing else; imports nothing of the project.
"""
