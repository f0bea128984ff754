"""The Lambda function that CloudFront asks where the bucket has no file.

Runs on AWS Lambda with what its Python runtime brings (boto3), and the packages `rules` and `publisher` beside it.
"""
